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
    made = folder / "changed.o"
    changed = folder.joinpath(*Path(bug.file).parts[1:])
    changed.parent.mkdir(parents=True, exist_ok=True)
    text = (ROOT / bug.file).read_text(encoding="utf-8")
    for find, put in bug.changes:
        text = text.replace(find, put)
    changed.write_text(text, encoding="utf-8")
    # A header changes the target, which includes it; another source is compiled in its own place.
    source = _own(bug) if changed.suffix == ".h" else ROOT / bug.file
    command = _compile_command(bug, source)
    words = [str(made) if word.endswith(".o") else word for word in command]
    if changed.suffix != ".h":
        words = [str(changed) if word == str(source) else word for word in words]
    first = next(place for place, word in enumerate(words) if word.startswith("-I"))
    call = [*words[:first], f"-I{folder}", *words[first:], f"-I{source.parent}"]
    subprocess.run(call, cwd=BUILD, check=True, capture_output=True, text=True)
    subprocess.run(_link_command(bug, made), cwd=BUILD, check=True, capture_output=True, text=True)


def _own(bug: Bug) -> Path:
    return FOLDER / f"{bug.target.name}_fuzz.cc"


def _compile_command(bug: Bug, source: Path) -> list[str]:
    for entry in json.loads((BUILD / "compile_commands.json").read_text(encoding="utf-8")):
        if Path(entry["file"]) == source and "notifyspec.dir" not in entry["command"]:
            return shlex.split(entry["command"])
    raise InputRefused(f"{LIST}: {bug.name}: {source} is not compiled")


def _link_command(bug: Bug, made: Path) -> list[str]:
    """That of the target: with the changed object in the place of its own, or else before the first library."""
    done = subprocess.run(
        ["ninja", "-t", "commands", f"fuzz/fuzz_{bug.target.name}"],
        cwd=BUILD,
        check=True,
        capture_output=True,
        text=True,
    )
    words = [word for word in shlex.split(done.stdout.splitlines()[-1]) if word not in (":", "&&")]
    words[words.index("-o") + 1] = str(bug.binary)
    if bug.file.endswith(".h"):
        return [str(made) if word.endswith(f"/{_own(bug).name}.o") else word for word in words]
    first = next(place for place, word in enumerate(words) if word.endswith(".a"))
    return [*words[:first], str(made), *words[first:]]
