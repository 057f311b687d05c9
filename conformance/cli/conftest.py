"""A recording in progress: the tool listening, and what a test sends to it."""

from __future__ import annotations

import array
import json
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

Line = dict[str, Any]
TIMEOUT_S = 60


class Recording:
    """`notifyspec record --live`, from the moment at which it listens."""

    def __init__(
        self, program: Path, folder: Path, *arguments: object, listen: str = "unix", control: str = "unix"
    ) -> None:
        self.reader: subprocess.Popen[bytes] | None = None
        self.notify = folder / "notify"
        self.control = folder / "control"
        self.output = folder / "trace.jsonl"
        command = [program, "record", "--listen", f"{listen}:{self.notify}"]
        command += ["--control", f"{control}:{self.control}"]
        command += ["--output", self.output, "--live", *arguments]
        self.process = subprocess.Popen(
            list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert self.live() == {"kind": "listening"}, self.process.communicate(timeout=TIMEOUT_S)[1]

    def live(self) -> Line:
        """The next line of --live."""
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline() or b"null")

    def let_live_flow(self) -> None:
        """Reads the lines of --live from now on, and keeps none: who does not read them holds up the recording."""
        self.reader = subprocess.Popen(["cat"], stdin=self.process.stdout, stdout=subprocess.DEVNULL)

    def end(self, signal_number: int = signal.SIGTERM) -> SimpleNamespace:
        """Asks it to end; gives its exit code, what it still printed, and its header and events."""
        self.process.send_signal(signal_number)
        return self.wait()

    def wait(self) -> SimpleNamespace:
        """The same without asking. Its standard input stays open: the end of that would be asking, too."""
        stdout, stderr = self.process.stdout.read(), self.process.stderr.read()
        self.process.wait(timeout=TIMEOUT_S)
        # Not splitlines(): characters that JSON does not escape are ends of lines to that.
        header, *events = map(json.loads, self.output.read_text(encoding="utf-8").rstrip("\n").split("\n"))
        return SimpleNamespace(
            code=self.process.returncode,
            stdout=stdout.decode(),
            stderr=stderr.decode(),
            header=header,
            events=events,
            texts=[event.get("data") for event in events],
        )


@pytest.fixture
def record(notifyspec: Any, tmp_path: Path) -> Iterator[Callable[..., Recording]]:
    """Starts recordings; none outlives the test."""
    started: list[Recording] = []

    def start(*arguments: object, **schemes: str) -> Recording:
        folder = tmp_path / f"recording{len(started)}"
        folder.mkdir()
        started.append(Recording(notifyspec.program, folder, *arguments, **schemes))
        return started[-1]

    yield start
    for recording in started:
        recording.process.kill()
        for stream in (recording.process.stdin, recording.process.stdout, recording.process.stderr):
            if stream is not None:
                stream.close()
        recording.process.wait()
        if recording.reader is not None:
            recording.reader.wait()


@pytest.fixture
def send() -> Iterator[Callable[..., None]]:
    """Sends one datagram to an address, with so many fds of a socket pair."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender, socket.socket() as carried:
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)

        def send_one(address: Path | str, data: bytes, n_fds: int = 0) -> None:
            fds = array.array("i", [carried.fileno()] * n_fds)
            ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)] if n_fds else []
            sender.sendmsg([data], ancillary, 0, str(address))

        yield send_one


class Peer(socket.socket):
    """Somebody who has connected to a recording."""

    def end(self) -> None:
        """As systemd ends: it sends no more, and waits for the listener to close."""
        self.shutdown(socket.SHUT_WR)
        assert self.recv(1) == b""
        self.close()


@pytest.fixture(params=["unix-seqpacket", "unix-stream"])
def scheme(request: Any) -> str:
    """Of an endpoint that takes connections."""
    return str(request.param)


@pytest.fixture
def call() -> Iterator[Callable[..., Peer]]:
    """Connects to a path, or to a CID and port; none of the connections outlives the test."""
    opened: list[Peer] = []

    def connect(where: Path | tuple[int, int], scheme: str = "unix-stream", name: str | None = None) -> Peer:
        kind = socket.SOCK_STREAM if scheme.endswith("stream") else socket.SOCK_SEQPACKET
        peer = Peer(socket.AF_UNIX if isinstance(where, Path) else socket.AF_VSOCK, kind)
        opened.append(peer)
        peer.settimeout(TIMEOUT_S)
        if name is not None:
            peer.bind("\0" + name)
        peer.connect(str(where) if isinstance(where, Path) else where)
        return peer

    yield connect
    for peer in opened:
        peer.close()
