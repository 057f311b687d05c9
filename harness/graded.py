"""The outcomes of one implementation, graded, and held to what is expected of it: one exit code, and the words for it.

A crash or a hang at a vector does not meet it; the exit code tells it from a wrong answer. What an expectation foresees
counts as run and not as failed.
"""

from __future__ import annotations

import datetime
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from harness import expectations, expectations_file, judgement
from harness.exit_code import ExitCode, worst
from harness.expectations import Account, Result
from harness.implementation import Implementation
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

    @property
    def file(self) -> str:
        return self.name.replace("/", "-")

    @property
    def unput(self) -> list[str]:
        """Vectors without an outcome."""
        had = {each.vector for each in self.results}
        return [each["vector"] for each in self.grades if "vector" in each and each["vector"] not in had]

    @property
    def bad(self) -> list[Result]:
        """What nobody has foreseen."""
        return [
            each
            for each in self.results
            if each.word not in ("pass", "skip", "unsupported") and each.vector not in self.account.foreseen
        ]

    @property
    def unforeseen_skips(self) -> list[Result]:
        return [
            each
            for each in self.results
            if each.word == "unsupported" and each.vector not in self.account.foreseen
        ]

    @property
    def code(self) -> ExitCode:
        codes = [ExitCode.CONFORMS for each in self.results if each.word not in ("skip", "unsupported")][:1]
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
        """In the words of a run: expected ones apart."""
        counts = Counter(
            f"expected {each.word}" if each.vector in self.account.foreseen else each.word
            for each in self.results
        )
        counts["observed"] = counts.pop("skip", 0)
        counts["not put"] = len(self.unput)
        return +counts


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
) -> Graded:
    """Lays the outcomes down in `out`, and holds them to the suite and to what is expected of this implementation."""
    file = outcomes.write(out / "outcomes" / f"{name.replace('/', '-')}.jsonl")
    grades = judgement.grade(file, vector.FOLDER, *options(vectors, outcomes.role, profile))
    found = expectations.results(grades, outcomes.all)
    account = expectations.judge(
        [] if strict else expectations_file.read(implementation.folder),
        found,
        known_ids(outcomes.role),
        circumstances(outcomes.version, profile),
        datetime.date.today(),
    )
    return Graded(name, implementation, outcomes, grades, found, account, seconds, proof or {})


def options(vectors: Sequence[Vector], role: str, profile: str | None) -> list[str]:
    """For `notifyspec grade`."""
    all_of_them = vector.read(role)
    only = [] if len(vectors) == len(all_of_them) else [f"--only={each.id}" for each in vectors]
    return [*only, *(["--profile", profile] if profile else [])]


def known_ids(role: str) -> list[str]:
    vectors = vector.read(role)
    requirements = {name for each in vectors for name in each.content["requirements"]}
    return [*(each.id for each in vectors), *sorted(requirements)]


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
    )
    return expectations_file.write(folder, entries)
