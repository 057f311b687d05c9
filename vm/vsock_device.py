"""`notifyspec-vsock` as a process: started, watched, and ended so that it can say what it has lost.

It ends when its standard input does: the process that we see is the enclosure's, to which signals go in vain.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vm.deadline import Deadline, DeadlinePassed
from vm.enclosure import enclosed

PATIENCE_S = 20.0  # for its first word, and for its last: it gives receivers one second


class DeviceFailed(Exception):
    """The vsock device could not be started, is gone, or has lost what it was given: our failure."""


@dataclass(frozen=True)
class Lost:
    """Bytes that did not get through."""

    guest_to_host: int
    host_to_guest: int


class VsockDevice:
    def __init__(
        self, call: Sequence[str], folder: Path, cgroup: Path | None = None, patience_s: float = PATIENCE_S
    ) -> None:
        self._call = call
        self._log = folder / "device.log"
        self._cgroup = cgroup
        self._patience_s = patience_s
        self._rest = b""
        self._words = ""
        self.lost: Lost | None = None  # known once it has ended as asked

    def __enter__(self) -> VsockDevice:
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                enclosed(self._call, cgroup=self._cgroup),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        try:
            line = self._line(Deadline(self._patience_s))  # says that it listens
        except BaseException as failure:
            self._kill()
            if not isinstance(failure, DeadlinePassed):
                raise
            raise DeviceFailed(f"the vsock device says nothing: {failure}") from failure
        if not line:
            self._kill()
            raise DeviceFailed(f"the vsock device does not start: {self.complaint()}")
        return self

    def pidfd(self) -> int:
        """Readable when it has ended; it is the caller's to close."""
        return os.pidfd_open(self.process.pid)

    def complaint(self) -> str:
        """What it said last; once it has ended, its log may be gone."""
        if self._log.exists():
            self._words = self._log.read_text(errors="replace").strip()
        return self._words

    def require_alive(self) -> None:
        """Raises DeviceFailed where it is gone: what the guest then does is no word of systemd's."""
        if self.process.poll() is not None:
            raise DeviceFailed(f"the vsock device has ended: {self.complaint()}")

    def require_nothing_lost(self, *, played: bool) -> None:
        """Raises DeviceFailed where it lost anything, or cannot say. Where the machine was not `played` to its end but
        killed, what was on its way to the guest may be lost: the guest took it no more.
        """
        if self.lost is None:
            raise DeviceFailed(f"the vsock device did not say what it lost: {self.complaint()}")
        if self.lost.guest_to_host or (played and self.lost.host_to_guest):
            words = f"{self.lost.guest_to_host} bytes from the guest and {self.lost.host_to_guest} to it"
            raise DeviceFailed(
                f"the vsock device lost {words}, though no fault was asked for: {self.complaint()}"
            )

    def _line(self, deadline: Deadline) -> bytes:
        """The next that it prints; empty at the end."""
        assert self.process.stdout is not None
        out = self.process.stdout.fileno()
        while b"\n" not in self._rest:
            deadline.wait(out)
            piece = os.read(out, 4096)
            if not piece:
                return b""
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def __exit__(self, *_: object) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.close()
            deadline = Deadline(self._patience_s)
            if line := self._line(deadline):
                self.lost = Lost(**json.loads(line)["lost"])
                self._line(deadline)  # its end: what it says on the way there is not cut off
        except DeadlinePassed:
            pass  # it is not asked again
        finally:
            self._kill()

    def _kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.complaint()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()
