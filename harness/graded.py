"""The outcomes of one implementation, graded, and held to what is expected of it: one exit code, and the words for it.

A crash or a hang at a vector does not meet it; the exit code tells it from a wrong answer. What an expectation foresees
counts as run and not as failed.
"""

from __future__ import annotations

import datetime
import platform
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from harness import expectations, expectations_file, judgement
from harness.exit_code import ExitCode, worst
from harness.expectations import GOOD, SKIPS, Account, Result
from harness.implementation import Implementation
from harness.outcome_word import in_order
from harness.suite_lock import NOTHING_COUNTS, SuiteLock
from harness.vectors import vector
from harness.vectors.outcomes import Outcomes
from harness.vectors.vector import Vector

TRANSPORT = "unix-dgram"
ADAPTER_FAILURES = ("crash", "hang", "nonsense")
STYLES = {"fail": "bold red", "warn": "yellow", "hang": "bold red", "crash": "bold red", "nonsense": "yellow"}


@dataclass
class Graded:
    name: str
    implementation: Implementation
    outcomes: Outcomes
    grades: list[expectations.Grade]
    results: list[Result]
    account: Account
    seconds: float
    proof: Mapping[str, str]  # by case, what it came to; empty where the adapter was not asked
    asked: Sequence[str]  # ids of what it was put before
    advisory: frozenset[str] = frozenset()  # of the results, what is newer than the user's suite.lock

    @property
    def file(self) -> str:
        return self.name.replace("/", "-")

    @property
    def unput(self) -> list[str]:
        """Vectors without an outcome."""
        had = {each.vector for each in self.results}
        return [each["vector"] for each in self.grades if "vector" in each and each["vector"] not in had]

    @property
    def apart(self) -> set[str]:
        """Results that nobody holds against it: foreseen, or newer than what was adopted."""
        return {*self.account.foreseen, *self.advisory}

    @property
    def bad(self) -> list[Result]:
        """What nobody has foreseen."""
        return [each for each in self.results if each.word not in GOOD and each.vector not in self.apart]

    @property
    def news(self) -> list[Result]:
        """What would be bad if it were adopted."""
        return [each for each in self.results if each.vector in self.advisory and each.word not in GOOD]

    @property
    def exercised(self) -> int:
        """Cases of which something was learnt."""
        return sum(each.word not in SKIPS for each in self.results)

    @property
    def remarks(self) -> list[str]:
        """That nothing counts of what was run, where a lock has adopted none of it."""
        return [f"{self.name}: {NOTHING_COUNTS}"] if self.exercised and not self.counted else []

    @property
    def counted(self) -> bool:
        """Whether something was learnt that was adopted."""
        return any(each.word not in SKIPS and each.vector not in self.advisory for each in self.results)

    @property
    def unforeseen_skips(self) -> list[Result]:
        return [each for each in self.results if each.word == "unsupported" and each.vector not in self.apart]

    @property
    def code(self) -> ExitCode:
        codes = [ExitCode.CONFORMS] if self.counted else []
        words = {each.word for each in self.bad}
        # What is booted has no adapter: there it is the implementation itself that crashes or hangs.
        broke = bool(words & set(ADAPTER_FAILURES))
        if "fail" in words or (broke and self.implementation.manager):
            codes.append(ExitCode.DOES_NOT_CONFORM)
        elif broke:
            codes.append(ExitCode.ADAPTER)
        if self.unput:
            codes.append(ExitCode.ENVIRONMENT)
        if self.account.troubles:
            codes.append(ExitCode.BASELINE)
        return worst(codes)

    @property
    def counts(self) -> Counter[str]:
        """In the words of a run: expected ones apart, and new ones."""
        counts = Counter(f"{self._lead(each.vector)}{each.word}" for each in self.results)
        counts["observed"] = counts.pop("skip", 0)
        counts["not put"] = len(self.unput)
        return in_order(+counts)

    def _lead(self, vector: str) -> str:
        if vector in self.advisory:
            return "new "
        return "expected " if vector in self.account.foreseen else ""


def circumstances(version: str, profile: str | None) -> dict[str, str]:
    return {
        "version": version,
        "transport": TRANSPORT,
        "kernel": platform.release(),
        "profile": profile or "",
    }


def grade(
    outcomes: Outcomes,
    name: str,
    implementation: Implementation,
    vectors: Sequence[Vector],
    out: Path,
    profile: str | None,
    *,
    seconds: float = 0,
    proof: Mapping[str, str] | None = None,
    strict: bool = False,
    lock: SuiteLock | None = None,
) -> Graded:
    """Lays the outcomes down in `out`, and holds them to the suite and to what is expected of this implementation."""
    file = outcomes.write(out / "outcomes" / f"{name.replace('/', '-')}.jsonl")
    grades = judgement.grade(
        file, vector.FOLDER, *options([each.id for each in vectors], outcomes.role, profile)
    )
    found = expectations.results(grades, outcomes.all)
    asked = [each.id for each in vectors]
    advisory = frozenset() if lock is None else frozenset(asked) - lock.cases
    every = vector.read(outcomes.role)
    account = hold(
        implementation,
        [each for each in found if each.vector not in advisory],
        ids_of(every),
        circumstances(outcomes.version, profile),
        strict=strict,
        lock=lock,
        partial=vector.partial(every, asked),
    )
    return Graded(
        name, implementation, outcomes, grades, found, account, seconds, proof or {}, asked, advisory
    )


def hold(
    implementation: Implementation,
    found: Sequence[Result],
    known: Sequence[str],
    when: Mapping[str, str],
    *,
    strict: bool,
    lock: SuiteLock | None,
    partial: Collection[str] = (),
) -> Account:
    """What was found, to what is expected of it; and the lock to what there is."""
    expected = [] if strict else expectations_file.read(implementation.folder)
    account = expectations.judge(expected, found, known, when, datetime.date.today(), partial)
    if lock is not None:
        account.troubles += [f"{lock.path.name}: there is no case {each}" for each in lock.unknown()]
    return account


def options(asked: Sequence[str], role: str, profile: str | None) -> list[str]:
    """For `notifyspec grade`."""
    whole = len(asked) == len(vector.read(role))
    only = [] if whole else [f"--only={each}" for each in asked]
    return [*only, *(["--profile", profile] if profile else [])]


def known_ids(role: str) -> list[str]:
    return ids_of(vector.read(role))


def ids_of(vectors: Sequence[Vector]) -> list[str]:
    """Theirs, and those of their requirements."""
    requirements = {name for each in vectors for name in each.requirements}
    return [*(each.id for each in vectors), *sorted(requirements)]


def tell_remarks(remarks: Sequence[str], console: Console) -> None:
    """Why a run as a whole is worse than what it is made of."""
    for each in remarks:
        console.print(Text(each, style="yellow"))


def tell(graded: Graded, lead: str, console: Console) -> None:
    """One line, and of what is not as it should be, each."""
    counts = ", ".join(f"{count} {word}" for word, count in graded.counts.items())
    head = f"{lead}{answer(graded.code)} ({graded.outcomes.version}, {graded.seconds:.1f} s): {counts}"
    console.print(Text(head), soft_wrap=True)
    expected = {each["vector"]: each for each in graded.grades if "vector" in each}
    for result in graded.bad:
        console.print(
            Text(f"  {result.word}: {result.vector}", style=STYLES.get(result.word, "")), soft_wrap=True
        )
        if text := expected[result.vector].get("expected"):
            console.print(Text(f"    expected: {text}"), soft_wrap=True)
        console.print(Text(f"    seen:     {result.seen}"), soft_wrap=True)
    entries = Counter(
        (entry.outcome, entry.reason)
        for entry in graded.account.foreseen.values()
        if entry.outcome != "unsupported"
    )
    for (outcome, reason), count in entries.items():
        console.print(Text(f"  expected {outcome}: {count} vectors: {reason}", style="dim"), soft_wrap=True)
    reasons = Counter(each.seen for each in graded.unforeseen_skips)
    for reason, count in reasons.most_common():
        console.print(Text(f"  skip: {count} vectors: {reason}", style="dim"), soft_wrap=True)
    if graded.news:
        names = ", ".join(f"{each.vector} ({each.word})" for each in graded.news)
        console.print(
            Text(f"  new since suite.lock, not held against it: {names}", style="yellow"), soft_wrap=True
        )
    if graded.unput:
        console.print(
            Text(f"  not put: {len(graded.unput)} vectors: it hung too often", style="yellow"), soft_wrap=True
        )
    for trouble in graded.account.troubles:
        console.print(Text(f"  expectations: {trouble}", style="yellow"), soft_wrap=True)


def answer(code: ExitCode) -> str:
    words = {
        ExitCode.CONFORMS: "conforms",
        ExitCode.DOES_NOT_CONFORM: "does not conform",
        ExitCode.BASELINE: "not as expected",
        ExitCode.ADAPTER: "its adapter failed",
        ExitCode.NOTHING_RAN: "nothing ran",
        ExitCode.INTERRUPTED: "interrupted; everything that was started is gone",
    }
    return words.get(code, f"no answer (exit code {int(code)})")


def write_expectations(graded: Graded, known: Sequence[str], profile: str | None) -> Path:
    """`known`: all that an expectation of its role can speak of."""
    folder = graded.implementation.folder
    entries = expectations.renewed(
        expectations_file.read(folder),
        graded.results,
        known,
        circumstances(graded.outcomes.version, profile),
        datetime.date.today(),
        vector.partial(vector.read(graded.outcomes.role), graded.asked),
    )
    return expectations_file.write(folder, entries)
