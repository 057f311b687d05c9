"""Where the project is: a source tree with its build beside it, or installed, as installed.toml tells.

All that differs between the two is here: where programs are found, where runs are left, and how the gate is called.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = "notifyspec-runs"
RECORD = "installed.toml"  # written by `cmake --install`, beside `harness` and `vm`


@dataclass(frozen=True)
class Installation:
    gate: tuple[str, ...]  # how people call it
    commands: Path  # notifyspec, notifyspec-vsock
    programs: Path  # what is planted in systems under test, and the adapters
    remedy: str  # where one of them is not there
    runs: Path  # where a run without --out is left; of an installed gate below the folder that it is called from
    runs_shown: str
    made: Path  # what is made of implementations before they are put to the test


def read(root: Path = ROOT) -> Installation:
    record = root / RECORD
    if record.exists():
        return installed(root, **tomllib.loads(record.read_text()))
    build = root / "build" / "release"
    remedy = "cmake --preset release && cmake --build --preset release --target "
    return Installation(
        ("./run", "gate"), build, build, remedy, root / "out" / "gate", "out/gate", build / "implementations"
    )


def installed(root: Path, commands: str = "", programs: str = "") -> Installation:
    """The places are relative to `root`."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "notifyspec"
    remedy = "installing notifyspec anew: what it was installed with is not all there"
    places = ((root / commands).resolve(), (root / programs).resolve())
    return Installation(("notifyspec-gate",), *places, remedy, Path(RUNS), RUNS, cache / "made")


def call_from_here() -> list[str]:
    """How the gate is called from the folder that we were called from."""
    if HERE.gate[0] != "./run":
        return [*HERE.gate]
    return [seen_from_here(ROOT / "run"), *HERE.gate[1:]]


def seen_from_here(path: Path) -> str:
    """With a slash in it, so that it is taken for no name of something known."""
    place = os.path.relpath(path)
    return place if "/" in place else f"./{place}"


HERE = read()
GATE = " ".join(HERE.gate)
