"""The recorder: `notifyspec record`, which hears what the system under test sends, and writes the trace.

It listens before the system starts. What the harness itself does or sees goes into the same trace through the
control socket, stamped here. Waiting for a message is waiting for the line that the tool prints of it: no
datagram is read here.
"""

from __future__ import annotations

import json
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import tool
from harness.pump import Pump
from vm.deadline import Deadline

Event = dict[str, Any]
UNPRIVILEGED = 1024  # the first port that everybody in a guest may take


class RecorderFailed(Exception):
    """The tool ended, or said what nobody can read: our failure."""


class Ended(Exception):
    """What was waited for did not come, and now cannot any more."""


@dataclass(frozen=True)
class Place:
    """A place in the flow of events: what is after it was sent no earlier, and was not seen before it."""

    since_usec: int = 0  # CLOCK_MONOTONIC
    position: int = 0


START = Place()


@dataclass(frozen=True)
class Ears:
    """Where a recorder listens: endpoints of `notifyspec record`."""

    listen: Sequence[str]
    control: Sequence[str] = ()  # besides the harness's own
    transport: str | None = None  # for the header of the trace, where the first endpoint does not say it


class Recorder:
    def __init__(self, folder: Path, output: Path, ears: Ears | None = None) -> None:
        self._control = folder / "control"
        self._ears = ears or Ears(listen=[f"unix:{folder / 'notify'}"])
        self._output = output
        self._events: list[Event] = []
        self._rest = b""
        self._over = False

    def __enter__(self) -> Recorder:
        command = [str(tool.notifyspec()), "record", "--live", "--output", str(self._output)]
        command += [f"--listen={endpoint}" for endpoint in self._ears.listen]
        command += [f"--control={endpoint}" for endpoint in (f"unix:{self._control}", *self._ears.control)]
        if self._ears.transport:
            command.append(f"--transport={self._ears.transport}")
        # Its standard input ends with us, and that ends it.
        self._complaints = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        self._lines = Pump(self._process.stdout.fileno())
        self._teller = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        try:
            self._await_listening(Deadline(10))
        except BaseException:
            self.__exit__()
            raise
        return self

    def _await_listening(self, deadline: Deadline) -> None:
        while not self._events:
            self._read(deadline, None)
        self._events.clear()
        # The header is in the file by now.
        with open(self._output, encoding="utf-8") as trace:
            self.t0_usec: int = json.loads(trace.readline())["t0_monotonic_usec"]

    def here(self) -> Place:
        """What is sent from now on: give it as `after`. Not what has been read: a message may be on its way."""
        return Place(_now_usec())

    def wait(
        self,
        wanted: Callable[[Event], bool],
        deadline: Deadline,
        *,
        after: Place = START,
        until: int | None = None,
    ) -> Place:
        """Waits for such an event; says the place behind it. Raises Ended once descriptor `until` is ready."""
        position = after.position
        while True:
            for event in self._events[position:]:
                position += 1
                if event["t"] >= (after.since_usec - self.t0_usec) / 1e6 and wanted(event):
                    return Place(after.since_usec, position)
            if self._over:
                raise Ended("the system under test ended before it came")
            self._read(deadline, until)

    def wait_for(
        self,
        name: str,
        value: str | None,
        deadline: Deadline,
        *,
        after: Place = START,
        until: int | None = None,
    ) -> Place:
        """Waits for a message with that field (and value, if one is given)."""

        def wanted(event: Event) -> bool:
            return any(field[0] == name and value in (None, field[1]) for field in trusted_fields(event))

        return self.wait(wanted, deadline, after=after, until=until)

    def wait_observation(
        self,
        subject: str,
        value: str | None,
        deadline: Deadline,
        *,
        after: Place = START,
        until: int | None = None,
    ) -> Place:
        """Waits for what a probe in the system tells."""

        def wanted(event: Event) -> bool:
            seen = event["kind"] == "observation" and event["subject"] == subject
            return seen and value in (None, event["value"])

        return self.wait(wanted, deadline, after=after, until=until)

    def _read(self, deadline: Deadline, until: int | None) -> None:
        lines = self._lines.fileno()
        ready = deadline.wait(lines, *([] if until is None else [until]))
        if lines not in ready:
            self.finish()
            return
        data = self._lines.take()
        if not data:
            raise RecorderFailed(f"notifyspec record ended: {self._complaint()}")
        self._take(data)

    def _take(self, data: bytes) -> None:
        *whole, self._rest = (self._rest + data).split(b"\n")
        try:
            self._events += [json.loads(line) for line in whole]
        except ValueError as error:
            raise RecorderFailed(f"notifyspec record printed no JSON: {error}") from error

    def _complaint(self) -> str:
        self._process.wait()
        self._complaints.seek(0)
        return self._complaints.read().decode(errors="replace").strip()

    def action(self, name: str, argument: str | None = None) -> int:
        """Writes down what we are about to do; says when, in microseconds of CLOCK_MONOTONIC."""
        return self._tell(
            {"kind": "action", "action": name} | ({} if argument is None else {"argument": argument})
        )

    def phase(self, name: str) -> int:
        return self._tell({"kind": "phase", "phase": name})

    def observe(self, subject: str, value: str) -> int:
        return self._tell({"kind": "observation", "subject": subject, "value": value})

    def _tell(self, event: Event) -> int:
        now = _now_usec()
        self._teller.sendto(json.dumps(event | {"monotonic_usec": now}).encode(), str(self._control))
        return now

    def finish(self) -> None:
        """Ends the record: all that was sent until now is in it, and nothing that comes later."""
        if self._over:
            return
        self._over = True
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._take(self._lines.rest())
        if self._process.wait() != 0:
            raise RecorderFailed(f"notifyspec record failed: {self._complaint()}")

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._lines.join()
        self._process.stdout.close()
        self._complaints.close()
        self._teller.close()


def trusted_fields(event: Event) -> Sequence[Sequence[str]]:
    """The fields of a message that may be the manager's: over AF_VSOCK it comes from a privileged port."""
    return () if event.get("peer_port", 0) >= UNPRIVILEGED else event.get("fields", ())


def _now_usec() -> int:
    return time.monotonic_ns() // 1000
