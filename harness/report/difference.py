"""Two runs beside each other: what changed of old cases, apart from what is new and what is gone.

Verdicts are taken as they stand; what is said here is only whether one is worse than another. What an expectation
foresees is never worse: its maintainers know of it. Nor is what a suite.lock has not adopted: it is not asked yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from harness.kept_run import RunRefused
from harness.outcome_word import BAD, OPEN
from harness.report.digest import Case, Digest, Subject

NOTHING_SAID = ("skip", "observed", "unsupported")
RANKS = {
    "pass": 0,
    **dict.fromkeys(NOTHING_SAID, 1),
    "warn": 2,
    **dict.fromkeys(OPEN, 3),
    **dict.fromkeys(BAD, 4),
}
MANNERS = ("worse", "better", "other")


@dataclass(frozen=True)
class Change:
    """Of a case that both runs have."""

    old: Case
    new: Case

    @property
    def manner(self) -> str:
        old, new = RANKS[self.old.word], RANKS[self.new.word]
        if (self.new.foreseen and new) or self.new.advisory:
            return "other"
        if new > old:
            # What is merely no longer promised by a text has not become worse.
            return "other" if (self.old.word, self.new.word) == ("pass", "observed") else "worse"
        if new < old and self.new.word in NOTHING_SAID:
            return "other"  # a failure that is no longer asked is not mended
        if new == old and self.old.foreseen and not self.new.foreseen and new > 1:
            return "worse"  # the same failure, which nobody foresees any more
        return "better" if new < old else "other"


@dataclass(frozen=True)
class Pair:
    """One subject in both runs."""

    old: Subject
    new: Subject

    @cached_property
    def changes(self) -> list[Change]:
        both = (
            Change(self.old.cases[id], case) for id, case in self.new.cases.items() if id in self.old.cases
        )
        return [each for each in both if each.old.told != each.new.told]

    @property
    def fresh(self) -> list[Case]:
        return [case for id, case in self.new.cases.items() if id not in self.old.cases]

    @property
    def gone(self) -> list[Case]:
        return [case for id, case in self.old.cases.items() if id not in self.new.cases]


@dataclass(frozen=True)
class Difference:
    old: Digest
    new: Digest

    @cached_property
    def pairs(self) -> list[Pair]:
        names = [name for name in self.new.subjects if name in self.old.subjects]
        return [Pair(self.old.subjects[name], self.new.subjects[name]) for name in names]

    @property
    def versions(self) -> list[tuple[str, str, str]]:
        """Name, old and new version, where these are not the same."""
        return [
            (each.new.name, each.old.version, each.new.version)
            for each in self.pairs
            if each.old.version != each.new.version
        ]

    @property
    def circumstances(self) -> list[tuple[str, str, str]]:
        """What else is not the same in both runs, and may be why verdicts are not."""
        pairs = (
            ("suite", self.old.suite, self.new.suite),
            ("profile", self.old.profile or "none", self.new.profile or "none"),
            ("kernel", self.old.kernel, self.new.kernel),
        )
        return [each for each in pairs if each[1] != each[2]]

    def changes(self, manner: str) -> list[Change]:
        return [change for pair in self.pairs for change in pair.changes if change.manner == manner]

    @property
    def fresh(self) -> list[Case]:
        """New cases of old subjects."""
        return [case for pair in self.pairs for case in pair.fresh]

    @property
    def gone(self) -> list[Case]:
        return [case for pair in self.pairs for case in pair.gone]

    @property
    def new_subjects(self) -> list[Subject]:
        return [each for name, each in self.new.subjects.items() if name not in self.old.subjects]

    @property
    def gone_subjects(self) -> list[tuple[Subject, str]]:
        """With the reason why it came to no outcome, where the new run knows one."""
        why = {name: f"{kind}: {reason}" for kind, name, reason in self.new.left}
        gone = [each for name, each in self.old.subjects.items() if name not in self.new.subjects]
        return [(each, why.get(each.name, "")) for each in gone]

    @property
    def n_gone(self) -> int:
        """Cases, those of subjects that are gone among them."""
        return len(self.gone) + sum(len(each.cases) for each, _ in self.gone_subjects)

    @property
    def broken(self) -> list[str]:
        """Old subjects whose adapter fails now: all of their cases are worse, and none of them is there to say so."""
        return [name for kind, name, _ in self.new.left if kind == "faulty" and name in self.old.subjects]

    @property
    def n_same(self) -> int:
        return sum(len(pair.new.cases) - len(pair.fresh) - len(pair.changes) for pair in self.pairs)

    @property
    def is_worse(self) -> bool:
        return bool(self.changes("worse") or self.broken)


def compare(old: Digest, new: Digest) -> Difference:
    """Raises RunRefused where the two have nothing to compare."""
    for each in (old, new):
        if not each.subjects:
            why = "; ".join(f"{name}: {kind}: {reason}" for kind, name, reason in each.left)
            raise RunRefused(f"{each.folder}: nothing came to an outcome there: nothing to compare. {why}")
    if old.kind != new.kind:
        raise RunRefused(
            f"{old.folder} is a run of {old.kind}, and {new.folder} one of {new.kind}: they cannot be compared"
        )
    found = Difference(old, new)
    common = any(set(each.old.cases) & set(each.new.cases) for each in found.pairs)
    if not common and not found.broken:
        raise RunRefused(
            f"{old.folder} and {new.folder} have no case in common: they cannot be compared. "
            f"The one has {_names(old)}, the other {_names(new)}"
        )
    return found


def tally(cases: Iterable[Case]) -> Counter[str]:
    return Counter(each.told for each in cases)


def _names(digest: Digest, most: int = 5) -> str:
    names: Sequence[str] = list(digest.subjects)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more or "nothing that came to an outcome"
