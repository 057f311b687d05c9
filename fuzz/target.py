"""The fuzz targets: what was built, and what stands in the tree for each."""

from __future__ import annotations

import configparser
import re
from dataclasses import dataclass
from pathlib import Path

from harness.judgement import InputRefused

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "fuzz"
BUILD = ROOT / "build" / "fuzz"
DIE_WITH_PARENT = ["setpriv", "--pdeathsig", "KILL"]


@dataclass(frozen=True)
class Target:
    name: str

    @property
    def binary(self) -> Path:
        return BUILD / "fuzz" / f"fuzz_{self.name}"

    @property
    def inputs(self) -> list[Path]:
        """Folders of committed inputs: seeds, what has failed before, and for whole traces the golden ones."""
        found = [each for kind in ("seeds", "regressions") if (each := FOLDER / kind / self.name).is_dir()]
        return found + ([ROOT / "fixtures" / "traces"] if self.name == "boot" else [])

    @property
    def longest(self) -> int:
        """Bytes of an input; as the engines at scale read it."""
        options = configparser.ConfigParser()
        options.read_string((FOLDER / "options" / f"{self.name}.options").read_text(encoding="utf-8"))
        return options.getint("libfuzzer", "max_len")


def names() -> list[str]:
    """The list in CMakeLists.txt, in its order."""
    text = (FOLDER / "CMakeLists.txt").read_text(encoding="utf-8")
    match = re.search(r"set\(NOTIFYSPEC_FUZZ_TARGETS\s+([^)]*)\)", text)
    assert match is not None
    return match[1].split()


def find(wanted: list[str]) -> list[Target]:
    """Those of that name; all, if none is named. Raises InputRefused."""
    known = names()
    for name in wanted:
        if name not in known:
            raise InputRefused(f"fuzz: there is no target {name}: there are {', '.join(known)}")
    return [Target(name) for name in known if not wanted or name in wanted]


def of(path: Path) -> Target:
    """That of an input, as its name says. Raises InputRefused."""
    named = [name for name in names() if path.name.startswith(f"{name}-") or path.parent.name == name]
    if not path.is_file() or not named:
        raise InputRefused(f"fuzz: {path}: no input of a target: TARGET-... or TARGET/... is its name")
    return Target(max(named, key=len))
