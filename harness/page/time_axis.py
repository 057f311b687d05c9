"""A time axis on which idle time is cut out: pieces with their own scale, and marked breaks between them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

LEFT, RIGHT = 0.8, 99.2  # per cent of the drawing's width
BREAK_WIDTH = 5.0
NARROWEST = 6.0
BREAKS = 6
SHARE = 0.3  # a gap longer than this share of all shorter ones together is cut out
IDLE = 0.3  # seconds; less is no idle time
TICK_DISTANCE = 6.5


@dataclass(frozen=True)
class Span:
    start: float
    end: float
    x0: float
    x1: float

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(frozen=True)
class Tick:
    x: float
    label: str


class TimeAxis:
    def __init__(self, times: Iterable[float]) -> None:
        moments = sorted(set(times)) or [0.0]
        if 0 < moments[0] < IDLE:
            moments.insert(0, 0.0)
        cuts = sorted(_idle(moments))
        edges = [moments[0], *(edge for cut in cuts for edge in cut), moments[-1]]
        pieces = list(zip(edges[::2], edges[1::2]))
        self.pieces: list[Span] = []
        self.breaks: list[Span] = []
        x = LEFT
        for (start, end), width in zip(pieces, _widths(moments, pieces)):
            if self.pieces:
                self.breaks.append(Span(self.pieces[-1].end, start, x, x + BREAK_WIDTH))
                x += BREAK_WIDTH
            self.pieces.append(Span(start, end, x, x + width))
            x += width

    def x(self, t: float) -> float:
        """Per cent from the left."""
        first, last = self.pieces[0], self.pieces[-1]
        t = min(max(t, first.start), last.end)
        spans = self.pieces + self.breaks  # an end that both share is the piece's
        span = next((span for span in spans if span.start <= t <= span.end), last)
        if span.seconds == 0:  # one moment alone between two breaks stands in the middle of its piece
            return (span.x0 + span.x1) / 2
        share = (t - span.start) / span.seconds
        return span.x0 + share * (span.x1 - span.x0)

    def ticks(self) -> list[Tick]:
        return [tick for piece in self.pieces for tick in self._piece_ticks(piece)]

    def _piece_ticks(self, piece: Span) -> list[Tick]:
        if piece.seconds == 0:
            return [Tick(self.x(piece.start), f"{piece.start:.3g}")]
        step = _step(piece.seconds * TICK_DISTANCE / (piece.x1 - piece.x0))
        decimals = max(0, -math.floor(math.log10(step)))
        first, last = math.ceil(piece.start / step - 1e-9), math.floor(piece.end / step + 1e-9)
        if first > last:
            return [Tick(piece.x0, f"{piece.start:.{decimals}f}")]
        return [Tick(self.x(n * step), f"{n * step:.{decimals}f}") for n in range(first, last + 1)]


def _idle(moments: list[float]) -> list[tuple[float, float]]:
    rest = moments[-1] - moments[0]
    cuts: list[tuple[float, float]] = []
    for gap in sorted(zip(moments, moments[1:]), key=lambda gap: gap[0] - gap[1]):
        seconds = gap[1] - gap[0]
        rest -= seconds
        if seconds < IDLE or seconds <= SHARE * rest or len(cuts) == BREAKS:
            break
        cuts.append(gap)
    return cuts


def _widths(moments: list[float], pieces: list[tuple[float, float]]) -> list[float]:
    """Half by duration, half by how much happened: a short shutdown after a long boot can be read."""
    room = RIGHT - LEFT - BREAK_WIDTH * (len(pieces) - 1)
    seconds = sum(end - start for start, end in pieces) or 1.0
    happened = [sum(start <= moment <= end for moment in moments) for start, end in pieces]
    shares = [
        max(NARROWEST / room, 0.5 * (end - start) / seconds + 0.5 * count / sum(happened))
        for (start, end), count in zip(pieces, happened)
    ]
    return [room * share / sum(shares) for share in shares]


def _step(least: float) -> float:
    """The next of 1, 2, 5, 10, 20, ... that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * (1 - 1e-9))
