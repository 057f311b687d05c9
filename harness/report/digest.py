"""A run as it lies on disk, in the few things that every report says of it: subjects, and what came of their cases.

Read from run.json and the JSON lines that it names, of boots, implementations and proxies alike. Whatever is wrong with
the folder is RunRefused, by name of the file; nothing is decided here.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness import kept_run
from harness.kept_run import RunRefused
from harness.outcome_word import BAD, OPEN, in_order
from harness.page.run import Requirement
from harness.page.run_directory import requirements
from harness.page.trial_run import LEFT
from vm import installation

KINDS = ("boots", "implementations", "proxies")

Line = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """What came of one case of one subject: of a boot, one requirement; of an implementation, one vector."""

    subject: str
    id: str
    requirements: tuple[str, ...]
    level: str
    word: str
    expected: str = ""
    seen: str = ""
    again: str = ""  # the command that shows it again
    foreseen: str = ""  # why it was expected so
    advisory: bool = False  # newer than the user's suite.lock

    @property
    def told(self) -> str:
        """As run.json counts."""
        lead = "new " if self.advisory else "expected " if self.foreseen else ""
        return f"{lead}{self.word}"

    @property
    def is_apart(self) -> bool:
        """Nobody holds it against the implementation: it is foreseen, or was not adopted yet."""
        return self.advisory or bool(self.foreseen)

    @property
    def is_bad(self) -> bool:
        return self.word in BAD and not self.is_apart

    @property
    def is_open(self) -> bool:
        return self.word in OPEN and not self.is_apart

    @property
    def is_news(self) -> bool:
        """Would be bad if it were adopted."""
        return self.advisory and self.word in (*BAD, *OPEN, "warn")


@dataclass(frozen=True)
class Subject:
    name: str
    version: str
    about: str  # its role, or where it was booted
    cases: Mapping[str, Case]
    troubles: tuple[
        str, ...
    ] = ()  # what is not true of its expectations, or why it was not played to its end
    seconds: float = 0
    hung: bool = False  # a boot, at its deadline

    @property
    def counts(self) -> Counter[str]:
        """What is not as it should be first."""
        return in_order(Counter(each.told for each in self.cases.values()))


@dataclass(frozen=True)
class Digest:
    folder: Path
    kind: str
    suite: str
    started: str
    profile: str
    kernel: str
    exit_code: int
    subjects: Mapping[str, Subject]
    left: tuple[tuple[str, str, str], ...]  # kind, name, reason of what came to no outcome
    requirements: Mapping[str, Requirement] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()  # why the run as a whole is worse than that

    @property
    def cases(self) -> Iterator[Case]:
        for subject in self.subjects.values():
            yield from subject.cases.values()


def read(folder: Path) -> Digest:
    """Raises RunRefused."""
    run = kept_run.read(folder)
    kind = next((each for each in KINDS if run.get(each)), KINDS[0])
    try:
        subjects = [_READERS[kind](folder, entry) for entry in run.get(kind, [])]
    except (KeyError, TypeError, AttributeError):
        kept_run.require_lines(folder, run)  # says which line
        raise
    left = [(name, each["name"], each["reason"]) for name in LEFT for each in run.get(name, [])]
    return Digest(
        folder,
        kind,
        run["suite"],
        run["started"],
        run.get("profile") or "",
        run["host"]["kernel"],
        run["exit_code"],
        {each.name: each for each in subjects},
        tuple(left),
        _requirements(folder),
        tuple(run.get("remarks", ())),
    )


def _requirements(folder: Path) -> dict[str, Requirement]:
    path = folder / "requirements.jsonl"
    try:
        return {each.id: each for each in requirements(path)} if path.exists() else {}
    except ValueError as wrong:
        raise RunRefused(str(wrong)) from None


def _boot(folder: Path, entry: Line) -> Subject:
    name = entry["name"]
    again = shlex.join([*installation.call_from_here(), f"{entry['image']}/{entry['scenario']}"])
    cases = {}
    for line in kept_run.lines(kept_run.file(folder, entry, "verdicts")):
        observed = line["verdict"] == "skip" and "seen" in line
        cases[line["requirement"]] = Case(
            name,
            line["requirement"],
            (line["requirement"],),
            line["level"],
            "observed" if observed else line["verdict"],
            line.get("expected", ""),
            line.get("seen") or line.get("reason", ""),
            again,
            advisory=line.get("advisory", False),
        )
    about = f"{entry['vantage']} over {entry['transport']}"
    troubles = (entry["trouble"],) if entry.get("trouble") else ()
    hung = entry["outcome"] == "hung"
    return Subject(name, entry["systemd"], about, cases, troubles, entry["seconds"], hung)


def _implementation(folder: Path, entry: Line) -> Subject:
    name = entry["name"]
    cases = {}
    for line in kept_run.lines(kept_run.file(folder, entry, "results")):
        cases[line["vector"]] = Case(
            name,
            line["vector"],
            tuple(line["requirements"]),
            line.get("level", ""),
            "observed" if line["word"] == "skip" else line["word"],
            line.get("expected", ""),
            line["seen"],
            line.get("again", ""),
            line.get("foreseen", {}).get("reason", ""),
            line.get("advisory", False),
        )
    for vector in entry.get("unput", ()):
        cases[vector] = Case(name, vector, (), "", "not put", seen="it hung too often")
    role = entry.get("role", "proxy")
    return Subject(name, entry["version"], role, cases, tuple(entry["expectations"]), entry["seconds"])


_READERS = {"boots": _boot, "implementations": _implementation, "proxies": _implementation}
