"""The same systemd in a container and in a machine, its messages side by side.

Compared are the fields that `notifyspec decode` found in each message, in their order. No verdict: no text promises
that the two are alike.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from harness.page.run import Boot, Event, Run

OWN = ("X_SYSTEMD_HOSTNAME", "X_SYSTEMD_MACHINE_ID", "MONOTONIC_USEC")  # no two systems have the same value
UNITS = ("X_SYSTEMD_UNIT_ACTIVE", "X_SYSTEMD_UNIT_INACTIVE")  # of another unit is another message
MOST = 500  # messages of one boot; the time that an alignment takes grows with their square
KINDS = {  # symbol, word, meaning
    "same": ("=", "same", "the same in both"),
    "own": ("≈", "own value", "the same field, with a value that is each system’s own"),
    "other": ("≠", "other value", "the same fields, with another value"),
    "moved": ("↕", "elsewhere", "the same, but elsewhere in the order"),
    "container": ("◧", "container", "only in the container"),
    "machine": ("◨", "machine", "only in the machine"),
}


@dataclass(frozen=True)
class Row:
    kind: str  # of KINDS
    container: Event | None
    machine: Event | None
    elsewhere: int = 0  # of a moved message: its line in the other trace

    @property
    def differing(self) -> frozenset[str]:
        """Fields whose values are not the same."""
        if self.container is None or self.machine is None:
            return frozenset()
        both = zip(self.container.fields, self.machine.fields)
        return frozenset(ours.name for ours, theirs in both if ours.value != theirs.value)


@dataclass(frozen=True)
class Comparison:
    container: Boot
    machine: Boot

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        return tuple(align(self.container.messages, self.machine.messages)) if self.is_possible else ()

    @property
    def is_possible(self) -> bool:
        return max(len(self.container.messages), len(self.machine.messages)) <= MOST

    @property
    def counts(self) -> Counter[str]:
        """Messages of a kind; a moved one has two rows."""
        counts = Counter(row.kind for row in self.rows)
        counts["moved"] //= 2
        return counts

    @property
    def strangers(self) -> int:
        """Messages of other processes, which are left out."""
        boots = (self.container, self.machine)
        return sum(boot.is_foreign(event) for boot in boots for event in boot.events)


def comparisons(run: Run) -> list[Comparison]:
    """One for each systemd that was booted in a container and in a machine."""
    found: dict[tuple[str, str], dict[tuple[str, str], Boot]] = defaultdict(dict)
    for boot in run.boots:
        if boot.messages:
            found[boot.image, boot.systemd].setdefault((boot.vantage, boot.scenario), boot)
    pairs = [_pair(boots) for boots in found.values()]
    return [Comparison(*pair) for pair in pairs if pair]


def _pair(boots: dict[tuple[str, str], Boot]) -> tuple[Boot, Boot] | None:
    """The same scenario in both, best of all a whole life from boot to poweroff; else one that comes close to it."""
    machines = [scenario for vantage, scenario in boots if vantage == "vm"]
    wanted = [(name, name.removeprefix("vm-")) for name in machines]
    wanted.sort(key=lambda names: names[1] != "poweroff")
    wanted += [(name, "halt") for name in machines if name.startswith("vm-poweroff")]
    wanted += [(name, "poweroff") for name in machines if name.startswith("vm-poweroff")]
    for machine, container in wanted:
        if ("container", container) in boots:
            return boots["container", container], boots["vm", machine]
    return None


def align(container: Sequence[Event], machine: Sequence[Event]) -> list[Row]:
    rows: list[Row] = []
    ours, theirs = [_words(each) for each in container], [_words(each) for each in machine]
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [_alike(a, b) for a, b in zip(container[i1:i2], machine[j1:j2])]
        else:
            rows += _unlike(container[i1:i2], machine[j1:j2])
    return _find_moved(rows)


def _alike(ours: Event, theirs: Event) -> Row:
    row = Row("same", ours, theirs)
    return Row("own", ours, theirs) if row.differing else row


def _unlike(container: Sequence[Event], machine: Sequence[Event]) -> list[Row]:
    rows: list[Row] = []
    ours, theirs = [_names(each) for each in container], [_names(each) for each in machine]
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [Row("other", a, b) for a, b in zip(container[i1:i2], machine[j1:j2])]
        else:
            rows += [Row("container", each, None) for each in container[i1:i2]]
            rows += [Row("machine", None, each) for each in machine[j1:j2]]
    return rows


def _find_moved(rows: list[Row]) -> list[Row]:
    """What only one seems to have may be in the other as well, earlier or later."""
    lonely: dict[object, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        if row.kind == "container" and row.container:
            lonely[_words(row.container)].append(index)
    for index, row in enumerate(rows):
        if row.kind == "machine" and row.machine and (places := lonely[_words(row.machine)]):
            place = places.pop(0)
            event = rows[place].container
            assert event is not None
            rows[place] = Row("moved", event, None, elsewhere=row.machine.line)
            rows[index] = Row("moved", None, row.machine, elsewhere=event.line)
    return rows


def _words(event: Event) -> tuple[tuple[str, str], ...]:
    """What makes two messages the same: names and values, but for values that are each system's own."""
    if not event.fields:
        return (("", event.data),)
    return tuple((each.name, "" if each.name in OWN else each.value) for each in event.fields)


def _names(event: Event) -> tuple[tuple[str, str], ...]:
    """What makes two messages the same but for their values."""
    kept = event.fields and not any(each.name in UNITS for each in event.fields)
    return tuple((each.name, "") for each in event.fields) if kept else _words(event)
