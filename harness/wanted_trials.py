"""What to try: NAMEs of the command line made into implementations and the places where they run.

NAME is an implementation, a glob of them, a role (all that have it), or a folder with an adapter.toml; behind a slash,
the image inside whose root it is to run, or a glob of images. As a program it tells `./run` what a run of NAMEs needs,
before anything is installed: the first line `boots`, `here` or `image`, then implementation and package, one pair a
line.
"""

from __future__ import annotations

import sys
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
    if "/" in name and (Path(name) / FILE).exists():
        return [WantedTrial(implementation.read_folder(Path(name)), None, True)]
    first, _, image_glob = name.partition("/")
    known = implementation.names(folder=folder)
    if first in ROLES:
        chosen = implementation.names(first, folder)
    else:
        chosen = [each for each in known if fnmatchcase(each, first)]
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


def _needs(names: Sequence[str]) -> list[str]:
    from vm.recipe import recipes  # not needed to import the module

    found = [resolve(name, list(recipes())) for name in names]
    if not names or not all(found):
        return ["boots"]
    trials = unique(each for some in found for each in some)
    lines = ["image" if any(each.image for each in trials) else "here"]
    return lines + [
        f"{each.implementation.name} {package}"
        for each in trials
        if each.exact and each.image is None
        for package in each.implementation.packages
    ]


if __name__ == "__main__":
    try:
        print("\n".join(_needs([each for each in sys.argv[1:] if not each.startswith("-")])))
    except implementation.ImplementationRefused as refused:
        sys.exit(str(refused))
