"""Planted bugs (planted.toml): each is built into the target that is to find it.

The changed source is compiled as the build compiles it, and linked before the libraries that hold the right one.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fuzz.target import BUILD, FOLDER, ROOT, Target
from harness.judgement import InputRefused

LIST = FOLDER / "planted.toml"


@dataclass(frozen=True)
class Bug:
    name: str
    target: Target
    file: str
    changes: tuple[tuple[str, str], ...]
    what: str

    @property
    def binary(self) -> Path:
        return BUILD / "planted" / self.name / f"fuzz_{self.target.name}"


def read(wanted: list[str]) -> list[Bug]:
    """All, or those named. Raises InputRefused, also for a change that has lost its place."""
    bugs = [_bug(entry) for entry in tomllib.loads(LIST.read_text(encoding="utf-8"))["bug"]]
    for name in wanted:
        if name not in {each.name for each in bugs}:
            raise InputRefused(
                f"fuzz: no bug {name} is planted: there are {', '.join(each.name for each in bugs)}"
            )
    return [each for each in bugs if not wanted or each.name in wanted]


def _bug(entry: dict[str, Any]) -> Bug:
    changes = [(each["find"], each["put"]) for each in (entry, entry.get("also")) if each]
    bug = Bug(entry["name"], Target(entry["target"]), entry["file"], tuple(changes), entry["what"])
    text = (ROOT / bug.file).read_text(encoding="utf-8")
    for find, _ in bug.changes:
        if text.count(find) != 1:
            raise InputRefused(f"{LIST}: {bug.name}: {find!r} stands {text.count(find)} times in {bug.file}")
    return bug


def build(bug: Bug) -> None:
    """Raises subprocess.CalledProcessError with what the compiler said."""
    folder = bug.binary.parent
    folder.mkdir(parents=True, exist_ok=True)
    text = (ROOT / bug.file).read_text(encoding="utf-8")
    for find, put in bug.changes:
        text = text.replace(find, put)
    source, made = folder / Path(bug.file).name, folder / "changed.o"
    source.write_text(text, encoding="utf-8")
    compile_ = [_replaced(word, source, made, bug) for word in _compile_command(bug)]
    subprocess.run(
        [*compile_, f"-I{(ROOT / bug.file).parent}"], cwd=BUILD, check=True, capture_output=True, text=True
    )
    subprocess.run(_link_command(bug, made), cwd=BUILD, check=True, capture_output=True, text=True)


def _compile_command(bug: Bug) -> list[str]:
    for entry in json.loads((BUILD / "compile_commands.json").read_text(encoding="utf-8")):
        if Path(entry["file"]) == ROOT / bug.file and "notifyspec.dir" not in entry["command"]:
            return shlex.split(entry["command"])
    raise InputRefused(f"{LIST}: {bug.name}: {bug.file} is not compiled")


def _replaced(word: str, source: Path, made: Path, bug: Bug) -> str:
    if word.endswith(".o"):
        return str(made)
    return str(source) if word == str(ROOT / bug.file) else word


def _link_command(bug: Bug, made: Path) -> list[str]:
    """That of the target, with the changed object before the first library."""
    done = subprocess.run(
        ["ninja", "-t", "commands", f"fuzz/fuzz_{bug.target.name}"],
        cwd=BUILD,
        check=True,
        capture_output=True,
        text=True,
    )
    words = [word for word in shlex.split(done.stdout.splitlines()[-1]) if word not in (":", "&&")]
    words[words.index("-o") + 1] = str(bug.binary)
    first = next(place for place, word in enumerate(words) if word.endswith(".a"))
    return [*words[:first], str(made), *words[first:]]
