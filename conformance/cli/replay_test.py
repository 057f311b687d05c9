"""`notifyspec replay` as a user meets it."""

from __future__ import annotations

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

HEADER = {
    "format": 1,
    "transport": "unix-dgram",
    "kernel": "6.12.0",
    "recorded": "2026-08-01",
    "t0_monotonic_usec": 0,
}
EVENTS = [
    {"t": 0.5, "kind": "phase", "phase": "started"},
    {"t": 1, "kind": "message", "data": "X_SYSTEMD_HOSTNAME=box", "pid": 1, "uid": 0, "gid": 0},
    {"t": 1.05, "kind": "message", "data": "READY=1\nSTATUS=up"},
    {"t": 1.05, "kind": "message", "data": "", "fds": 1},
    {"t": 1.1, "kind": "message", "data_base64": "QT0xAP8=", "fds": 253},
    {"t": 1.2, "kind": "action", "action": "halt"},
    {"t": 1.25, "kind": "message", "data": "x" * 100_000},
]


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    return write_trace(tmp_path / "trace.jsonl", EVENTS)


def write_trace(path: Path, events: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in [HEADER, *events]), encoding="utf-8")
    return path


def content(events: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What a replay reproduces."""
    messages = [event for event in events if event["kind"] == "message"]
    return [(event.get("data"), event.get("data_base64"), event.get("fds", 0)) for event in messages]


def test_a_recording_of_a_replay_has_the_same_messages(notifyspec: Any, record: Any, trace: Path) -> None:
    recording = record()
    done = notifyspec("replay", trace, "--to", f"unix:{recording.notify}", "--speed", "max")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "5 messages sent\n")
    assert content(recording.end().events) == content(EVENTS)


def test_an_abstract_socket_is_reached_by_its_exact_name(notifyspec: Any, trace: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind("")  # the kernel chooses an abstract name
        name = listener.getsockname()[1:].decode()
        assert notifyspec("replay", trace, "--to", f"@{name}", "--speed", "max").returncode == 0
        assert listener.recv(100) == b"X_SYSTEMD_HOSTNAME=box"
        assert notifyspec("replay", trace, "--to", f"@{name}x", "--speed", "max").returncode == 5


@pytest.mark.parametrize(("speed", "factor"), [(None, 1), ("0.5", 0.5), ("4", 4)])
def test_the_pace_is_that_of_the_trace(
    notifyspec: Any, record: Any, trace: Path, speed: str | None, factor: float
) -> None:
    recording = record()
    arguments = [] if speed is None else ["--speed", speed]
    began_usec = time.monotonic_ns() // 1000
    assert notifyspec("replay", trace, "--to", recording.notify, *arguments).returncode == 0
    ended = recording.end()
    wanted = [event["t"] for event in EVENTS if event["kind"] == "message"]
    for event, then in zip(ended.events, wanted, strict=True):
        # Never early; how late depends on what the machine is busy with, and fails nobody.
        sent_usec = ended.header["t0_monotonic_usec"] + round(event["t"] * 1e6)
        assert sent_usec - began_usec >= (then - wanted[0]) * 1e6 / factor


def test_a_long_trace_arrives_whole_and_in_order(notifyspec: Any, record: Any, tmp_path: Path) -> None:
    sent = [{"t": 0, "kind": "message", "data": f"STATUS={number}"} for number in range(20_000)]
    long_trace = write_trace(tmp_path / "long.jsonl", sent)
    recording = record("--max-messages", len(sent))
    recording.let_live_flow()
    assert notifyspec("replay", long_trace, "--to", recording.notify, "--speed", "max").returncode == 0
    assert content(recording.wait().events) == content(sent)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('{"t":2,"kind":"message","data":"A=1","foo":1}', 'unknown member "foo"'),
        ('{"t":2,"kind":"message","da', "not JSON"),
        ('{"t":2,"kind":"message","data":"A=1","fds":254}', "254 fds: one datagram carries 253"),
        ('{"t":0,"kind":"message","data":"A=1"}', "t runs backwards"),
    ],
)
def test_nothing_of_a_broken_trace_is_sent(
    notifyspec: Any, record: Any, trace: Path, line: str, complaint: str
) -> None:
    with trace.open("a") as file:
        file.write(line + "\n")
    recording = record()
    done = notifyspec("replay", trace, "--to", recording.notify, "--speed", "max")
    assert done.returncode == 2
    assert f"{trace}:9: {complaint}" in done.stderr
    assert recording.end().events == []


def test_where_nobody_listens_it_is_the_environment(notifyspec: Any, trace: Path, tmp_path: Path) -> None:
    stale = tmp_path / "stale"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as left_behind:
        left_behind.bind(str(stale))
    for address in (stale, tmp_path / "absent", "vsock:2:1234"):
        done = notifyspec("replay", trace, "--to", address)
        assert done.returncode == 5
        assert str(address) in done.stderr


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["absent.jsonl", "--to", "@n"], "absent.jsonl: cannot open"),
        ([".", "--to", "@n"], ".: cannot read: Is a directory"),
        (["-", "--to", "@n"], "must be a regular file"),
        (["TRACE", "--to", "n"], "neither an absolute path"),
        (["TRACE"], "--to"),
        (["TRACE", "--to", "@n", "--speed", "0"], "--speed 0"),
        (["TRACE", "--to", "@n", "--speed", "-1"], "--speed -1"),
        (["TRACE", "--to", "@n", "--speed", "inf"], "--speed inf"),
        (["TRACE", "--to", "@n", "--speed", "fast"], "--speed fast"),
    ],
)
def test_wrong_usage_is_named(notifyspec: Any, trace: Path, arguments: list[str], complaint: str) -> None:
    done = notifyspec("replay", *[trace if argument == "TRACE" else argument for argument in arguments])
    assert done.returncode == 2
    assert complaint in done.stderr


def test_a_trace_without_messages_sends_none(notifyspec: Any, record: Any, tmp_path: Path) -> None:
    recording = record()
    start = time.monotonic()
    done = notifyspec("replay", write_trace(tmp_path / "quiet.jsonl", EVENTS[:1]), "--to", recording.notify)
    assert (done.returncode, done.stderr) == (0, "0 messages sent\n")
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("scheme", ["unix-seqpacket", "unix-stream"])
def test_over_connections_each_message_has_its_own(
    notifyspec: Any, record: Any, tmp_path: Path, scheme: str
) -> None:
    events = [event for event in EVENTS if event.get("data") != ""]  # a stream has no empty message
    recording = record(listen=scheme)
    recording.let_live_flow()
    done = notifyspec(
        "replay",
        write_trace(tmp_path / "t.jsonl", events),
        "--to",
        f"{scheme}:{recording.notify}",
        "--speed",
        "max",
    )
    assert (done.returncode, done.stderr) == (0, "4 messages sent\n")
    result = recording.end()
    assert content(result.events) == content(events)
    assert [event["connection"] for event in result.events] == [0, 1, 2, 3]
    assert {event["socket_type"] for event in result.events} == {scheme[5:]}


def test_an_empty_message_is_an_empty_packet_and_of_a_stream_only_a_connection(
    notifyspec: Any, record: Any, tmp_path: Path
) -> None:
    trace = write_trace(tmp_path / "t.jsonl", [{"t": 0, "kind": "message", "data": ""}])
    for scheme, data in (("unix-seqpacket", [""]), ("unix-stream", [])):
        recording = record(listen=scheme)
        assert notifyspec("replay", trace, "--to", f"{scheme}:{recording.notify}").returncode == 0
        result = recording.end()
        assert [event["data"] for event in result.events] == data
        assert "; 1 connections, 0 unfinished" in result.stderr


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (None, "did not close the connection within 0.2 s"),
        (b"x", "the listener sent something back: Protocol error"),
    ],
)
def test_a_listener_that_does_not_close_is_named(
    notifyspec: Any, trace: Path, tmp_path: Path, answer: bytes | None, complaint: str
) -> None:
    path = tmp_path / "listener"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener, ThreadPoolExecutor() as pool:
        listener.bind(str(path))
        listener.listen()
        to = ["--to", f"unix-stream:{path}", "--speed", "max", "--patience", "0.2"]
        replay = pool.submit(notifyspec, "replay", trace, *to)
        peer = listener.accept()[0]
        if answer is not None:
            peer.sendall(answer)
        done = replay.result(60)
        peer.close()
    assert done.returncode == 5
    assert "0 messages sent" in done.stderr and complaint in done.stderr


def test_over_connections_too_nobody_there_is_the_environment(
    notifyspec: Any, trace: Path, tmp_path: Path
) -> None:
    for address in (f"unix-stream:{tmp_path}/absent", "unix-seqpacket:@absent", "vsock-stream:2:1"):
        done = notifyspec("replay", trace, "--to", address)
        assert done.returncode == 5
        assert f"nobody can be reached on {address}" in done.stderr


def test_an_untyped_vsock_address_is_tried_with_datagrams_and_then_with_packets(
    notifyspec: Any, trace: Path
) -> None:
    done = notifyspec("replay", trace, "--to", "vsock:2:1")
    if done.returncode == 0:
        pytest.skip("somebody listens on vsock:2:1")
    assert "vsock:2:1 (dgram)" in done.stderr
    if "(seqpacket)" not in done.stderr:
        pytest.skip("this kernel has vsock datagrams")
    assert "(stream)" not in done.stderr


@pytest.mark.parametrize("patience", ["0", "-1", "soon"])
def test_patience_is_a_time(notifyspec: Any, trace: Path, patience: str) -> None:
    done = notifyspec("replay", trace, "--to", "unix-stream:@n", "--patience", patience)
    assert done.returncode == 2 and "--patience" in done.stderr


def test_any_cid_is_nobody_to_send_to(notifyspec: Any, trace: Path) -> None:
    assert notifyspec("replay", trace, "--to", "vsock::1").returncode == 2
