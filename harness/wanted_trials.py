"""What to try: NAMEs of the command line made into implementations and the places where they run.

NAME is an implementation, a glob of them, a role (all that have it), or a folder with an adapter.toml; behind a slash,
the image inside whose root it is to run, or a glob of images. A folder that is named as something known is told from
that by a slash: ./sender.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from harness import implementation
from harness.implementation import FILE, HERE, ROLES, Implementation


@dataclass(frozen=True)
class WantedTrial:
    implementation: Implementation
    image: str | None  # here, if none
    exact: bool  # asked for by its own name: that it cannot run is then no mere skip

    @property
    def name(self) -> str:
        return f"{self.implementation.name}/{self.image}" if self.image else self.implementation.name


def resolve(name: str, images: Sequence[str], folder: Path = implementation.FOLDER) -> list[WantedTrial]:
    """None where it names no implementation. Raises ImplementationRefused where an adapter.toml is broken."""
    is_folder = bool(name) and (Path(name) / FILE).exists()
    if is_folder and "/" in name:
        return [WantedTrial(implementation.read_folder(Path(name)), None, True)]
    first, _, image_glob = name.partition("/")
    known = implementation.names(folder=folder)
    if first in ROLES:
        chosen = implementation.names(first, folder)
        if not image_glob:  # what has to be booted is asked for by name, or with its images
            chosen = [each for each in chosen if not implementation.read(each, folder).manager]
    else:
        chosen = [each for each in known if fnmatchcase(each, first)]
        if is_folder and not chosen and name not in images:
            return [WantedTrial(implementation.read_folder(Path(name)), None, True)]
    out = []
    for each in chosen:
        found = implementation.read(each, folder)
        for image in _places(found, image_glob, images):
            out.append(WantedTrial(found, image, exact=name in (each, f"{each}/{image}")))
    return out


def _places(found: Implementation, image_glob: str, images: Sequence[str]) -> list[str | None]:
    if not image_glob:
        return [None] if HERE in found.places else list(images)
    if implementation.IMAGE not in found.places:
        return []
    return [image for image in images if fnmatchcase(image, image_glob)]


def unique(found: Iterable[WantedTrial]) -> list[WantedTrial]:
    """Each once, in the order asked for."""
    out: dict[str, WantedTrial] = {}
    for each in found:
        out.setdefault(each.name, each)
    return list(out.values())
