"""A snapshot: what a manager says of its units at one moment, as `systemctl show` prints it.

Targets are asked for often, the active units of all kinds once: each service costs the manager some
milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# When a unit last was entered and left, whether it was tried at all, and what it is ordered after.
PROPERTIES = (
    "Id,Names,After,ActiveState,ActiveEnterTimestampMonotonic,InactiveEnterTimestampMonotonic,"
    "InactiveExitTimestampMonotonic,ConditionTimestampMonotonic"
)


TARGETS = ("--all", f"--property={PROPERTIES}", "*.target")
ACTIVE_UNITS = (f"--property={PROPERTIES}", "*")


@dataclass(frozen=True, order=True)
class Change:
    """A unit was entered or left."""

    at_usec: int
    unit: str
    entered: bool


@dataclass(frozen=True)
class Unit:
    name: str
    names: tuple[str, ...]
    after: tuple[str, ...]
    active: bool
    entered_usec: int  # CLOCK_MONOTONIC, 0: never
    left_usec: int
    jobs_usec: tuple[int, ...]  # when the manager was at work on it, be it only to find its conditions unmet

    def had_job(self, since_usec: int, until_usec: int | None) -> bool:
        """Whether one that we know of fell within that time; no end: until now."""
        return any(
            since_usec <= at_usec and (until_usec is None or at_usec <= until_usec)
            for at_usec in self.jobs_usec
        )

    @property
    def target(self) -> bool:
        return self.name.endswith(".target")


class Snapshot:
    def __init__(self, text: str, clock_offset_usec: int = 0) -> None:
        """The offset leads from the manager's CLOCK_MONOTONIC to ours."""
        self.units = [_unit(block, clock_offset_usec) for block in text.split("\n\n") if "Id=" in block]

    def changes(self) -> set[Change]:
        """Of targets, the latest of each kind: a manager remembers no more."""
        changes = set()
        for unit in self.units:
            if unit.target and unit.entered_usec:
                changes.add(Change(unit.entered_usec, unit.name, True))
            if unit.target and unit.left_usec:
                changes.add(Change(unit.left_usec, unit.name, False))
        return changes

    def active_targets(self) -> set[str]:
        return {unit.name for unit in self.units if unit.target and unit.active}


def _unit(block: str, clock_offset_usec: int) -> Unit:
    values = dict(line.partition("=")[::2] for line in block.strip().splitlines())

    def stamp(word: str) -> int:
        stamped = int(values.get(f"{word}TimestampMonotonic") or 0)
        return stamped and stamped + clock_offset_usec

    return Unit(
        name=values["Id"],
        names=tuple(values.get("Names", values["Id"]).split()),
        after=tuple(values.get("After", "").split()),
        active=values.get("ActiveState") == "active",
        entered_usec=stamp("ActiveEnter"),
        left_usec=stamp("InactiveEnter"),
        jobs_usec=tuple(
            at_usec
            for word in ("ActiveEnter", "InactiveEnter", "InactiveExit", "Condition")
            if (at_usec := stamp(word))
        ),
    )


def target_order(
    snapshots: Iterable[Snapshot], since_usec: int = 1, until_usec: int | None = None
) -> dict[str, list[str]]:
    """For each target the targets that it is ordered after, transitively.

    After= holds between two jobs of one transaction (systemd.unit(5)). A unit that had no job in that time orders
    nobody, though its name stands in others' After=: the way from target to target leads only over units that had
    one, as far as we know. What we miss by that makes us say less of the order, never more.
    """
    after: dict[str, set[str]] = {}
    passable: set[str] = set()
    own_name: dict[str, str] = {}
    for snapshot in snapshots:
        for unit in snapshot.units:
            after.setdefault(unit.name, set()).update(unit.after)
            own_name.update(dict.fromkeys(unit.names, unit.name))
            if unit.had_job(since_usec, until_usec):
                passable.add(unit.name)
    edges = {unit: {own_name.get(name, name) for name in names} for unit, names in after.items()}
    return {target: _reach(target, edges, passable) for target in sorted(after) if target.endswith(".target")}


def _reach(start: str, edges: dict[str, set[str]], passable: set[str]) -> list[str]:
    seen: set[str] = set()
    todo = [start]
    while todo:
        for unit in edges.get(todo.pop(), ()):
            if unit not in seen:
                seen.add(unit)
                if unit in passable:
                    todo.append(unit)
    return sorted(unit for unit in seen - {start} if unit.endswith(".target"))
