"""What the players in a container tell: a line each through one FIFO, or, of one that has died, a line about it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vm.deadline import Deadline, DeadlinePassed

SILENCE_S = 150.0  # so long without a word of any service, and nothing more will come


@dataclass
class Hearing:
    """By vector: `lines` of those that have played; `hung`, before whom the manager fell silent; `ours`, who failed
    or died, which says nothing of the manager. `trouble`: why there is nothing of the others."""

    results: int
    lines: dict[str, dict[str, Any]] = field(default_factory=dict)
    hung: dict[str, str] = field(default_factory=dict)
    ours: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    _rest: bytes = b""

    def wait_for(self, count: int, exited: int) -> None:
        """Until so many have been heard of, or nothing comes any more."""
        while len(self.lines.keys() | self.hung.keys() | self.ours.keys()) < count:
            try:
                ready = Deadline(SILENCE_S).wait(self.results, exited)
            except DeadlinePassed:
                self.trouble = f"no word of a service for {SILENCE_S:g} s"
                return
            if self.results not in ready:
                self.trouble = "the system ended"
                return
            self.take()

    def take(self) -> None:
        """All that has been told by now."""
        try:
            told = os.read(self.results, 1 << 16)
        except BlockingIOError:
            return
        *whole, self._rest = (self._rest + told).split(b"\n")
        for line in map(json.loads, whole):
            self._sort(line)

    def _sort(self, line: dict[str, Any]) -> None:
        vector = line["vector"]
        if "died" in line:
            self.lines.pop(vector, None)  # what the manager then says of the service is about its death
            self.ours.setdefault(vector, f"its player died: {line['died']}")
        elif "failure" in line:
            self.ours[vector] = f"its player failed: {line['failure']}"
        elif "hang" in line:
            self.hung[vector] = line["hang"]
        else:
            self.lines[vector] = line


@contextmanager
def hearing(fifo: Path) -> Iterator[Hearing]:
    """Makes the FIFO, for services that may be anybody's."""
    os.mkfifo(fifo)
    fifo.chmod(0o666)
    # For both, so that it has no end when one service closes it.
    results = os.open(fifo, os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        yield Hearing(results)
    finally:
        os.close(results)
