"""The confirmation: what systemd concludes, beside what vectors allow and record, and what the model says."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness import judgement
from harness.exit_code import ExitCode, worst
from harness.vectors.vector import FOLDER, Vector

Grade = dict[str, Any]
TEXT_LEVELS = ("must", "should")


@dataclass
class Confirmation:
    """Of one implementation. Grades are lines of `notifyspec grade`, of vectors."""

    name: str
    vectors: Sequence[Vector]
    grades: Sequence[Grade]
    version: str | None = None  # of a real systemd: what the vectors record by that name is compared
    model: Sequence[Grade] = ()  # of the model of that version, against what it concluded itself
    unasked: Collection[str] = ()  # vectors that nobody can put before it
    ours: Mapping[str, str] = field(default_factory=dict)  # those that a fault of ours kept from an outcome
    differs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.version is not None:
            now = self.conclusions()
            for vector in self._answered():
                recorded = None if vector.id in self.unasked else vector.recorded(self.version)
                if recorded != now.get(vector.id):
                    self.differs.append(
                        f"{vector.id}: recorded {_told(recorded)}, seen {_told(now.get(vector.id))}"
                    )

    def _answered(self) -> list[Vector]:
        return [vector for vector in self.vectors if vector.id not in self.ours]

    def conclusions(self) -> dict[str, dict[str, Any]]:
        """What differs from the defaults, of each vector that it can be asked about."""
        return {
            grade["vector"]: grade["conclusion"]
            for grade in self.grades
            if "conclusion" in grade and grade["vector"] not in self.unasked
        }

    def keep(self) -> None:
        now = self.conclusions()
        for vector in self._answered():
            assert self.version is not None
            vector.keep(self.version, now.get(vector.id))
        self.differs.clear()

    def code(self) -> ExitCode:
        found = [ExitCode.CONFORMS] if self.grades else []
        if any(grade["verdict"] == "fail" for grade in self.grades):
            found.append(ExitCode.DOES_NOT_CONFORM)
        if any(grade["verdict"] == "inconclusive" for grade in [*self.grades, *self.model]):
            found.append(ExitCode.ENVIRONMENT)
        # What we say of systemd, in vectors and in the model, is no longer true.
        if self.differs or any(grade["verdict"] == "fail" for grade in self.model):
            found.append(ExitCode.BASELINE)
        return worst(found)

    def cells(self) -> list[str]:
        by_text = [grade for grade in self.grades if grade["level"] in TEXT_LEVELS and not _unbound(grade)]
        observed = [
            grade for grade in self.grades if grade["level"] == "observed" and "as_described" in grade
        ]
        agree = [grade for grade in self.model if grade["verdict"] == "pass"]
        asked = [grade for grade in self.model if grade["verdict"] != "skip"]
        return [
            self.name,
            str(len(self.grades)),
            str(len(self.conclusions())),
            _of([grade for grade in by_text if grade.get("as_described")], by_text),
            _of([grade for grade in observed if grade["as_described"]], observed),
            _of(agree, asked) if self.model else "-",
            str(len(self.differs)) if self.version else "-",
        ]


def grade(outcomes: Path, *options: str | Path) -> list[Grade]:
    """The grades of the vectors."""
    lines = judgement.grade(outcomes, FOLDER, *options)
    return [line for line in lines if "vector" in line]


def show(all_of_them: Sequence[Confirmation], console: Console) -> None:
    table = Table(box=None, pad_edge=False)
    heads = ("", "vectors", "observable", "by text", "as observed", "model", "not as recorded")
    for head in heads:
        table.add_column(head, justify="left" if not head else "right", no_wrap=True)
    for each in all_of_them:
        table.add_row(*each.cells())
    console.print(table)
    for each in all_of_them:
        for grade_ in each.grades:
            if grade_["vector"] in each.ours:
                _explain(
                    f"{each.name}: inconclusive", grade_ | {"reason": each.ours[grade_["vector"]]}, console
                )
            elif grade_["verdict"] in ("fail", "warn", "inconclusive"):
                _explain(f"{each.name}: {grade_['verdict']}", grade_, console)
            elif _unasked(grade_):
                console.print(Text(f"{each.name}: not asked: {grade_['vector']}: {grade_['reason']}"))
        for grade_ in each.model:
            if grade_["verdict"] in ("fail", "inconclusive"):
                _explain(f"{each.name}: the model differs", grade_, console)
        for words in each.differs:
            console.print(Text(f"{each.name}: not as recorded: {words}"))


def _explain(head: str, line: Grade, console: Console) -> None:
    console.print(Text(f"{head}: {line['vector']}"))
    for word in ("expected", "seen", "reason"):
        if word in line:
            console.print(Text(f"  {word + ':':<9} {line[word]}"))


def _unasked(line: Grade) -> bool:
    """It came to nothing, though nothing is wrong: what was asked cannot be done."""
    return "as_described" not in line and line["verdict"] == "skip"


def _unbound(line: Grade) -> bool:
    return line["verdict"] == "skip"


def _of(some: Sequence[Grade], whole: Sequence[Grade]) -> str:
    return f"{len(some)}/{len(whole)}"


def _told(conclusion: dict[str, Any] | None) -> str:
    if conclusion is None:
        return "nothing"
    return ", ".join(f"{member} {value!r}" for member, value in conclusion.items()) or "all as it was"
