"""The verdict matrix: requirements down, what was judged across, grouped as a reader looks for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from harness.page.frame import anchor
from harness.page.run import LEVELS, Boot, Requirement, Run

GROUPS = (
    "hostname machine-id signals-level unit ready reload shutdown notify-socket initrd credential"
    " sender receiver device"
).split()


@dataclass(frozen=True)
class Column:
    name: str
    label: str  # its name in the head, where the head above it says the rest
    notes: tuple[str, ...] = ()  # below the label
    where: str = ""  # its name where no head is to be seen


@dataclass(frozen=True)
class Cell:
    column: Column
    word: str = ""  # none: it was not judged by that requirement
    goal: str = ""  # to what in the page it leads
    said: str = ""  # beside the word


@dataclass(frozen=True)
class Line:
    requirement: Requirement
    cells: tuple[Cell, ...]

    @property
    def words(self) -> list[str]:
        """Each verdict once."""
        return sorted({cell.word for cell in self.cells if cell.word})

    @property
    def tally(self) -> str:
        """How many of each."""
        return ", ".join(
            f"{count} {word}"
            for word, count in Counter(each.word for each in self.cells if each.word).items()
        )


@dataclass(frozen=True)
class Group:
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Matrix:
    groups: tuple[Group, ...]
    heads: tuple[tuple[str, tuple[Column, ...]], ...]  # columns under what they have in common

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(column for _, columns in self.heads for column in columns)


def matrices(run: Run) -> tuple[Matrix, Matrix]:
    """What the texts require, and what was merely observed, by boot."""
    columns = {boot.name: _column(boot) for boot in run.boots}
    heads = tuple(
        (f"{'systemd ' if len(boots) > 1 else ''}{systemd}", tuple(columns[boot.name] for boot in boots))
        for systemd, boots in (
            (key, list(some)) for key, some in groupby(run.boots, lambda each: each.systemd)
        )
    )
    verdicts = {boot.name: {each.requirement: each.word for each in boot.verdicts} for boot in run.boots}
    lines = [
        Line(each, tuple(_cell(columns[name], words, each.id) for name, words in verdicts.items()))
        for each in run.requirements
        if any(each.id in words for words in verdicts.values())
    ]
    promised = _groups(line for line in lines if line.requirement.level != "observed")
    observed = _groups(line for line in lines if line.requirement.level == "observed")
    return Matrix(promised, heads), Matrix(observed, heads)


def _column(boot: Boot) -> Column:
    return Column(boot.name, boot.label, (f"{boot.vantage},", boot.transport), boot.where)


def _cell(column: Column, words: dict[str, str], requirement: str) -> Cell:
    if requirement not in words:
        return Cell(column)
    return Cell(column, words[requirement], goal=f"{anchor(column.name)}/{anchor(requirement)}")


def by_level(lines: Sequence[Line]) -> tuple[Group, ...]:
    found = {level: tuple(line for line in lines if line.requirement.level == level) for level in LEVELS}
    return tuple(Group(level, some) for level, some in found.items() if some)


def _groups(lines: Iterable[Line]) -> tuple[Group, ...]:
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(_group(line.requirement.id), []).append(line)
    names = sorted(groups, key=lambda name: GROUPS.index(name) if name in GROUPS else len(GROUPS))
    return tuple(Group(name, tuple(groups[name])) for name in names)


def _group(requirement: str) -> str:
    """boot.machine-id.sent is of machine-id, boot.identity-before-units of the boot as a whole, device.half-close of
    the device."""
    role, *parts = requirement.split(".")
    if role != "boot":
        return role
    return parts[0] if len(parts) > 1 else "boot as a whole"
