"""The program from outside: what it prints, how it ends, and what a VMM and host programs may do to it."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import socket
import stat
import struct
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

TIMEOUT_S = 60
GET_FEATURES, SET_OWNER, SET_MEM_TABLE, SET_VRING_NUM, GET_CONFIG = 1, 3, 5, 8, 24


class Device:
    """It runs, from the moment at which it listens."""

    def __init__(
        self, program: Path, folder: Path, *arguments: str, preexec: Callable[[], None] | None = None
    ) -> None:
        self.socket = folder / "vmm"
        self.door = folder / "door"
        command = [
            program,
            "--socket",
            self.socket,
            "--cid",
            "5",
            "--connect",
            f"stream:{self.door}",
            *arguments,
        ]
        self.process = subprocess.Popen(
            list(map(str, command)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=preexec,
        )
        assert self.process.stdout is not None
        self.announced = json.loads(self.process.stdout.readline() or "null")

    def connect(self) -> socket.socket:
        vmm = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        vmm.settimeout(TIMEOUT_S)
        vmm.connect(str(self.socket))
        return vmm

    def ended(self) -> tuple[int, str]:
        """Its exit code and what it said; a hang is a failure. Its standard input stays open."""
        assert self.process.stderr is not None
        said = self.process.stderr.read()
        return self.process.wait(timeout=TIMEOUT_S), said


@pytest.fixture
def start(program: Path, tmp_path: Path) -> Iterator[Callable[..., Device]]:
    devices: list[Device] = []

    def one(*arguments: str) -> Device:
        devices.append(Device(program, tmp_path, *arguments))
        return devices[-1]

    yield one
    for device in devices:
        if device.process.poll() is None:
            device.process.kill()
        with device.process:  # closes its pipes, and waits
            pass


def message(request: int, body: bytes = b"", flags: int = 1) -> bytes:
    return struct.pack("<III", request, flags, len(body)) + body


def features(vmm: socket.socket) -> int:
    """Asks as a VMM does first; so the program has taken it."""
    vmm.sendall(message(GET_FEATURES))
    request, flags, size, value = struct.unpack("<IIIQ", vmm.recv(20, socket.MSG_WAITALL))
    assert (request, flags, size) == (GET_FEATURES, 5, 8)
    return value


def test_it_says_where_it_listens_and_only_its_owner_may_come(start: Callable[..., Device]) -> None:
    device = start()
    assert device.announced == {"listening": str(device.socket)}
    for path in (device.socket, device.door):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, None])
def test_it_ends_when_asked_counts_and_leaves_no_file(
    start: Callable[..., Device], ending: int | None
) -> None:
    device = start()
    with device.connect() as vmm:
        features(vmm)
        if ending is None:
            assert device.process.stdin is not None
            device.process.stdin.close()
        else:
            device.process.send_signal(ending)
        code, said = device.ended()
    assert code == 0
    assert said.startswith("notifyspec-vsock: 0 connections, 0 refused")
    assert device.process.stdout is not None
    assert json.loads(device.process.stdout.read()) == {"lost": {"guest_to_host": 0, "host_to_guest": 0}}
    assert not device.socket.exists() and not device.door.exists()


def test_a_second_vmm_is_turned_away_and_the_first_goes_on(start: Callable[..., Device]) -> None:
    device = start()
    with device.connect() as first:
        features(first)
        with device.connect() as second:
            assert second.recv(1) == b""
        features(first)
    with device.connect() as third:
        features(third)
    device.process.terminate()
    code, said = device.ended()
    assert code == 0
    assert said.count("a second VMM is turned away") == 1


def test_once_it_ends_with_the_vmm(start: Callable[..., Device]) -> None:
    device = start("--once")
    with device.connect() as vmm:
        features(vmm)
    assert device.ended()[0] == 0


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (message(GET_FEATURES, flags=2), "version 2"),
        (message(99), "not known here"),
        (struct.pack("<III", GET_FEATURES, 1, 1 << 30), "a body of 1073741824 bytes"),
        (message(SET_VRING_NUM, struct.pack("<II", 7, 8)), "there is no ring 7"),
        (message(GET_CONFIG, struct.pack("<III", 0, 8, 0)), "not as long as it says"),
        (message(GET_FEATURES)[:5], "in the middle of a message"),
    ],
)
def test_a_vmm_that_talks_nonsense_is_left_and_the_next_served(
    start: Callable[..., Device], bad: bytes, why: str
) -> None:
    device = start()
    with device.connect() as vmm:
        vmm.sendall(bad)
        vmm.shutdown(socket.SHUT_WR)
        assert vmm.recv(1) == b""
    with device.connect() as vmm:
        features(vmm)
    device.process.terminate()
    code, said = device.ended()
    assert code == 0
    assert why in said


def test_a_vmm_may_hand_its_memory_over(start: Callable[..., Device]) -> None:
    device = start()
    memory = os.memfd_create("memory")
    os.ftruncate(memory, 4096)
    table = struct.pack("<II4Q", 1, 0, 0, 4096, 0, 0)
    with device.connect() as vmm:
        socket.send_fds(vmm, [message(SET_MEM_TABLE, table)], [memory])
        features(vmm)
    os.close(memory)


def test_a_message_may_come_in_pieces(start: Callable[..., Device]) -> None:
    device = start()
    with device.connect() as vmm:
        for byte in message(SET_OWNER):
            vmm.sendall(bytes([byte]))
        assert features(vmm) & 3 == 3
    with device.connect() as vmm:
        vmm.sendall(message(GET_CONFIG, struct.pack("<III", 0, 8, 0) + bytes(8)))
        assert vmm.recv(32, socket.MSG_WAITALL)[-8:] == struct.pack("<Q", 5)


def test_without_seqpacket_it_is_not_offered(start: Callable[..., Device]) -> None:
    with start("--fault", "no-seqpacket").connect() as vmm:
        assert features(vmm) & 3 == 1


def test_the_door_is_closed_while_there_is_no_guest(start: Callable[..., Device]) -> None:
    device = start()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as visitor:
        visitor.settimeout(TIMEOUT_S)
        visitor.connect(str(device.door))
        visitor.sendall(b"CONNECT 22\n")
        assert visitor.recv(64) == b""


def test_who_comes_while_it_has_no_descriptor_left_waits_for_one(program: Path, tmp_path: Path) -> None:
    """Visitors of the door are left to wait as long as it has none for them; it goes on meanwhile."""
    few = 16

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (few, few))

    device = Device(program, tmp_path, preexec=limited)
    with device.process, contextlib.ExitStack() as stack:
        vmm = stack.enter_context(device.connect())
        features(vmm)
        visitors = []
        for _ in range(few):
            visitors.append(stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)))
            visitors[-1].settimeout(TIMEOUT_S)
            visitors[-1].connect(str(device.door))
        features(vmm)
        for visitor in visitors:  # each that goes makes room for another, and there is no guest to let it in
            visitor.sendall(b"CONNECT 22\n")
            assert visitor.recv(64) == b""
        features(vmm)
        device.process.terminate()
        assert device.ended()[0] == 0


def test_a_listening_socket_may_be_handed_over(program: Path, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(tmp_path / "vmm"))
        listener.listen()
        number = listener.fileno()
        command = [str(program), "--socket-fd", str(number), "--cid", "5", "--once"]
        process = subprocess.Popen(
            command, pass_fds=[number], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert json.loads(process.stdout.readline()) == {"listening": number}
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as vmm:
            vmm.connect(str(tmp_path / "vmm"))
            features(vmm)
        assert process.wait(timeout=TIMEOUT_S) == 0
        process.stdout.close()
