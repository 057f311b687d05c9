"""An implementation under test: the folder with its adapter.toml, and how its adapter is started.

It runs here, with what this machine has, or inside the root of an image: its adapter is then copied into the folder
that both sides see. What must be made first is made once, and again where a source is newer.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from harness import tool
from vm.environment import EnvironmentUnfit
from vm.image import Image
from vm.inside import inside
from vm.installation import GATE, seen_from_here

FOLDER = Path(__file__).with_name("implementations")
FILE = "adapter.toml"
SHARED = {"{caller}": FOLDER / "caller.py"}  # wherever the suite is
OWN_PLACES = ("{folder}", "{made}", "{notifyspec}")
ROLES = ("sender", "receiver", "proxy")
HERE, IMAGE = "here", "image"
PLACES = (HERE, IMAGE)
LISTS = ("command", "places", "packages", "needs", "make", "documented")
TEXTS = ("role", "program", "layer", "manager")
WORDS_OF_A_FAILURE = 400


class ImplementationRefused(Exception):
    """adapter.toml is not what it should be: the file and the member are named."""


@dataclass(frozen=True)
class Implementation:
    name: str
    folder: Path
    role: str
    program: str = ""  # that our own build makes; or:
    # {folder} is the one of adapter.toml, {made} the one that `make` fills, {notifyspec} our tool, {caller} our adapter
    # for a program that only makes calls.
    command: Sequence[str] = ()
    places: Sequence[str] = (HERE,)
    packages: Sequence[str] = ()
    needs: Sequence[str] = ()  # globs below the root, one of which must be there
    make: Sequence[str] = ()  # run once before
    manager: str = ""  # system or user: no adapter, but the systemd of an image, booted
    layer: str = ""  # package whose commands a proxy is, in the version of an image; the adapter runs here
    documented: Sequence[str] = ()  # requirements of a proxy that its own documentation promises

    @property
    def made(self) -> Path:
        """Of this folder alone: another one of the same name is another implementation."""
        return tool.MADE / f"{self.name}-{hashlib.sha256(bytes(self.folder)).hexdigest()[:12]}"

    def asked(self, name: str) -> str:
        """The NAME of the command line, from where this run was called; `name`: its own, with its image."""
        return name if self.folder.parent == FOLDER else seen_from_here(self.folder)

    def start_here(self) -> list[str]:
        """The same for what speaks for something in an image, and runs here."""
        return self._here()

    def start(self, image: Image | None, share: Path) -> list[str]:
        """The call that starts the adapter. Raises EnvironmentUnfit where it cannot run there."""
        if image is None:
            return self._here()
        if IMAGE not in self.places:
            raise EnvironmentUnfit(f"{self.name} does not run inside an image", f"{GATE} {self.name}")
        self._require(image.root, f"image {image.name}", "another image")
        if self.program:
            return inside(image.root, share, [shutil.copy2(tool.adapter(self.program), share)])
        copied = share / "implementation"
        shutil.copytree(self.folder, copied, dirs_exist_ok=True)
        return inside(image.root, share, self._filled(self.command, copied))

    def _here(self) -> list[str]:
        if HERE not in self.places:
            raise EnvironmentUnfit(
                f"{self.name} runs inside an image only", f"the name of one: {self.name}/257"
            )
        self._require(Path("/"), "this machine", self._remedy)
        if self.program:
            return [str(tool.adapter(self.program))]
        self._make()
        call = self._filled(self.command, self.folder)
        if shutil.which(call[0]) is None:
            if Path(call[0]).is_file():
                raise EnvironmentUnfit(f"{call[0]} is not executable", f"chmod +x {call[0]}")
            raise EnvironmentUnfit(f"{call[0]} is not installed", self._remedy)
        return call

    @property
    def _remedy(self) -> str:
        if self.packages:
            return f"apt-get install {' '.join(self.packages)}"
        return f"install it, and name the Debian packages that have it as `packages` in {self.folder / FILE}"

    def _require(self, root: Path, whose: str, remedy: str) -> None:
        if self.needs and not any(found for each in self.needs for found in root.glob(each)):
            raise EnvironmentUnfit(f"{whose} has no {' or '.join(self.needs)}", remedy)

    def _filled(self, words: Sequence[str], folder: Path) -> list[str]:
        own = (folder, self.made, tool.COMMANDS / "notifyspec")
        places = dict(zip(OWN_PLACES, own, strict=True)) | SHARED
        return [_replaced(word, places) for word in words]

    def _make(self) -> None:
        if not self.make:
            return
        stamp = self.made / ".made"
        newest = max(path.stat().st_mtime_ns for path in self.folder.rglob("*"))
        if stamp.exists() and stamp.stat().st_mtime_ns >= newest:
            return
        self.made.mkdir(parents=True, exist_ok=True)
        call = self._filled(self.make, self.folder)
        try:
            done = subprocess.run(
                call, cwd=self.folder, capture_output=True, text=True, stdin=subprocess.DEVNULL
            )
        except FileNotFoundError:
            raise EnvironmentUnfit(f"{call[0]} is not installed", self._remedy) from None
        if done.returncode != 0:
            said = (done.stderr.strip() or done.stdout.strip())[-WORDS_OF_A_FAILURE:]
            words = said or f"exit code {done.returncode}, without a word"
            raise EnvironmentUnfit(f"{self.name} could not be made: {words}", " ".join(call))
        stamp.touch()


def _replaced(word: str, places: Mapping[str, Path]) -> str:
    for name, place in places.items():
        word = word.replace(name, str(place))
    return word


def read(name: str, folder: Path = FOLDER) -> Implementation:
    """The one of that name. Raises ImplementationRefused."""
    return read_folder(folder / name)


def read_folder(folder: Path) -> Implementation:
    """Raises ImplementationRefused."""
    path = folder / FILE

    def refuse(reason: str) -> ImplementationRefused:
        return ImplementationRefused(f"{path}: {reason}")

    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as failure:
        raise refuse(failure.strerror or str(failure)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as failure:
        raise refuse(str(failure)) from None
    for member, value in table.items():
        if wrong := _wrong(member, value):
            raise refuse(f"{member}: {wrong}")
    if "role" not in table:
        raise refuse("role: missing")
    if sum(each in table for each in ("program", "command", "manager")) != 1:
        raise refuse("command: one of it and program must be there")
    return Implementation(folder.resolve().name, folder.resolve(), **table)


def _wrong(member: str, value: Any) -> str:
    """Why that member cannot stand there; empty where it can."""
    if member in LISTS:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            return "an array of strings expected"
        if member in ("places", "command") and not value:
            return "it is empty"
        if member == "places" and not set(value) <= set(PLACES):
            return f"{' or '.join(PLACES)} expected"
        return _misspelt(value) if member in ("command", "make") else ""
    if member not in TEXTS:
        return f"unknown; there are {', '.join((*TEXTS, *LISTS))}"
    if not isinstance(value, str) or not value:
        return "a string expected"
    if member == "manager" and value not in ("system", "user"):
        return "system or user expected"
    return f"{' or '.join(ROLES)} expected" if member == "role" and value not in ROLES else ""


def _misspelt(words: Sequence[str]) -> str:
    """Braces are also what awk and shells have; what is nearly one of ours is meant to be."""
    known = [*OWN_PLACES, *SHARED]
    for name in (found for word in words for found in re.findall(r"\{\w+\}", word)):
        if name not in known and (meant := get_close_matches(name, known, 1, 0.7)):
            return f"there is no {name}: did you mean {meant[0]}?"
    return ""


def names(role: str | None = None, folder: Path = FOLDER) -> list[str]:
    """All of that role, or of any."""
    found = sorted(path.parent.name for path in folder.glob(f"*/{FILE}"))
    return [name for name in found if role is None or read(name, folder).role == role]


def owner(name: str, role: str) -> Implementation:
    """Whose expectations hold for what a run has kept; one that is not of the suite has none here."""
    folder = FOLDER / name.partition("/")[0]
    return read_folder(folder) if (folder / FILE).exists() else Implementation(name, folder, role)
