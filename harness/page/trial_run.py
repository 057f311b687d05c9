"""A run of implementations as it lies on disk, read for its page; what is wrong is a ValueError that names the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.expectations import GOOD
from harness.page.run import Requirement
from harness.page.run_directory import FORMAT, object_of, requirements, text_of

APART = frozenset(("foreseen", "advisory"))  # members of a result that nobody holds against it
LEFT = ("faulty", "broken", "skipped")

Line = Mapping[str, Any]


@dataclass(frozen=True)
class Foreseen:
    """Vectors that one entry of expectations.toml explains."""

    outcome: str
    reason: str
    link: str
    results: Sequence[Line]


@dataclass(frozen=True)
class Tried:
    """One implementation: `entry` is its member of run.json."""

    entry: Line
    results: Sequence[Line]
    requirements: Mapping[str, Line]  # by id, those that its vectors name
    grades: Mapping[str, Line]  # by vector

    @property
    def name(self) -> str:
        return str(self.entry["name"])

    @property
    def bad(self) -> dict[str, list[Line]]:
        """What nobody has foreseen, by its first requirement."""
        found: dict[str, list[Line]] = {}
        for each in self.results:
            if each["word"] not in GOOD and not APART & each.keys():
                found.setdefault(each["requirements"][0], []).append(each)
        return found

    @property
    def n_bad(self) -> int:
        return sum(map(len, self.bad.values()))

    def told(self, most: int) -> list[tuple[str, list[Line]]]:
        """The first of them."""
        out = []
        for name, results in self.bad.items():
            if some := results[: max(0, most)]:
                out.append((name, some))
            most -= len(results)
        return out

    @property
    def foreseen(self) -> list[Foreseen]:
        groups: dict[tuple[str, str, str], list[Line]] = {}
        for each in self.results:
            if entry := each.get("foreseen"):
                key = (entry["outcome"], entry["reason"], entry.get("link", ""))
                groups.setdefault(key, []).append(each)
        found = [Foreseen(*key, results) for key, results in groups.items()]
        return sorted(found, key=lambda each: each.outcome in GOOD)

    @property
    def cannot(self) -> dict[str, list[Line]]:
        """By reason, what it does not support and nobody has foreseen."""
        found: dict[str, list[Line]] = {}
        for each in self.results:
            if each["word"] == "unsupported" and "foreseen" not in each:
                found.setdefault(each["seen"], []).append(each)
        return found


@dataclass(frozen=True)
class TrialRun:
    run: Line
    tried: Sequence[Tried]
    left: Sequence[tuple[str, str, str]]  # kind, name, reason of what came to no outcome
    requirements: Sequence[Requirement]  # those that a vector of this run names
    cases: Sequence[Line]  # the vectors that were put

    @property
    def case_ids(self) -> list[str]:
        return [str(each["vector"]) for each in self.cases]


def read(folder: Path) -> TrialRun:
    path = folder / "run.json"
    run = object_of(path, text_of(path))
    if run.get("format") != FORMAT:
        raise ValueError(f"{path}: format {run.get('format')!r}, where only {FORMAT} can be read")
    try:
        tried = [_tried(folder, entry) for entry in run["implementations"]]
        left = [(kind, each["name"], each["reason"]) for kind in LEFT for each in run.get(kind, [])]
        named = {name for each in tried for name in each.requirements}
        there = [each for each in requirements(folder / "requirements.jsonl") if each.id in named]
        cases = _lines(folder / "cases.jsonl") if tried else []
    except (KeyError, TypeError, AttributeError) as wrong:
        raise ValueError(
            f"{path}: {wrong} is missing or of another kind, there or in a file that it names"
        ) from None
    return TrialRun(run, tried, left, there, cases)


def _tried(folder: Path, entry: Line) -> Tried:
    graded = _lines(folder / entry["grades"])
    met = {line["requirement"]: line for line in graded if "requirement" in line}
    grades = {line["vector"]: line for line in graded if "vector" in line}
    return Tried(entry, _lines(folder / entry["results"]), met, grades)


def _lines(path: Path) -> list[Line]:
    lines = enumerate(text_of(path).split("\n"), 1)
    return [object_of(f"{path}:{number}", line) for number, line in lines if line]
