"""The recorder: `notifyspec record`, which hears what the system under test sends, and writes the trace.

It listens before the system starts. What the harness itself does or sees goes into the same trace through the
control socket, stamped here. Waiting for a message is waiting for the line that the tool prints of it: no
datagram is read here.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from harness import tool
from vm.deadline import Deadline

Event = dict[str, Any]


class RecorderFailed(Exception):
    """The tool ended, or said what nobody can read: our failure."""


class Ended(Exception):
    """What was waited for did not come, and now cannot any more."""


class Recorder:
    def __init__(self, folder: Path, output: Path) -> None:
        self._notify = folder / "notify"
        self._control = folder / "control"
        self._output = output
        self._events: list[Event] = []
        self._rest = b""
        self._over = False

    def __enter__(self) -> Recorder:
        command = [str(tool.notifyspec()), "record", "--live", "--output", str(self._output)]
        command += ["--listen", f"unix:{self._notify}", "--control", f"unix:{self._control}"]
        # Its standard input ends with us, and that ends it.
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._teller = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        try:
            self.wait(lambda event: event["kind"] == "listening", Deadline(10))
            # A user manager and a generator in its cage are not root.
            os.chmod(self._notify, 0o666)
            os.chmod(self._control, 0o666)
        except BaseException:
            self.__exit__()
            raise
        return self

    @property
    def position(self) -> int:
        """Where in the flow of events we are: give it as `after` to wait for what comes from now on."""
        return len(self._events)

    def wait(
        self, wanted: Callable[[Event], bool], deadline: Deadline, *, after: int = 0, until: int | None = None
    ) -> int:
        """Waits for such an event and says the position behind it. Raises Ended once descriptor `until` is
        ready."""
        while True:
            for position in range(after, len(self._events)):
                if wanted(self._events[position]):
                    return position + 1
            after = len(self._events)
            if self._over:
                raise Ended("the system under test ended before it came")
            self._read(deadline, until)

    def wait_for(
        self, name: str, value: str | None, deadline: Deadline, *, after: int = 0, until: int | None = None
    ) -> int:
        """Waits for a message with that field (and value, if one is given)."""

        def wanted(event: Event) -> bool:
            fields = event.get("fields", ())
            return any(field[0] == name and value in (None, field[1]) for field in fields)

        return self.wait(wanted, deadline, after=after, until=until)

    def wait_observation(
        self, subject: str, value: str | None, deadline: Deadline, *, after: int = 0, until: int | None = None
    ) -> int:
        """Waits for what a probe in the system tells."""

        def wanted(event: Event) -> bool:
            seen = event["kind"] == "observation" and event["subject"] == subject
            return seen and value in (None, event["value"])

        return self.wait(wanted, deadline, after=after, until=until)

    def _read(self, deadline: Deadline, until: int | None) -> None:
        assert self._process.stdout is not None
        lines = self._process.stdout.fileno()
        ready = deadline.wait(lines, *([] if until is None else [until]))
        if lines not in ready:
            self.finish()
            return
        data = os.read(lines, 1 << 16)
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
        assert self._process.stderr is not None
        return self._process.stderr.read().decode(errors="replace").strip()

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
        now = time.monotonic_ns() // 1000
        self._teller.sendto(json.dumps(event | {"monotonic_usec": now}).encode(), str(self._control))
        return now

    def finish(self) -> None:
        """Ends the record: all that was sent until now is in it, and nothing that comes later."""
        if self._over:
            return
        self._over = True
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        while data := os.read(self._process.stdout.fileno(), 1 << 16):
            self._take(data)
        if self._process.wait() != 0:
            raise RecorderFailed(f"notifyspec record failed: {self._complaint()}")

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert pipe is not None
            pipe.close()
        self._teller.close()
