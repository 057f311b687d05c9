"""What to boot: NAMEs of the command line made into pairs of image and scenario."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from harness.exit_code import ExitCode
from vm.installation import GATE

DEFAULT = ("257/halt", "262/halt", "257/vm-poweroff")
DEFAULT_SCENARIO = "halt"


class UnknownName(Exception):
    """A NAME that matches nothing, or does not go with the others: a typing mistake must not look like a success."""

    code = ExitCode.USAGE


class NothingMatches(UnknownName):
    """A glob is no mistake of typing; but of what it leaves over nothing is run."""

    code = ExitCode.NOTHING_RAN


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
            raise unmatched(name, [*images, *(f"{image}/{each}" for image in images for each in scenarios)])
        found |= {match.name: match for match in matches}
    return list(found.values())


def unmatched(name: str, known: Sequence[str]) -> UnknownName:
    """What to raise for a NAME that is none of those known."""
    if set(name) & set("*?["):
        return NothingMatches(f"{name!r} matches nothing; see {GATE} --list")
    if name.startswith(("/", "./", "../")):
        return UnknownName(f"there is no folder {name!r}")
    near = " or ".join(difflib.get_close_matches(name, known, n=3))
    hint = f"did you mean {near}?" if near else f"see {GATE} --list"
    return UnknownName(f"{name!r} is no boot and no implementation; {hint}")
