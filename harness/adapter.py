"""An adapter: the program that speaks for an implementation under test, JSON lines in and out.

`with Adapter(command, log) as adapter` starts it; exchange() asks it one thing and waits for the answer. What
is no answer is an AdapterFault, and ends the conversation: whoever wants to go on starts a new one. stderr
goes to the log, and is never judged. On every way out the adapter and all that it has started are killed (keeper.py).
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from vm.deadline import Deadline, DeadlinePassed

LONGEST_ANSWER = 64 << 20
GONE_S = 1.0  # who ends closes its pipes a moment before it is gone
LAST_WORDS = 400
KEEPER = Path(__file__).with_name("keeper.py")

Members = dict[str, Any]


class Fault(StrEnum):
    CRASH = "crash"  # it ended, though nobody had asked it to
    HANG = "hang"  # no answer before the deadline
    NONSENSE = "nonsense"  # an answer that is none


def kept(command: Sequence[str | Path]) -> list[str]:
    """The same under a keeper: for who runs it, and not for a child of theirs, to start."""
    return [sys.executable, "-IS", str(KEEPER), str(os.getpid()), *map(str, command)]


class AdapterFault(Exception):
    """The adapter failed; nothing is said of what it speaks for."""

    def __init__(self, kind: Fault, reason: str) -> None:
        super().__init__(f"{kind}: {reason}")
        self.kind = kind
        self.reason = reason

    def __reduce__(self) -> tuple[type, tuple[Fault, str]]:
        return type(self), (self.kind, self.reason)  # from one process to another


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
        self._command = [*command]
        self._log = log
        self._patience_s = patience_s
        self._environment = environment
        self._seq = 0
        self._heard = bytearray()

    def __enter__(self) -> Adapter:
        with open(self._log, "ab") as log:
            self._process = subprocess.Popen(
                kept(self._command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=self._environment,
                bufsize=0,
            )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)
        return self

    def exchange(self, do: str, *, meanwhile: Callable[[], None] | None = None, **members: Any) -> Members:
        """The members of the answer, but for its number. Raises Unsupported and AdapterFault.

        What is done `meanwhile` is done between the question and the answer, and its time is not the adapter's.
        """
        request = {"seq": self._seq, "do": do, **members}
        self._seq += 1
        deadline = Deadline(self._patience_s)
        try:
            self._say(json.dumps(request).encode() + b"\n", deadline)
            if meanwhile is not None:
                meanwhile()
                deadline = Deadline(self._patience_s)
            answer = self._read(request["seq"], self._hear(deadline))
        except DeadlinePassed:
            flushed = " (does it flush what it writes?)" if request["seq"] == 0 else ""
            reason = f'no answer to "{do}" within {self._patience_s:g} s{flushed}{self._last_words()}'
            raise AdapterFault(Fault.HANG, reason) from None
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
        searched = 0
        while (end := self._heard.find(b"\n", searched)) < 0:
            searched = len(self._heard)
            if searched > LONGEST_ANSWER:
                raise AdapterFault(Fault.NONSENSE, f"a line of more than {LONGEST_ANSWER} bytes")
            self._wait(self._from, selectors.EVENT_READ, deadline)
            piece = os.read(self._from, 1 << 16)
            if not piece:
                raise self._crashed(deadline)
            self._heard += piece
        line = bytes(self._heard[:end])
        del self._heard[: end + 1]
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
        return AdapterFault(Fault.NONSENSE, f"{what}: {_legible(line[:LAST_WORDS])}")

    def _crashed(self, deadline: Deadline) -> AdapterFault:
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self._process.wait(timeout=min(GONE_S, deadline.remaining()))
            return AdapterFault(Fault.CRASH, f"it ended with {_ending(code)}{self._last_words()}")
        return AdapterFault(Fault.CRASH, f"it closed its end of the conversation{self._last_words()}")

    def _last_words(self) -> str:
        words, half = _legible(_tail(self._log)), _legible(bytes(self._heard[:LAST_WORDS]))
        return (f"; half a line had come: {half}" if half else "") + (f"; it said: {words}" if words else "")

    def __exit__(self, *_: object) -> None:
        # Its keeper sees to it that what it has started does not outlive the conversation.
        self._process.send_signal(signal.SIGTERM)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            with contextlib.suppress(BrokenPipeError):
                stream.close()


def _ending(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def _tail(log: Path) -> bytes:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - LAST_WORDS))
        return file.read().strip()


def _legible(raw: bytes) -> str:
    """On one line, and fit for any report."""
    text = raw.decode(errors="backslashreplace")
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
