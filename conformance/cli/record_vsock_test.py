"""`notifyspec record` where peers connect: AF_UNIX SEQPACKET and STREAM, in the place of vsock and as vsock."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import resource
import select
import signal
import socket
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

TIMEOUT_S = 30
TYPES = {"unix-seqpacket": socket.SOCK_SEQPACKET, "unix-stream": socket.SOCK_STREAM}
Call = Callable[..., socket.socket]


@pytest.fixture
def call() -> Iterator[Call]:
    """Connects to a path; none of the connections outlives the test."""
    opened: list[socket.socket] = []

    def connect(path: Path, scheme: str = "unix-stream", name: str | None = None) -> socket.socket:
        peer = socket.socket(socket.AF_UNIX, TYPES[scheme])
        opened.append(peer)
        peer.settimeout(TIMEOUT_S)
        if name is not None:
            peer.bind("\0" + name)
        peer.connect(str(path))
        return peer

    yield connect
    for peer in opened:
        peer.close()


def end(peer: socket.socket) -> None:
    """As systemd ends: it sends no more, and waits for the listener to close."""
    peer.shutdown(socket.SHUT_WR)
    assert peer.recv(1) == b""
    peer.close()


def without_times(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: event[name] for name in event if name not in ("t", "kind")} for event in events]


def data(events: list[dict[str, Any]]) -> list[str]:
    return [event["data"] for event in events]


@pytest.mark.parametrize("scheme", TYPES)
def test_a_message_has_its_connection_its_sender_and_the_time_of_its_receipt(
    record: Any, call: Call, scheme: str
) -> None:
    recording = record(listen=scheme)
    before_usec = time.monotonic_ns() // 1000
    for text in (b"READY=1", b"STATUS=up"):
        peer = call(recording.notify, scheme)
        peer.send(text)
        end(peer)
    after_usec = time.monotonic_ns() // 1000
    result = recording.end()
    assert result.header["transport"] == scheme.replace("unix", "vsock")
    times = [result.header["t0_monotonic_usec"] + round(event["t"] * 1e6) for event in result.events]
    assert before_usec <= times[0] <= times[1] <= after_usec
    sender = {"pid": os.getpid(), "uid": os.getuid(), "gid": os.getgid(), "socket_type": scheme[5:]}
    assert without_times(result.events) == [
        {"data": "READY=1", **sender, "connection": 0},
        {"data": "STATUS=up", **sender, "connection": 1},
    ]
    assert result.stderr.endswith("0 truncated; 2 connections, 0 unfinished\n")


@pytest.mark.parametrize("scheme", TYPES)
def test_the_name_of_a_vsock_device_s_end_is_the_guest_s_address(
    record: Any, call: Call, scheme: str
) -> None:
    recording = record(listen=scheme)
    names = [
        f"vsock/4:1023/{os.getpid()}-0",
        f"vsock/04:1023/{os.getpid()}-1",
        f"vsock/4:1023/{os.getpid()}.2",
    ]
    for name in names:
        peer = call(recording.notify, scheme, name)
        peer.send(b"READY=1")
        end(peer)
    first, *others = without_times(recording.end().events)
    assert first == {
        "data": "READY=1",
        "peer_cid": 4,
        "peer_port": 1023,
        "socket_type": scheme[5:],
        "connection": 0,
    }
    assert all("peer_cid" not in event and event["pid"] == os.getpid() for event in others)


def test_each_packet_is_a_message(record: Any, call: Call) -> None:
    recording = record(listen="unix-seqpacket")
    recording.let_live_flow()
    peer = call(recording.notify, "unix-seqpacket")
    packets = [b"A=1", b"", b"B=2\nC=3\n", b"x" * 65536, b"y" * 200_000, b""]
    for packet in packets:
        peer.send(packet)
    end(peer)
    result = recording.end()
    assert data(result.events) == [packet.decode() for packet in packets]
    assert {event["connection"] for event in result.events} == {0}
    assert not any("truncated" in event for event in result.events)


def test_the_segments_of_a_stream_are_one_message(record: Any, call: Call) -> None:
    recording = record(listen="unix-stream")
    recording.let_live_flow()
    peer = call(recording.notify)
    for part in (b"A=1\n", b"B=2\n", b"C=" + b"x" * 100_000):
        peer.sendall(part)
        # Each part is read before the next is written.
        while unread(peer):
            pass
    end(peer)
    (event,) = recording.end().events
    assert event["data"] == "A=1\nB=2\nC=" + "x" * 100_000
    assert "truncated" not in event


def unread(peer: socket.socket) -> bool:
    """Whether the other side has not read everything yet."""
    return struct.unpack("i", fcntl.ioctl(peer, termios.TIOCOUTQ, b"\0" * 4))[0] > 0


@pytest.mark.parametrize("scheme", TYPES)
def test_a_connection_without_a_byte_counts_and_is_no_message(record: Any, call: Call, scheme: str) -> None:
    recording = record(listen=scheme)
    end(call(recording.notify, scheme))
    peer = call(recording.notify, scheme)
    peer.send(b"READY=1")
    end(peer)
    result = recording.end()
    assert [event["connection"] for event in result.events] == [1]
    assert "; 2 connections, 0 unfinished" in result.stderr


def test_a_peer_that_stalls_blocks_nobody(record: Any, call: Call) -> None:
    recording = record(listen="unix-stream")
    stalled = [call(recording.notify) for _ in range(3)]
    stalled[0].send(b"STATUS=and then")
    for number in range(5):
        peer = call(recording.notify)
        peer.send(b"STATUS=%d" % number)
        end(peer)
    stalled[0].send(b" more")
    end(stalled[0])
    result = recording.end()
    assert data(result.events) == [f"STATUS={number}" for number in range(5)] + ["STATUS=and then more"]
    assert [event["connection"] for event in result.events] == [3, 4, 5, 6, 7, 0]
    assert "; 8 connections, 2 unfinished" in result.stderr


def test_what_is_unfinished_at_the_end_is_recorded_as_truncated(record: Any, call: Call) -> None:
    recording = record(listen="unix-stream")
    for text in (b"", b"READY=1\nSTA"):
        call(recording.notify).send(text)
    result = recording.end()
    assert result.code == 0
    (event,) = result.events
    assert (event["data"], event["truncated"], event["connection"]) == ("READY=1\nSTA", True, 1)
    assert "1 messages" in result.stderr and "1 truncated; 2 connections, 2 unfinished" in result.stderr


def test_what_was_sent_until_the_end_is_in_it(record: Any, call: Call) -> None:
    """Neither accepted nor read when it is asked to end: it is stopped meanwhile."""
    recording = record(listen="unix-stream")
    recording.let_live_flow()
    os.kill(recording.process.pid, signal.SIGSTOP)
    peers = [call(recording.notify) for _ in range(600)]
    for number, peer in enumerate(peers):
        peer.send(b"STATUS=%d" % number)
        peer.shutdown(socket.SHUT_WR)
    recording.process.terminate()
    os.kill(recording.process.pid, signal.SIGCONT)
    result = recording.wait()
    assert data(result.events) == [f"STATUS={number}" for number in range(600)]
    assert "600 connections, 0 unfinished" in result.stderr


def test_a_peer_that_never_stops_does_not_keep_it_from_ending(record: Any, call: Call) -> None:
    recording = record(listen="unix-seqpacket")
    recording.let_live_flow()
    flood = subprocess.Popen(
        [
            "/usr/bin/python3",
            "-c",
            "import socket,sys\ns=socket.socket(socket.AF_UNIX,socket.SOCK_SEQPACKET)\ns.connect(sys.argv[1])\n"
            "print(flush=True)\ntry:\n  while True: s.send(b'STATUS=x')\nexcept OSError: pass",
            str(recording.notify),
        ],
        stdout=subprocess.PIPE,
    )
    assert flood.stdout is not None and flood.stdout.readline()
    assert recording.end().code == 0
    flood.communicate(timeout=TIMEOUT_S)


@pytest.mark.parametrize("scheme", TYPES)
def test_three_hundred_connections_at_once(record: Any, call: Call, scheme: str) -> None:
    recording = record(listen=scheme)
    recording.let_live_flow()
    peers = [call(recording.notify, scheme) for _ in range(300)]
    for number, peer in enumerate(peers):
        peer.send(b"STATUS=%d" % number)
    for peer in reversed(peers):
        end(peer)
    events = recording.end().events
    assert sorted(data(events)) == sorted(f"STATUS={number}" for number in range(300))
    assert all(event["data"] == f"STATUS={event['connection']}" for event in events)


# A sanitizer of undefined behaviour needs fds of its own and reports what is not there: run these two without.
def test_connections_wait_where_no_fd_is_free(record: Any, call: Call) -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    recording = record(listen="unix-stream")
    recording.let_live_flow()
    resource.prlimit(recording.process.pid, resource.RLIMIT_NOFILE, (40, limits[1]))
    peers = [call(recording.notify) for _ in range(100)]
    for number, peer in enumerate(peers):
        peer.send(b"STATUS=%d" % number)
    assert b"no file descriptor is free" in recording.process.stderr.readline()
    for peer in peers:
        end(peer)
    result = recording.end()
    assert sorted(data(result.events)) == sorted(f"STATUS={number}" for number in range(100))
    count = result.stderr.splitlines()[-1]
    assert "100 connections, 0 unfinished" in count and "times without a free file descriptor" in count


def test_what_waits_for_an_fd_at_the_end_is_not_lost(record: Any, call: Call) -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    recording = record(listen="unix-stream")
    recording.let_live_flow()
    resource.prlimit(recording.process.pid, resource.RLIMIT_NOFILE, (40, limits[1]))
    for number in range(100):
        call(recording.notify).send(b"STATUS=%d" % number)
    result = recording.end()
    assert sorted(data(result.events)) == sorted(f"STATUS={number}" for number in range(100))
    assert "100 truncated; 100 connections, 100 unfinished" in result.stderr


@pytest.mark.parametrize(("extra", "truncated"), [(0, None), (1, True), (100_000, True)])
@pytest.mark.parametrize("scheme", TYPES)
def test_more_than_the_limit_is_marked_as_truncated(
    record: Any, call: Call, scheme: str, extra: int, truncated: bool | None
) -> None:
    if os.getuid() != 0:
        pytest.skip("only root may send so much at once")
    recording = record(listen=scheme)
    recording.let_live_flow()
    peer = call(recording.notify, scheme)
    peer.setsockopt(socket.SOL_SOCKET, 32, 1 << 21)
    peer.sendall(b"x" * (262_144 + extra))
    end(peer)
    (event,) = recording.end().events
    assert len(event["data"]) == 262_144
    assert event.get("truncated") is truncated


@pytest.mark.parametrize("scheme", TYPES)
def test_fds_are_counted_and_closed(record: Any, call: Call, scheme: str) -> None:
    recording = record(listen=scheme)
    peer = call(recording.notify, scheme)
    reader, writer = os.pipe()
    socket.send_fds(peer, [b"FDSTORE=1"], [writer] * 3)
    os.close(writer)
    assert select.select([reader], [], [], TIMEOUT_S)[0] and os.read(reader, 1) == b""
    os.close(reader)
    end(peer)
    (event,) = recording.end().events
    assert event["fds"] == 3


def test_sockets_of_several_kinds_are_one_recording(
    record: Any, call: Call, send: Any, tmp_path: Path
) -> None:
    others = {scheme: tmp_path / scheme for scheme in TYPES}
    recording = record(
        *[word for scheme, path in others.items() for word in ("--listen", f"{scheme}:{path}")]
    )
    n_rounds = 100
    recording.let_live_flow()
    for number in range(n_rounds):
        send(recording.notify, b"STATUS=%d" % (3 * number))
        for place, (scheme, path) in enumerate(others.items(), 1):
            peer = call(path, scheme)
            peer.send(b"STATUS=%d" % (3 * number + place))
            end(peer)
    result = recording.end()
    assert result.header["transport"] == "unix-dgram"
    assert data(result.events) == [f"STATUS={number}" for number in range(3 * n_rounds)]
    times = [event["t"] for event in result.events]
    assert times == sorted(times)
    connections = [event["connection"] for event in result.events if "connection" in event]
    assert connections == list(range(2 * n_rounds))


def test_the_caller_may_say_what_the_transport_was(record: Any) -> None:
    result = record("--transport", "vsock-stream", "--machine", "qemu", listen="unix-seqpacket").end()
    assert (result.header["transport"], result.header["machine"]) == ("vsock-stream", "qemu")


def test_control_over_a_stream_may_say_how_old_an_event_is(record: Any, call: Call) -> None:
    recording = record(control="unix-stream")
    time.sleep(0.2)  # so that there is a past to speak of
    event = {"kind": "observation", "subject": "process", "value": "generator"}
    before_usec = time.monotonic_ns() // 1000
    for age in ({"age_usec": 150_000}, {}):
        peer = call(recording.control)
        peer.sendall(json.dumps(event | age).encode())
        end(peer)
    after_usec = time.monotonic_ns() // 1000
    result = recording.end()
    t0_usec = result.header["t0_monotonic_usec"]
    aged, fresh = (t0_usec + round(seen["t"] * 1e6) for seen in result.events)
    assert before_usec - 150_000 <= aged <= after_usec - 150_000
    assert before_usec <= fresh <= after_usec
    assert [seen | {"t": 0} for seen in result.events] == [event | {"t": 0}] * 2
    assert "connections" not in result.stderr  # those of the control socket are not the recording's


def test_control_over_packets_is_one_event_a_packet(record: Any, call: Call) -> None:
    recording = record(control="unix-seqpacket")
    peer = call(recording.control, "unix-seqpacket", f"vsock/7:2000/{os.getpid()}")
    for phase in ("started", "lost", "ready"):
        peer.send(json.dumps({"kind": "phase", "phase": phase}).encode())
    end(peer)
    result = recording.end()
    assert [event["phase"] for event in result.events] == ["started", "ready"]
    assert "a control datagram of CID 7 port 2000 is refused" in result.stderr


def test_max_messages_ends_it_in_the_middle(record: Any, call: Call) -> None:
    recording = record("--max-messages", 3, listen="unix-seqpacket")
    peer = call(recording.notify, "unix-seqpacket")
    with contextlib.suppress(BrokenPipeError):  # it may have ended by then
        for number in range(10):
            peer.send(b"STATUS=%d" % number)
    result = recording.wait()
    assert data(result.events) == ["STATUS=0", "STATUS=1", "STATUS=2"]
    assert "; 1 connections, 1 unfinished" in result.stderr


def test_a_socket_of_another_type_that_lives_is_not_replaced(notifyspec: Any, tmp_path: Path) -> None:
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        listener.listen()
        done = notifyspec("record", "--listen", f"unix-seqpacket:{path}", "--for", "0")
        assert done.returncode == 5 and "somebody listens there" in done.stderr
    assert notifyspec("record", "--listen", f"unix-seqpacket:{path}", "--for", "0").returncode == 0
    assert not path.exists()


LOOPBACK = 1  # VMADDR_CID_LOCAL


def why_no_loopback() -> str | None:
    """Why nobody can be reached over vsock on this machine itself; nothing where it works."""
    try:
        with socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM) as listener:
            listener.bind((LOOPBACK, socket.VMADDR_PORT_ANY))
            listener.listen()
            with socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM) as peer:
                peer.settimeout(5)
                peer.connect((LOOPBACK, listener.getsockname()[1]))
    except OSError as error:
        return f"no vsock to this machine itself: {errno.errorcode.get(error.errno or 0, '?')}"
    return None


@pytest.mark.parametrize("scheme", ["vsock", "vsock-seqpacket", "vsock-stream"])
def test_a_message_over_vsock(notifyspec: Any, tmp_path: Path, scheme: str) -> None:
    if (reason := why_no_loopback()) is not None:
        pytest.skip(reason)
    trace, port = tmp_path / "trace.jsonl", 50_000 + os.getpid() % 10_000
    command = [
        notifyspec.program,
        "record",
        "--listen",
        f"{scheme}:{LOOPBACK}:{port}",
        "--output",
        trace,
        "--live",
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as recorder:
        assert recorder.stdout is not None and recorder.stdin is not None
        recorder.stdout.readline()
        kind = socket.SOCK_STREAM if scheme == "vsock-stream" else socket.SOCK_SEQPACKET
        with socket.socket(socket.AF_VSOCK, kind) as peer:
            peer.settimeout(TIMEOUT_S)
            peer.connect((LOOPBACK, port))
            own_port = peer.getsockname()[1]
            peer.sendall(b"READY=1\nX=" + b"x" * 65_000)
            end(peer)
        recorder.stdin.close()
    header, event = map(json.loads, trace.read_text().splitlines())
    assert header["transport"] == ("vsock-stream" if scheme == "vsock-stream" else "vsock-seqpacket")
    assert (event["peer_cid"], event["peer_port"], len(event["data"])) == (LOOPBACK, own_port, 65_010)
    assert "pid" not in event
