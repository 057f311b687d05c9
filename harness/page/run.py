"""What a gate run is made of, as a page needs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Field:
    name: str
    value: str
    type: str


@dataclass(frozen=True)
class Event:
    """One line of a trace after its header, and, of a message, what `notifyspec decode` made of it."""

    line: int
    t: float
    kind: str
    members: dict[str, Any]
    data: str = ""
    fields: tuple[Field, ...] = ()
    diagnostics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    requirement: str
    level: str
    verdict: str
    expected: str = ""
    seen: str = ""
    reason: str = ""
    lines: tuple[int, ...] = ()

    @property
    def word(self) -> str:
        """As run.json counts: what was seen and is promised by no text was not left out, although it is `skip`."""
        return "observed" if self.verdict == "skip" and self.seen else self.verdict


@dataclass(frozen=True)
class Requirement:
    id: str
    role: str
    level: str
    text: str
    source: str
    since: str = ""
    vantages: tuple[str, ...] = ()
    entails: tuple[str, ...] = ()


@dataclass(frozen=True)
class Boot:
    name: str
    image: str
    systemd: str
    distribution: str
    vantage: str
    transport: str
    scenario: str
    text: str
    trouble: str  # why the scenario was not played to its end
    outcome: str
    seconds: float
    trace: str
    header: dict[str, Any] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    console: tuple[str, ...] = ()

    @cached_property
    def lines(self) -> frozenset[int]:
        """Of the trace, those that are an event: all but its header."""
        return frozenset(event.line for event in self.events)

    @property
    def manager_pid(self) -> int | None:
        return self.header.get("manager_pid")

    def is_foreign(self, event: Event) -> bool:
        """Sent by another process than the manager. Over vsock nobody can tell: nothing is foreign there."""
        pid = event.members.get("pid")
        return event.kind == "message" and None not in (pid, self.manager_pid) and pid != self.manager_pid


@dataclass(frozen=True)
class Run:
    suite: str
    started: str
    kernel: str
    machine: str
    exit_code: int
    counts: dict[str, int]
    profile: str
    boots: tuple[Boot, ...]
    skipped: tuple[tuple[str, str], ...]
    requirements: tuple[Requirement, ...]
