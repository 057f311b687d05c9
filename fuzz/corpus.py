"""The corpus of a target: the inputs that its campaigns have kept, in a folder that grows and outlives them.

What a campaign that was killed has left beside it is looked after when the next one begins.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from fuzz import afl, finding, seeds, target
from fuzz.engine import last_words
from fuzz.finding import ARTIFACT
from fuzz.target import DIE_WITH_PARENT, ROOT, Target
from harness.judgement import InputRefused
from vm.environment import EnvironmentUnfit

OUT = ROOT / "out" / "fuzz"
MERGED = "merged-"  # how the name begins of a corpus that is being made smaller
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
    for each in own.parent.glob(f"{MERGED}*"):
        shutil.rmtree(each)
    seeds.write(one.name, own, one.longest)
    afl.take_back(own)
    return finding.left_behind(one, own.parent, findings())


def too_long(one: Target) -> int:
    """How many inputs are longer than the target takes: only so much of each is read."""
    return sum(each.stat().st_size > one.longest for each in folder(one).iterdir())


def merge(one: Target) -> tuple[int, int]:
    """Leaves in the corpus the fewest inputs that reach the same; how many there were, and are.

    Whenever it is ended, the corpus still has what it had reached. An input that ends the target is put beside it.
    """
    own = folder(one)
    before = list(own.iterdir())
    with tempfile.TemporaryDirectory(prefix=MERGED, dir=own.parent) as name:
        smaller = Path(name)
        options = ["-merge=1", f"-artifact_prefix={own.parent}/{ARTIFACT}", *finding.limits(one)]
        call = list(map(str, [*DIE_WITH_PARENT, one.binary, *options, smaller, own]))
        done = subprocess.run(call, capture_output=True, text=True, errors="replace", check=False)
        kept = {each.name for each in smaller.iterdir()}
        if done.returncode != 0 or not kept:
            words = last_words(done.stderr, done.returncode)
            raise EnvironmentUnfit(f"{one.name}: not merged: {words}", f"./run fuzz {one.name}")
        for each in kept:
            (smaller / each).replace(own / each)
    for each in before:
        if each.name not in kept:
            each.unlink()
    return len(before), len(kept)


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
        call = list(map(str, [*DIE_WITH_PARENT, one.binary, *options, reach, short]))
        subprocess.run(call, check=True, capture_output=True)
        new = set(os.listdir(reach)) - before
        for each in new:
            shutil.copy(reach / each, target.FOLDER / "seeds" / one.name)
    return len(new)


def _files(*folders: Path) -> list[Path]:
    return [path for each in folders for path in each.rglob("*") if path.is_file()]
