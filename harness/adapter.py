"""An adapter: the program that speaks for an implementation under test, JSON lines in and out.

`with Adapter(command, log) as adapter` starts it; exchange() asks it one thing and waits for the answer. What
is no answer is an AdapterFault, and ends the conversation: whoever wants to go on starts a new one. stderr
goes to the log, and is never judged. On every way out the adapter and all that it has started are killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from vm.deadline import Deadline, DeadlinePassed

LONGEST_ANSWER = 64 << 20
LAST_WORDS = 400

Members = dict[str, Any]


class Fault(StrEnum):
    CRASH = "crash"  # it ended, though nobody had asked it to
    HANG = "hang"  # no answer before the deadline
    NONSENSE = "nonsense"  # an answer that is none


class AdapterFault(Exception):
    """The adapter failed; nothing is said of what it speaks for."""

    def __init__(self, kind: Fault, reason: str) -> None:
        super().__init__(f"{kind}: {reason}")
        self.kind = kind
        self.reason = reason


class Unsupported(Exception):
    """The adapter cannot do what it was asked, and says why."""


class Adapter:
    """`patience_s` is for each exchange. It must be left by the thread that entered it."""

    def __init__(
        self,
        command: Sequence[str | Path],
        log: Path,
        *,
        patience_s: float = 30,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        # The kernel ends it with us, whatever becomes of us.
        self._command = ["setpriv", "--pdeathsig", "KILL", *map(str, command)]
        self._log = log
        self._patience_s = patience_s
        self._environment = environment
        self._seq = 0
        self._heard = b""

    def __enter__(self) -> Adapter:
        with open(self._log, "ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=self._environment,
                bufsize=0,
                start_new_session=True,
            )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)
        return self

    def exchange(self, do: str, **members: Any) -> Members:
        """The members of the answer, but for its number. Raises Unsupported and AdapterFault."""
        request = {"seq": self._seq, "do": do, **members}
        self._seq += 1
        deadline = Deadline(self._patience_s)
        try:
            self._say(json.dumps(request).encode() + b"\n", deadline)
            answer = self._read(request["seq"], self._hear(deadline))
        except DeadlinePassed:
            raise AdapterFault(
                Fault.HANG, f'no answer to "{do}" within {self._patience_s:g} s{self._last_words()}'
            ) from None
        if "unsupported" in answer:
            raise Unsupported(str(answer["unsupported"]))
        return answer

    def stop(self) -> None:
        """Asks it to end, and waits for that. Raises AdapterFault where it does not, or ends badly."""
        self.exchange("stop")
        try:
            code = self._process.wait(timeout=self._patience_s)
        except subprocess.TimeoutExpired:
            reason = f'it answered "stop", and did not end within {self._patience_s:g} s'
            raise AdapterFault(Fault.HANG, reason) from None
        if code != 0:
            raise AdapterFault(Fault.CRASH, f'after "stop" it ended with {_ending(code)}')

    def _say(self, line: bytes, deadline: Deadline) -> None:
        while line:
            self._wait(self._to, selectors.EVENT_WRITE, deadline)
            try:
                line = line[os.write(self._to, line) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise self._crashed(deadline) from None

    def _hear(self, deadline: Deadline) -> bytes:
        """The next line."""
        while b"\n" not in self._heard:
            if len(self._heard) > LONGEST_ANSWER:
                raise AdapterFault(Fault.NONSENSE, f"a line of more than {LONGEST_ANSWER} bytes")
            self._wait(self._from, selectors.EVENT_READ, deadline)
            piece = os.read(self._from, 1 << 16)
            if not piece:
                raise self._crashed(deadline)
            self._heard += piece
        line, _, self._heard = self._heard.partition(b"\n")
        return line

    def _wait(self, descriptor: int, event: int, deadline: Deadline) -> None:
        with selectors.PollSelector() as poll:
            poll.register(descriptor, event)
            if not poll.select(deadline.remaining()):
                raise DeadlinePassed

    def _read(self, seq: int, line: bytes) -> Members:
        try:
            answer = json.loads(line)
        except ValueError:
            raise self._nonsense("no JSON", line) from None
        if not isinstance(answer, dict):
            raise self._nonsense("no JSON object", line)
        if answer.pop("seq", None) != seq:
            raise self._nonsense(f"not the seq {seq}", line)
        return answer

    def _nonsense(self, what: str, line: bytes) -> AdapterFault:
        shown = line[:LAST_WORDS].decode(errors="backslashreplace")
        return AdapterFault(Fault.NONSENSE, f"{what}: {shown}")

    def _crashed(self, deadline: Deadline) -> AdapterFault:
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self._process.wait(timeout=deadline.remaining())
            return AdapterFault(Fault.CRASH, f"it ended with {_ending(code)}{self._last_words()}")
        return AdapterFault(Fault.CRASH, f"it closed its end of the conversation{self._last_words()}")

    def _last_words(self) -> str:
        words = self._log.read_bytes()[-LAST_WORDS:].decode(errors="backslashreplace").strip()
        return f"; it said: {words}" if words else ""

    def __exit__(self, *_: object) -> None:
        # All of its session: what it has forked must not outlive the conversation. A process that is not
        # waited for yet keeps the number from being given to others.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            with contextlib.suppress(BrokenPipeError):
                stream.close()


def _ending(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
