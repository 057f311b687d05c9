"""What a boot told, as a story: one row for each target and message, in the order of first appearance."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from harness.page.phrase import phrase
from harness.page.run import Boot, Event

IDENTITY = ("X_SYSTEMD_HOSTNAME", "X_SYSTEMD_MACHINE_ID", "X_SYSTEMD_SIGNALS_LEVEL")
EXIT = ("EXIT_STATUS", "X_SYSTEMD_SHUTDOWN", "ERRNO")
APART = 8
CHATTER = {
    "status": APART,
    "other": APART,
    "foreign": APART,
    "seen": 3 * APART,
}  # how many have a row of their own
# Observations with a place in time; what the system was asked afterwards has none, the list of events has it.
SEEN = ("booted", "device-offers", "exam", "initrd", "notify-unix", "switched-root")
LETTERS = 300  # of one message in the drawing
ROWS = 150  # a drawing with more is no longer looked at


@dataclass
class Bar:
    """A target between two messages; where one of them never came, that end is open."""

    start: float | None
    end: float | None = None
    until: float | None = None  # where an open end is drawn, if not at the end of the trace
    lines: list[int] = field(default_factory=list)


@dataclass
class Mark:
    t: float
    line: int
    text: str


@dataclass
class Row:
    kind: str  # target, identity, ready, reload, exit, status, other, foreign, action, process, seen
    label: str
    bars: list[Bar] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    @property
    def first(self) -> float:
        told = [bar.start if bar.start is not None else bar.end for bar in self.bars]
        return min(t for t in [*told, *(mark.t for mark in self.marks)] if t is not None)


@dataclass
class Life:
    """From the manager's start, or its start anew after a re-exec, soft-reboot, switch of root or reboot."""

    start: float
    cause: str


class Chronicle:
    def __init__(self, boot: Boot) -> None:
        self.boot = boot
        self.rows: dict[object, Row] = {}
        self.guides: list[tuple[str, float]] = []  # vertical lines: (ready | action | deadline, t)
        self.phases: list[tuple[str, float]] = []
        self.lives = [Life(0.0, "boot")]
        self.left_out = 0
        self._identities: set[str] = set()
        self._reloading: float | None = None
        self._in_initrd = False
        self._asked = ""
        self._told: Counter[str] = Counter()
        draw = {"message": self._message, "action": self._action, "phase": self._phase}
        for event in boot.events:
            draw.get(event.kind, self._observation)(event)
        self.times = [event.t for event in boot.events if _has_a_time(event)] or [0.0]
        self.end = max(self.times)
        for row in self.rows.values():
            if len(row.marks) > 1:
                row.label = f"{len(row.marks)} × {row.label}"

    def _phase(self, event: Event) -> None:
        name = str(event.members.get("phase"))
        if name == "started" and name in dict(self.phases):
            self._boot_again(event.t)
        self.phases.append((name, event.t))

    def _boot_again(self, t: float) -> None:
        """The machine came back: nothing of the life before is left, and nobody will tell of its end."""
        for row in self.rows.values():
            if row.bars and row.bars[-1].end is None and row.bars[-1].until is None:
                row.bars[-1].until = t
        self._identities.clear()
        self._reloading, self._in_initrd = None, False
        self._new_life(t)

    def _new_life(self, start: float, after: str = "") -> None:
        after = after or self._asked
        self.lives.append(Life(start, f"after {after}" if after else "again"))

    def _action(self, event: Event) -> None:
        action, argument = str(event.members.get("action")), str(event.members.get("argument") or "")
        self._asked = f"{action} {argument}".strip()
        self.guides.append(("deadline" if action == "deadline" else "action", event.t))
        self._tell("action", event, {action}, phrase(event) or self._asked)

    def _observation(self, event: Event) -> None:
        subject = str(event.members.get("subject"))
        if subject == "process":
            self._mark(("process", event.line), "process", event, phrase(event))
        elif subject in SEEN:
            self._tell("seen", event, {subject}, phrase(event))
        if subject == "initrd":
            self.lives[-1].cause, self._in_initrd = "initrd", True
        elif subject == "switched-root" and self._in_initrd:
            self._leave_initrd(event.t)

    def _message(self, event: Event) -> None:
        names = {each.name for each in event.fields}
        text = " ".join(f"{each.name}={each.value}" for each in event.fields) or _bytes(event)
        if self.boot.is_foreign(event):
            self._tell("foreign", event, names, f"{_sender(event)}: {text}")
            return
        for each in event.fields:
            if each.name == "X_SYSTEMD_UNIT_ACTIVE":
                self._active(each.value, event)
            elif each.name == "X_SYSTEMD_UNIT_INACTIVE":
                self._inactive(each.value, event)
        self._begin_life(names, event.t)
        if "READY" in names:
            self.guides.append(("ready", event.t))
            self._reloading = None
        kind = _kind(names)
        if kind != "target":
            self._tell(kind, event, names, text)

    def _tell(self, kind: str, event: Event, names: set[str], text: str) -> None:
        """A row of its own; but what comes again and again shares one, or a flood would bury the story."""
        self._told[kind] += 1
        key: tuple[object, ...] = (kind, event.line)
        if kind in CHATTER and self._told[kind] > CHATTER[kind]:
            words = " ".join(sorted(names)) or "without a field"
            key = (kind, words)
            self._row(key, kind, f"further {words}")
        self._mark(key, kind, event, text)

    def _begin_life(self, names: set[str], t: float) -> None:
        if "RELOADING" in names:
            self._reloading = t
        if self._in_initrd and self._reloading is not None and names.intersection(IDENTITY):
            self._leave_initrd(t)
        for name in names.intersection(IDENTITY):
            known = name in self._identities
            self._identities.add(name)
            if not known:
                continue
            start = self._reloading if self._reloading is not None else t
            if self.lives[-1].start != start and (
                name != "X_SYSTEMD_HOSTNAME" or self._reloading is not None
            ):
                self._new_life(start)

    def _leave_initrd(self, t: float) -> None:
        """Told by the first message or unit of the host system; it was left when the manager began to reload."""
        self._in_initrd = False
        self._new_life(self._reloading if self._reloading is not None else t, "switch-root")

    def _active(self, unit: str, event: Event) -> None:
        bars = self._target(unit).bars
        if bars and bars[-1].end is None and bars[-1].until is None:
            bars[-1].until = event.t  # said twice: the first bar ends, open, where the second begins
        bars.append(Bar(event.t, lines=[event.line]))

    def _inactive(self, unit: str, event: Event) -> None:
        bars = self._target(unit).bars
        if not bars or bars[-1].end is not None or bars[-1].until is not None:
            bars.append(Bar(None))
        bars[-1].end = event.t
        bars[-1].lines.append(event.line)

    def _target(self, unit: str) -> Row:
        return self._row(("target", unit), "target", unit) or Row("target", unit)

    def _mark(self, key: object, kind: str, event: Event, text: str) -> None:
        row = self._row(key, kind, text)
        if row:
            row.marks.append(Mark(event.t, event.line, _short(text)))

    def _row(self, key: object, kind: str, label: str) -> Row | None:
        if key not in self.rows:
            if len(self.rows) >= ROWS:
                self.left_out += 1
                return None
            self.rows[key] = Row(kind, _short(label))
        return self.rows[key]


def _kind(names: set[str]) -> str:
    if "READY" in names:
        return "ready"
    if "RELOADING" in names:
        return "reload"
    if names.intersection(EXIT):
        return "exit"
    if names.intersection(IDENTITY):
        return "identity"
    if names.intersection({"X_SYSTEMD_UNIT_ACTIVE", "X_SYSTEMD_UNIT_INACTIVE"}):
        return "target"
    return "status" if names == {"STATUS"} else "other"


def _has_a_time(event: Event) -> bool:
    return event.kind != "observation" or event.members.get("subject") in SEEN


def _sender(event: Event) -> str:
    port = event.members.get("peer_port")
    return f"pid {event.members.get('pid')}" if port is None else f"port {port}"


def _short(text: str) -> str:
    return text if len(text) <= LETTERS else text[:LETTERS] + "…"


def _bytes(event: Event) -> str:
    size = len(event.data.encode("utf-8", "surrogateescape"))
    return f"{size} bytes without a field" if size else "an empty datagram"
