"""What to boot: NAMEs of the command line made into pairs of image and scenario."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

DEFAULT = ("257/halt", "262/halt", "257/vm-poweroff")
DEFAULT_SCENARIO = "halt"


class UnknownName(Exception):
    """A NAME that matches nothing: a typing mistake must not look like a success."""


@dataclass(frozen=True)
class Wanted:
    image: str
    scenario: str

    @property
    def name(self) -> str:
        return f"{self.image}/{self.scenario}"


def resolve(names: Iterable[str], images: Sequence[str], scenarios: Sequence[str]) -> list[Wanted]:
    """In the order asked for, each once. A NAME is IMAGE or IMAGE/SCENARIO; both may be globs."""
    found: dict[str, Wanted] = {}
    for name in names:
        image_glob, _, scenario_glob = name.partition("/")
        matches = [
            Wanted(image, scenario)
            for image in images
            if fnmatchcase(image, image_glob)
            for scenario in scenarios
            if fnmatchcase(scenario, scenario_glob or DEFAULT_SCENARIO)
        ]
        if not matches:
            raise UnknownName(_advice(name, [f"{image}/{each}" for image in images for each in scenarios]))
        found |= {match.name: match for match in matches}
    return list(found.values())


def _advice(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else "see ./run gate --list"
    return f"{name!r} names no boot; {hint}"
