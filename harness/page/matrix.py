"""The verdict matrix: requirements down, boots across, grouped as a reader looks for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from harness.page.run import Boot, Requirement, Run, Verdict

GROUPS = (
    "hostname machine-id signals-level unit ready reload shutdown notify-socket initrd credential"
    " sender receiver device"
).split()


@dataclass(frozen=True)
class Cell:
    boot: Boot
    verdict: Verdict | None  # None: this boot was not judged by that requirement


@dataclass(frozen=True)
class Line:
    requirement: Requirement
    cells: tuple[Cell, ...]

    @property
    def words(self) -> str:
        return " ".join(sorted({cell.verdict.word for cell in self.cells if cell.verdict}))


@dataclass(frozen=True)
class Group:
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Matrix:
    promised: tuple[Group, ...]
    observed: tuple[Group, ...]
    columns: tuple[tuple[str, tuple[Boot, ...]], ...]  # boots under the systemd that they have in common
    boots: tuple[Boot, ...]


def matrix(run: Run) -> Matrix:
    columns = tuple(
        (systemd, tuple(boots)) for systemd, boots in groupby(run.boots, key=lambda boot: boot.systemd)
    )
    verdicts = {boot.name: {each.requirement: each for each in boot.verdicts} for boot in run.boots}
    lines = [
        Line(each, tuple(Cell(boot, verdicts[boot.name].get(each.id)) for boot in run.boots))
        for each in run.requirements
        if any(each.id in found for found in verdicts.values())
    ]
    return Matrix(
        promised=_groups(line for line in lines if line.requirement.level != "observed"),
        observed=_groups(line for line in lines if line.requirement.level == "observed"),
        columns=columns,
        boots=run.boots,
    )


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
