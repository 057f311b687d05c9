"""The corpus of a target: the inputs that its campaigns have kept, in a folder that grows and outlives them.

What a campaign that was killed has left beside it is looked after when the next one begins.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from fuzz import finding, seeds, target
from fuzz.target import ROOT, Target
from harness.judgement import InputRefused

OUT = ROOT / "out" / "fuzz"
SHORT = 2048  # bytes, of an input that is worth keeping in the tree


def folder(one: Target) -> Path:
    return OUT / "corpora" / one.name / "corpus"


def findings() -> Path:
    return OUT / "findings"


def prepare(one: Target) -> list[Path]:
    """Has the folder with what the fixtures give; what is no file in it is refused.

    Found are inputs on which a campaign stopped that was killed before it could say so.
    """
    own = folder(one)
    own.mkdir(parents=True, exist_ok=True)
    for each in own.iterdir():
        if not each.is_file():
            raise InputRefused(f"fuzz: {each}: a corpus holds files alone: move it away")
    seeds.write(one.name, own)
    return finding.left_behind(one, own.parent, findings())


def adopt(one: Target) -> int:
    """Puts into the tree the fewest short inputs that reach edges which no committed one reaches, and counts them."""
    with tempfile.TemporaryDirectory(prefix="notifyspec-adopt-") as name:
        reach, short = Path(name) / "reach", Path(name) / "short"
        for to, paths in ((reach, _files(*one.inputs)), (short, _files(folder(one)))):
            to.mkdir()
            for path in paths:
                if to is reach or path.stat().st_size <= SHORT:
                    shutil.copy(path, to)
        before = set(os.listdir(reach))
        options = ["-set_cover_merge=1", "-use_counters=0", *finding.limits(one)]
        call = list(map(str, [one.binary, *options, reach, short]))
        subprocess.run(call, check=True, capture_output=True)
        new = set(os.listdir(reach)) - before
        for each in new:
            shutil.copy(reach / each, target.FOLDER / "seeds" / one.name)
    return len(new)


def _files(*folders: Path) -> list[Path]:
    return [path for each in folders for path in each.rglob("*") if path.is_file()]
