"""Where a boot's story stands in its drawing: per cent across, so that it fits any width; pixels down."""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.page.chronicle import Bar, Chronicle, Row
from harness.page.legible import legible
from harness.page.run import Boot
from harness.page.time_axis import Span, Tick, TimeAxis

AXIS_HEIGHT = 34
BAND_HEIGHT = 20  # of the strip of phases, and of that of lives
ROW_HEIGHT = 19
MIDDLE = 52.0  # a label stands on the side of its bar where there is more room
LABEL_LETTERS = 58
NARROWEST_BAR = 0.5
STUB = 2.0  # of a bar whose beginning nobody told
MARKS = 200  # in one row; more of them are one stroke


@dataclass(frozen=True)
class Box:
    x: float
    width: float
    title: str
    open_left: bool = False
    open_right: bool = False
    line: int = 0


@dataclass(frozen=True)
class Point:
    x: float
    title: str
    line: int


@dataclass
class Lane:
    kind: str
    y: int
    label: str
    label_x: float
    leftward: bool
    boxes: list[Box] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)


@dataclass(frozen=True)
class Strip:
    """A row of named stretches which follow one another: the phases, or the lives of the manager."""

    y: int
    stretches: list[tuple[float, float, str]]  # x, width, name


@dataclass(frozen=True)
class Timeline:
    height: int
    top: int
    summary: str
    axis: TimeAxis
    ticks: list[Tick]
    breaks: list[Span]
    guides: list[tuple[str, float]]
    phases: Strip
    lives: Strip
    lanes: list[Lane]
    left_out: int

    @property
    def kinds(self) -> set[str]:
        return {lane.kind for lane in self.lanes}


def timeline(boot: Boot) -> Timeline | None:
    if not boot.events:
        return None
    story = Chronicle(boot)
    axis = TimeAxis(story.times)
    y = AXIS_HEIGHT
    phases = Strip(y, _stretches(axis, story.phases, story.end))
    y += BAND_HEIGHT if phases.stretches else 0
    several = len(story.lives) > 1
    names = [(f"life {n}: {life.cause}", life.start) for n, life in enumerate(story.lives, start=1)]
    lives = Strip(y, _stretches(axis, names if several else [], story.end))
    y += BAND_HEIGHT if several else 0
    top = y + 4
    rows = sorted(story.rows.values(), key=lambda row: row.first)
    lanes = [_lane(axis, row, top + n * ROW_HEIGHT, story.end) for n, row in enumerate(rows)]
    return Timeline(
        height=top + len(lanes) * ROW_HEIGHT + 6,
        top=top,
        summary=_summary(boot, story),
        axis=axis,
        ticks=axis.ticks(),
        breaks=axis.breaks,
        guides=[(kind, axis.x(t)) for kind, t in story.guides],
        phases=phases,
        lives=lives,
        lanes=lanes,
        left_out=story.left_out,
    )


def _stretches(axis: TimeAxis, names: list[tuple[str, float]], end: float) -> list[tuple[float, float, str]]:
    ends = [start for _, start in names[1:]] + [end]
    return [
        (axis.x(start), axis.x(stop) - axis.x(start), name)
        for (name, start), stop in zip(names, ends)
        if axis.x(stop) > axis.x(start)
    ]


def _lane(axis: TimeAxis, row: Row, y: int, end: float) -> Lane:
    first = row.bars[0] if row.bars else None
    x = _box(axis, "", first, end).x if first else axis.x(row.first)
    lane = Lane(row.kind, y, _short(row.label), x, x > MIDDLE)
    for bar in row.bars:
        lane.boxes.append(_box(axis, row.label, bar, end))
    points: dict[float, Point] = {}
    for mark in row.marks:
        at = round(axis.x(mark.t) * MARKS / 100) * 100 / MARKS if len(row.marks) > MARKS else axis.x(mark.t)
        points.setdefault(at, Point(at, f"{mark.text} at {seconds(mark.t)}, line {mark.line}", mark.line))
    lane.points = list(points.values())
    return lane


def _box(axis: TimeAxis, name: str, bar: Bar, end: float) -> Box:
    stop = axis.x(bar.end if bar.end is not None else bar.until if bar.until is not None else end)
    x = axis.x(bar.start) if bar.start is not None else max(0.0, stop - STUB)
    width = max(NARROWEST_BAR, stop - x)
    began = seconds(bar.start) if bar.start is not None else "not reported"
    ended = seconds(bar.end) if bar.end is not None else "not reported"
    lines = ", ".join(map(str, bar.lines))
    return Box(
        min(x, 100 - width),
        width,
        f"{name}: active {began}, inactive {ended} (lines {lines})",
        open_left=bar.start is None,
        open_right=bar.end is None,
        line=bar.lines[0],
    )


def _summary(boot: Boot, story: Chronicle) -> str:
    messages = sum(event.kind == "message" for event in boot.events)
    targets = sum(row.kind == "target" for row in story.rows.values())
    ready = [t for kind, t in story.guides if kind == "ready"]
    parts = [
        f"{messages} messages in {seconds(story.end)}",
        f"{targets} targets",
        "READY at " + ", ".join(map(seconds, ready)) if ready else "no READY",
    ]
    if len(story.lives) > 1:
        parts.append(f"{len(story.lives)} lives of the manager")
    return "; ".join(parts) + "."


def seconds(t: float) -> str:
    return f"{t:.3f} s"


def _short(label: str) -> str:
    label = legible(label)
    return label if len(label) <= LABEL_LETTERS else label[: LABEL_LETTERS - 1] + "…"
