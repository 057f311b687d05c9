"""`notifyspec record` and AF_VSOCK: the sockets themselves, and the names that stand for them on AF_UNIX."""

from __future__ import annotations

import errno
import json
import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

LOOPBACK = 1  # VMADDR_CID_LOCAL
Call = Callable[..., Any]


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
        peer.end()
    first, *others = recording.end().events
    del first["t"]
    assert first == {
        "kind": "message",
        "data": "READY=1",
        "peer_cid": 4,
        "peer_port": 1023,
        "socket_type": scheme[5:],
        "connection": 0,
    }
    assert all("peer_cid" not in event and event["pid"] == os.getpid() for event in others)


def test_the_caller_may_say_what_the_transport_was(record: Any) -> None:
    result = record("--transport", "vsock-stream", "--machine", "qemu", listen="unix-seqpacket").end()
    assert (result.header["transport"], result.header["machine"]) == ("vsock-stream", "qemu")


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
def test_a_message_over_vsock(notifyspec: Any, call: Call, tmp_path: Path, scheme: str) -> None:
    if (reason := why_no_loopback()) is not None:
        pytest.skip(reason)
    trace, port = tmp_path / "trace.jsonl", 50_000 + os.getpid() % 10_000
    listen = ["--listen", f"{scheme}:{LOOPBACK}:{port}", "--output", trace, "--live"]
    command = [notifyspec.program, "record", *listen]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as recorder:
        assert recorder.stdout is not None and recorder.stdin is not None
        recorder.stdout.readline()
        peer = call((LOOPBACK, port), scheme)
        own_port = peer.getsockname()[1]
        peer.sendall(b"READY=1\nX=" + b"x" * 65_000)
        peer.end()
        recorder.stdin.close()
    header, event = map(json.loads, trace.read_text().splitlines())
    assert header["transport"] == ("vsock-stream" if scheme == "vsock-stream" else "vsock-seqpacket")
    assert (event["peer_cid"], event["peer_port"], len(event["data"])) == (LOOPBACK, own_port, 65_010)
    assert "pid" not in event
