"""`notifyspec record` where many peers connect: nobody keeps another waiting, nobody is lost, each is told apart."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

TIMEOUT_S = 30
Call = Callable[..., Any]


def test_a_peer_that_stalls_blocks_nobody(record: Any, call: Call) -> None:
    recording = record(listen="unix-stream")
    stalled = [call(recording.notify) for _ in range(3)]
    stalled[0].send(b"STATUS=and then")
    for number in range(5):
        peer = call(recording.notify)
        peer.send(b"STATUS=%d" % number)
        peer.end()
    stalled[0].send(b" more")
    stalled[0].end()
    result = recording.end()
    assert result.texts == [f"STATUS={number}" for number in range(5)] + ["STATUS=and then more"]
    assert [event["connection"] for event in result.events] == [3, 4, 5, 6, 7, 0]
    assert "; 8 connections, 2 unfinished" in result.stderr


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


def test_three_hundred_connections_at_once(record: Any, call: Call, scheme: str) -> None:
    recording = record(listen=scheme)
    recording.let_live_flow()
    peers = [call(recording.notify, scheme) for _ in range(300)]
    for number, peer in enumerate(peers):
        peer.send(b"STATUS=%d" % number)
    for peer in reversed(peers):
        peer.end()
    events = recording.end().events
    assert sorted(event["data"] for event in events) == sorted(f"STATUS={number}" for number in range(300))
    assert all(event["data"] == f"STATUS={event['connection']}" for event in events)


def test_sockets_of_several_kinds_are_one_recording(
    record: Any, call: Call, send: Any, tmp_path: Path
) -> None:
    others = {scheme: tmp_path / scheme for scheme in ("unix-seqpacket", "unix-stream")}
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
            peer.end()
    result = recording.end()
    assert result.header["transport"] == "unix-dgram"
    assert result.texts == [f"STATUS={number}" for number in range(3 * n_rounds)]
    times = [event["t"] for event in result.events]
    assert times == sorted(times)
    connections = [event["connection"] for event in result.events if "connection" in event]
    assert connections == list(range(2 * n_rounds))


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
    assert result.texts == [f"STATUS={number}" for number in range(600)]
    assert "600 connections, 0 unfinished" in result.stderr


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
        peer.end()
    result = recording.end()
    assert sorted(result.texts) == sorted(f"STATUS={number}" for number in range(100))
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
    assert sorted(result.texts) == sorted(f"STATUS={number}" for number in range(100))
    assert "100 truncated; 100 connections, 100 unfinished" in result.stderr
