"""Expectations: what is known to go otherwise in one implementation, and whether that is still true.

An entry speaks of vectors (an id with a slash, or a glob) or of requirements (an id with dots, or a glob). A failure
that an entry foresees does not count against the implementation. But each entry must be true: one that a pass, or
anything else that is no failure, gives the lie to, one that matches nothing, and one whose date is past are named, and
turn the run to exit code 3. A failure of another kind than foreseen counts as if nobody had foreseen it. Nothing is
read or run here.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

OUTCOMES = ("fail", "warn", "unsupported", "crash", "hang", "nonsense")
SKIPS = ("skip", "unsupported")  # words of a result that proves nothing
GOOD = ("pass", *SKIPS)
CONDITIONS = ("version", "transport", "kernel", "profile")
LONGEST_REASON = 160

Grade = Mapping[str, Any]


@dataclass(frozen=True)
class Expectation:
    ids: tuple[str, ...]
    outcome: str
    reason: str
    link: str = ""
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by condition, globs: one must match
    until: datetime.date | None = None  # the last day on which it is believed

    def binds(self, circumstances: Mapping[str, str]) -> bool:
        return all(
            any(fnmatchcase(circumstances.get(name, ""), glob) for glob in globs)
            for name, globs in self.when.items()
        )


@dataclass(frozen=True)
class Result:
    """Of one vector: what came of it in one word of OUTCOMES, "pass", or "skip" where it proves nothing."""

    vector: str
    requirements: tuple[str, ...]
    word: str
    seen: str = ""


@dataclass
class Account:
    foreseen: dict[str, Expectation] = field(default_factory=dict)  # by vector
    troubles: list[str] = field(default_factory=list)  # each makes the baseline untrue


def results(grades: Iterable[Grade], outcomes: Iterable[Mapping[str, Any]]) -> list[Result]:
    """From the lines of `notifyspec grade` and of the outcome file; what was not put has none."""
    kinds = {line["vector"]: line for line in outcomes if "vector" in line}
    out = []
    for grade in grades:
        if "vector" not in grade or grade["vector"] not in kinds:
            continue
        line = kinds[grade["vector"]]
        kind = line["outcome"]
        word = grade["verdict"] if kind == "concluded" else kind
        # What no text promises fails nobody, and what does not bind nobody either.
        if grade["verdict"] == "skip" and kind != "unsupported":
            word = "skip"
        seen = line.get("reason") or grade.get("seen", "")
        out.append(Result(grade["vector"], tuple(grade["requirements"]), word, seen))
    return out


def judge(
    expectations: Sequence[Expectation],
    found: Sequence[Result],
    known: Iterable[str],
    circumstances: Mapping[str, str],
    today: datetime.date,
    partial: Collection[str] = (),
) -> Account:
    """`known`: all ids of vectors and requirements that there are, put or not. `partial`: requirements of which not all
    vectors were put, so that what an entry says of some may be true of the others."""
    known = set(known)
    account = Account()
    for entry in expectations:
        if not entry.binds(circumstances):
            continue
        if entry.until is not None and entry.until < today:
            account.troubles.append(f"expired on {entry.until}: {', '.join(entry.ids)} ({entry.reason})")
        for name in entry.ids:
            if not any(fnmatchcase(each, name) for each in known):
                account.troubles.append(f"stale: {name} matches nothing")
                continue
            matched = _matched(name, found)
            account.foreseen |= {each.vector: entry for each in matched if each.word == entry.outcome}
            if _is_vector(name) or not any(fnmatchcase(each, name) for each in partial):
                account.troubles += _untrue(name, entry, matched, found)
    return account


def _is_vector(name: str) -> bool:
    return "/" in name


def _matched(name: str, found: Iterable[Result]) -> list[Result]:
    if _is_vector(name):
        return [each for each in found if fnmatchcase(each.vector, name)]
    return [each for each in found if any(fnmatchcase(each_, name) for each_ in each.requirements)]


def _untrue(name: str, entry: Expectation, matched: Sequence[Result], found: Sequence[Result]) -> list[str]:
    """An entry of vectors speaks of each of them, one of a requirement of some of its vectors."""
    good = [each for each in matched if each.word in ("pass", "skip")]
    if _is_vector(name):
        if not matched and (parts := [each for each in found if each.vector.startswith(f"{name}/")]):
            return _came_to_parts(name, entry, parts)
        return [f"unexpected {each.word}: {each.vector}, expected {entry.outcome}" for each in good]
    if matched and len(good) == len(matched):
        word = "pass" if any(each.word == "pass" for each in good) else "skip"
        return [f"unexpected {word}: {name}, expected {entry.outcome}"]
    return []


def _came_to_parts(name: str, entry: Expectation, parts: Sequence[Result]) -> list[str]:
    """A case of proxies has a result as a whole only where it came to nothing (a hang, say); else each requirement has
    one. What of them is not met counts by itself."""
    words = {each.word for each in parts}
    if not words <= {"pass", "skip"}:
        return []
    return [f"unexpected {'pass' if 'pass' in words else 'skip'}: {name}, expected {entry.outcome}"]


def renewed(
    expectations: Sequence[Expectation],
    found: Sequence[Result],
    known: Iterable[str],
    circumstances: Mapping[str, str],
    today: datetime.date,
    partial: Collection[str] = (),
) -> list[Expectation]:
    """Entries with which the same run is true: what of the old ones still is, and new ones for a person to edit."""
    known = set(known)
    kept = []
    for entry in expectations:
        if not entry.binds(circumstances):
            kept.append(entry)
            continue
        lasting = replace(entry, until=None) if entry.until and entry.until < today else entry
        ids = tuple(
            name
            for name in entry.ids
            if _is_true(replace(lasting, ids=(name,)), found, known, today, partial)
        )
        if ids:
            kept.append(replace(lasting, ids=ids))
    account = judge(kept, found, known, circumstances, today, partial)
    fresh: dict[tuple[str, str], list[str]] = {}
    for each in found:
        if each.word in OUTCOMES and each.vector not in account.foreseen:
            reason = " ".join(each.seen.split())[:LONGEST_REASON]
            fresh.setdefault((each.word, reason), []).append(each.vector)
    return kept + [
        Expectation(tuple(ids), word, f"not looked into yet; seen: {reason}")
        for (word, reason), ids in fresh.items()
    ]


def _is_true(
    entry: Expectation,
    found: Sequence[Result],
    known: Iterable[str],
    today: datetime.date,
    partial: Collection[str],
) -> bool:
    return not judge([replace(entry, when={})], found, known, {}, today, partial).troubles
