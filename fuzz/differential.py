"""Real systemd code against the model of it and against the documents, on every datagram that the suite has.

What libsystemd-shared of a cached image splits with is loaded inside that image's own root. Where it differs from the
model of that version, the model is wrong. Where it differs from the documents, known_disagreements.toml must name the
requirement that speaks of it, and what it names must occur.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fuzz import seeds
from fuzz.target import FOLDER, ROOT, Target
from vm.environment import EnvironmentUnfit
from vm.image import Image
from vm.inside import inside

PROGRAM = ROOT / "build" / "release" / "systemd-split"
LIST = FOLDER / "known_disagreements.toml"
VERSIONS = (257, 262)  # whose library has the function


@dataclass
class Differential:
    compared: int = 0
    known: dict[str, int] = field(default_factory=dict)  # by requirement, how often
    wrong: list[str] = field(default_factory=list)  # sentences: each fails


def known(major: int) -> list[dict[str, Any]]:
    rows = tomllib.loads(LIST.read_text(encoding="utf-8"))["disagreement"]
    return [each for each in rows if major in each["systemd"]]


def datagrams(folder: Path, more: Sequence[Path]) -> list[Path]:
    """Each a file of its own: committed inputs, and what fixtures give."""
    seeds.write("datagram", folder)
    for source in [
        *Target("datagram").inputs,
        *Target("lines").inputs,
        *(each for each in more if each.is_dir()),
    ]:
        for path in source.iterdir():
            shutil.copy(path, folder / f"{source.parent.name}-{source.name}-{path.name}")
    return sorted(folder.iterdir())


def run(
    image: Image, rows: Sequence[dict[str, Any]] | None = None, more: Sequence[Path] = ()
) -> Differential:
    """`more`: folders of datagrams besides. Raises EnvironmentUnfit where the image has no such library, or where
    nothing can be run inside it."""
    libraries = sorted(image.root.glob(f"usr/lib/*/systemd/libsystemd-shared-{image.major}*.so"))
    if image.major not in VERSIONS or not libraries:
        raise EnvironmentUnfit(f"systemd {image.major} shows no splitter", f"one of {VERSIONS}")
    rows = known(image.major) if rows is None else rows
    with tempfile.TemporaryDirectory(prefix="notifyspec-", dir="/tmp") as name, image.in_use():
        share = Path(name)
        (share / "datagrams").mkdir()
        inputs = datagrams(share / "datagrams", more)
        program = shutil.copy2(PROGRAM, share)
        library = "/" + str(libraries[0].relative_to(image.root))
        call = inside(image.root, share, [program, library, f"systemd-{image.major}", *inputs])
        done = subprocess.run(call, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise EnvironmentUnfit(f"systemd-split: {done.stderr.strip()}", "./run build release")
        return _told([json.loads(line) for line in done.stdout.splitlines()], rows)


def _told(lines: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]]) -> Differential:
    out = Differential()
    for line in lines:
        if "compared" in line:
            out.compared = line["compared"]
            continue
        where = Path(line["input"])
        told = f"{where.name}: systemd has {_text(line['theirs'])}, the {line['with']} {_text(line['ours'])}"
        payload = where.read_bytes().removesuffix(b"\0")
        row = next((each for each in rows if re.search(each["bytes"].encode(), payload)), None)
        if line["with"] == "model" or row is None:
            out.wrong.append(told)
        else:
            out.known[row["requirement"]] = out.known.get(row["requirement"], 0) + 1
    gone = [each["requirement"] for each in rows if each["requirement"] not in out.known]
    out.wrong += [f"{LIST.name}: {name} does not occur any more" for name in gone]
    return out


def _text(lines: Sequence[str] | None) -> str:
    return "nothing" if lines is None else repr([bytes.fromhex(each) for each in lines])
