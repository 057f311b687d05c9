"""`notifyspec record` where peers connect: what one connection, SEQPACKET or STREAM, makes of what it brings."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import socket
import struct
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TIMEOUT_S = 30
Call = Callable[..., Any]


def test_a_message_has_its_connection_its_sender_and_the_time_of_its_receipt(
    record: Any, call: Call, scheme: str
) -> None:
    recording = record(listen=scheme)
    before_usec = now_usec()
    for text in (b"READY=1", b"STATUS=up"):
        peer = call(recording.notify, scheme)
        peer.send(text)
        peer.end()
    after_usec = now_usec()
    result = recording.end()
    assert result.header["transport"] == scheme.replace("unix", "vsock")
    times = [result.header["t0_monotonic_usec"] + round(event["t"] * 1e6) for event in result.events]
    assert before_usec <= times[0] <= times[1] <= after_usec
    sender = {"pid": os.getpid(), "uid": os.getuid(), "gid": os.getgid(), "socket_type": scheme[5:]}
    assert [event | {"t": 0} for event in result.events] == [
        {"t": 0, "kind": "message", "data": "READY=1", **sender, "connection": 0},
        {"t": 0, "kind": "message", "data": "STATUS=up", **sender, "connection": 1},
    ]
    assert result.stderr.endswith("0 truncated; 2 connections, 0 unfinished\n")


def test_each_packet_is_a_message(record: Any, call: Call) -> None:
    recording = record(listen="unix-seqpacket")
    recording.let_live_flow()
    peer = call(recording.notify, "unix-seqpacket")
    packets = [b"A=1", b"", b"B=2\nC=3\n", b"x" * 65536, b"y" * 200_000, b""]
    for packet in packets:
        peer.send(packet)
    peer.end()
    result = recording.end()
    assert result.texts == [packet.decode() for packet in packets]
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
    peer.end()
    (event,) = recording.end().events
    assert event["data"] == "A=1\nB=2\nC=" + "x" * 100_000
    assert "truncated" not in event


def unread(peer: socket.socket) -> bool:
    """Whether the other side has not read everything yet."""
    return struct.unpack("i", fcntl.ioctl(peer, termios.TIOCOUTQ, b"\0" * 4))[0] > 0


def test_a_connection_without_a_byte_counts_and_is_no_message(record: Any, call: Call, scheme: str) -> None:
    recording = record(listen=scheme)
    call(recording.notify, scheme).end()
    peer = call(recording.notify, scheme)
    peer.send(b"READY=1")
    peer.end()
    result = recording.end()
    assert [event["connection"] for event in result.events] == [1]
    assert "; 2 connections, 0 unfinished" in result.stderr


def test_what_is_unfinished_at_the_end_is_recorded_as_truncated(record: Any, call: Call) -> None:
    recording = record(listen="unix-stream")
    for text in (b"", b"READY=1\nSTA"):
        call(recording.notify).send(text)
    result = recording.end()
    assert result.code == 0
    (event,) = result.events
    assert (event["data"], event["truncated"], event["connection"]) == ("READY=1\nSTA", True, 1)
    assert "1 messages" in result.stderr and "1 truncated; 2 connections, 2 unfinished" in result.stderr


@pytest.mark.parametrize(("extra", "truncated"), [(0, None), (1, True), (100_000, True)])
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
    peer.end()
    (event,) = recording.end().events
    assert len(event["data"]) == 262_144
    assert event.get("truncated") is truncated


def test_fds_are_counted_and_closed(record: Any, call: Call, scheme: str) -> None:
    recording = record(listen=scheme)
    peer = call(recording.notify, scheme)
    reader, writer = os.pipe()
    socket.send_fds(peer, [b"FDSTORE=1"], [writer] * 3)
    os.close(writer)
    assert select.select([reader], [], [], TIMEOUT_S)[0] and os.read(reader, 1) == b""
    os.close(reader)
    peer.end()
    (event,) = recording.end().events
    assert event["fds"] == 3


def test_max_messages_ends_it_in_the_middle(record: Any, call: Call) -> None:
    recording = record("--max-messages", 3, listen="unix-seqpacket")
    peer = call(recording.notify, "unix-seqpacket")
    with contextlib.suppress(BrokenPipeError):  # it may have ended by then
        for number in range(10):
            peer.send(b"STATUS=%d" % number)
    result = recording.wait()
    assert result.texts == ["STATUS=0", "STATUS=1", "STATUS=2"]
    assert "; 1 connections, 1 unfinished" in result.stderr


def test_control_over_a_stream_may_say_how_old_an_event_is(record: Any, call: Call) -> None:
    recording = record(control="unix-stream")

    def tell(value: str, **age: int) -> None:
        peer = call(recording.control)
        event = {"kind": "observation", "subject": "process", "value": value}
        peer.sendall(json.dumps(event | age).encode())
        peer.end()

    listening_usec = now_usec()
    n_fresh = 100  # so much happens first that there is a past to speak of, far longer than one event takes
    for _ in range(n_fresh):
        tell("generator")
    before_usec = now_usec()
    age_usec = before_usec - listening_usec
    tell("unit", age_usec=age_usec)
    after_usec = now_usec()
    result = recording.end()
    t0_usec = result.header["t0_monotonic_usec"]
    times: dict[str, list[int]] = {"generator": [], "unit": []}
    for seen in result.events:
        times[seen["value"]].append(t0_usec + round(seen["t"] * 1e6))
    (aged,) = times["unit"]
    assert listening_usec <= aged <= after_usec - age_usec
    assert len(times["generator"]) == n_fresh
    assert all(listening_usec <= fresh <= before_usec for fresh in times["generator"])
    assert "age_usec" not in str(result.events)
    assert "connections" not in result.stderr  # those of the control socket are not the recording's


def now_usec() -> int:
    return time.monotonic_ns() // 1000


def test_control_over_packets_is_one_event_a_packet(record: Any, call: Call) -> None:
    recording = record(control="unix-seqpacket")
    peer = call(recording.control, "unix-seqpacket", f"vsock/7:2000/{os.getpid()}")
    for phase in ("started", "lost", "ready"):
        peer.send(json.dumps({"kind": "phase", "phase": phase}).encode())
    peer.end()
    result = recording.end()
    assert [event["phase"] for event in result.events] == ["started", "ready"]
    assert "a control datagram of CID 7 port 2000 is refused" in result.stderr


def test_a_socket_of_another_type_that_lives_is_not_replaced(notifyspec: Any, tmp_path: Path) -> None:
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        listener.listen()
        done = notifyspec("record", "--listen", f"unix-seqpacket:{path}", "--for", "0")
        assert done.returncode == 5 and "somebody listens there" in done.stderr
    assert notifyspec("record", "--listen", f"unix-seqpacket:{path}", "--for", "0").returncode == 0
    assert not path.exists()
