"""What a gate run is made of, as a page needs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

LEVELS = ("must", "should", "observed")
FIRST_UNPRIVILEGED_PORT = 1024  # any process may send from it; a manager's messages come from below


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
    advisory: bool = False  # newer than the user's suite.lock

    @property
    def word(self) -> str:
        """As run.json counts: what was seen and is promised by no text was not left out, although it is `skip`."""
        word = "observed" if self.verdict == "skip" and self.seen else self.verdict
        return f"new {word}" if self.advisory else word


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

    @property
    def label(self) -> str:
        """Its name where the image is said beside it."""
        return self.name.removeprefix(f"{self.image}-")

    @property
    def where(self) -> str:
        """Its name where nothing is said beside it: those of machines do not tell their transport."""
        return f"{self.name} over {self.transport}" if self.vantage == "vm" else self.name

    @cached_property
    def messages(self) -> tuple[Event, ...]:
        """Those of the manager."""
        return tuple(each for each in self.events if each.kind == "message" and not self.is_foreign(each))

    def is_foreign(self, event: Event) -> bool:
        """Sent by another process than the manager; over vsock, where no pid comes along: from a port that any has."""
        if event.kind != "message":
            return False
        port, pid = event.members.get("peer_port"), event.members.get("pid")
        if port is not None:
            return bool(port >= FIRST_UNPRIVILEGED_PORT)
        return None not in (pid, self.manager_pid) and pid != self.manager_pid


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
    remarks: tuple[str, ...] = ()  # why the run as a whole is worse than its boots
