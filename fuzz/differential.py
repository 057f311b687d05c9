"""Real systemd code against the model of it and against the documents, on every datagram that the suite has.

What libsystemd-shared of a cached image exports is loaded inside that image's own root: the splitter, and from 258 on
the receive path, which gets fds, too, and must close them, must say who sent, and must drop what has lost something on
the way. Where it differs from the model of that version, the model is wrong. Where it differs from the documents,
known_disagreements.toml must name the requirement that speaks of it, and what it names must occur.
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

from rich.console import Console

from fuzz import corpus, seeds
from fuzz.target import FOLDER, ROOT, Target
from harness.exit_code import ExitCode
from vm import image as images
from vm.environment import EnvironmentUnfit
from vm.image import Image
from vm.inside import inside

PROGRAM = ROOT / "build" / "release" / "systemd-reading"
TARGETS = ("datagram", "lines", "service", "socket")
LIST = FOLDER / "known_disagreements.toml"
VERSIONS = (252, 254, 257, 262)
UNFIT = 5


@dataclass
class Differential:
    compared: int = 0
    of_others: int = 0  # datagrams that another process or user sent
    lost: int = 0  # those of which something did not come: fds, or who sends
    receives: bool = False  # whether the receive path was asked, and not the splitter alone
    known: dict[str, int] = field(default_factory=dict)  # by requirement, how often
    wrong: list[str] = field(default_factory=list)  # sentences: each fails


def main(console: Console) -> list[ExitCode]:
    """Of each version that is here, on what the campaigns have found, too."""
    codes = []
    grown = [corpus.folder(Target(each)) for each in TARGETS]
    for version in VERSIONS:
        try:
            found = run(images.find(str(version)), more=grown)
        except EnvironmentUnfit as unfit:
            console.print(f"systemd {version}: skipped: {unfit.reason}", highlight=False, markup=False)
            continue
        listed = ", ".join(f"{count} {name}" for name, count in found.known.items())
        wrong = len(found.wrong)
        words = f"systemd {version}: {found.compared} datagrams, {wrong} wrong; listed: {listed}"
        console.print("\n  ".join([words, *found.wrong]), highlight=False, markup=False, soft_wrap=True)
        codes.append(ExitCode.DOES_NOT_CONFORM if found.wrong else ExitCode.CONFORMS)
    return codes


def known(major: int) -> list[dict[str, Any]]:
    rows = tomllib.loads(LIST.read_text(encoding="utf-8"))["disagreement"]
    return [each for each in rows if major in each["systemd"]]


def scenarios(folder: Path, more: Sequence[Path]) -> list[Path]:
    """Each a file of its own: committed inputs, and what fixtures give. A datagram is a scenario of one."""
    for kind in ("datagram", "socket"):
        seeds.write(kind, folder / kind)
    sources = [each for name in TARGETS for each in Target(name).inputs] + [
        each for each in more if each.is_dir()
    ]
    for number, source in enumerate(sources):
        shutil.copytree(source, folder / f"{number}-{source.parent.name}-{source.name}")
    return sorted(each for each in folder.rglob("*") if each.is_file())


def run(
    image: Image, rows: Sequence[dict[str, Any]] | None = None, more: Sequence[Path] = ()
) -> Differential:
    """`more`: folders of scenarios besides. Raises EnvironmentUnfit where the image has no such library, or where
    nothing can be run inside it."""
    libraries = sorted(image.root.glob(f"usr/lib/*/systemd/libsystemd-shared-{image.major}*.so"))
    if image.major not in VERSIONS or not libraries:
        raise EnvironmentUnfit(f"systemd {image.major} shows no splitter", f"one of {VERSIONS}")
    rows = known(image.major) if rows is None else rows
    with tempfile.TemporaryDirectory(prefix="notifyspec-", dir="/tmp") as name, image.in_use():
        share = Path(name)
        (share / "scenarios").mkdir()
        inputs = scenarios(share / "scenarios", more)
        program = shutil.copy2(PROGRAM, share)
        library = "/" + str(libraries[0].relative_to(image.root))
        call = inside(image.root, share, [program, library, f"systemd-{image.major}", *inputs])
        done = subprocess.run(call, capture_output=True, text=True, check=False)
        if done.returncode == UNFIT:
            raise EnvironmentUnfit(done.stderr.strip(), "an image whose systemd is whole")
        if done.returncode != 0:
            last = "; ".join(done.stderr.splitlines()[-2:])
            return Differential(wrong=[f"systemd's code ended the process ({done.returncode}): {last}"])
        return _told([json.loads(line) for line in done.stdout.splitlines()], rows)


def _told(lines: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]]) -> Differential:
    out = Differential()
    for line in lines:
        if "compared" in line:
            out.compared, out.of_others = line["compared"], line["of_others"]
            out.lost, out.receives = line["lost"], line["receives"]
            continue
        where = Path(line["input"])
        if "fault" in line:
            out.wrong.append(f"{where.name}: of {line['datagram']}: {line['fault']}")
            continue
        told = f"{where.name}: systemd has {_text(line['theirs'])}, the {line['with']} {_text(line['ours'])}"
        payload = bytes.fromhex(line["datagram"]).removesuffix(b"\0")
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
