"""`notifyspec record` as a harness and a system under test meet it."""

from __future__ import annotations

import base64
import json
import os
import resource
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Send = Callable[..., None]


def bytes_of(message: dict[str, Any]) -> bytes:
    if "data_base64" in message:
        return base64.b64decode(message["data_base64"])
    return message["data"].encode()


def open_fds(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


@pytest.fixture
def control() -> Any:
    """Tells the control socket of a recording something."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as teller:

        def tell(recording: Any, event: Any) -> None:
            data = event if isinstance(event, bytes) else json.dumps(event).encode()
            teller.sendto(data, str(recording.control))

        yield tell


def test_the_header_says_what_is_known(record: Any) -> None:
    before_usec = time.monotonic_ns() // 1000
    recording = record("--systemd", "262-1", "--vantage", "user", "--scenario", "halt", "--manager-pid", 7)
    result = recording.end()
    assert result.code == 0
    t0_usec = result.header.pop("t0_monotonic_usec")
    assert before_usec <= t0_usec <= time.monotonic_ns() // 1000
    assert result.header == {
        "format": 1,
        "systemd": "262-1",
        "vantage": "user",
        "transport": "unix-dgram",
        "kernel": os.uname().release,
        "scenario": "halt",
        "recorded": time.strftime("%Y-%m-%d", time.gmtime()),
        "manager_pid": 7,
    }


def test_a_message_has_its_bytes_its_sender_and_the_time_of_its_send(record: Any, send: Send) -> None:
    recording = record()
    os.kill(
        recording.process.pid, signal.SIGSTOP
    )  # so that it cannot receive before the second reading of the clock
    before_usec = time.monotonic_ns() // 1000
    send(recording.notify, b"READY=1\nSTATUS=up")
    after_usec = time.monotonic_ns() // 1000
    os.kill(recording.process.pid, signal.SIGCONT)
    live = recording.live()
    result = recording.end()
    (event,) = result.events
    assert live == event | {"fields": [["READY", "1"], ["STATUS", "up"]]}
    t = event.pop("t")
    assert event == {
        "kind": "message",
        "data": "READY=1\nSTATUS=up",
        "pid": os.getpid(),
        "uid": os.getuid(),
        "gid": os.getgid(),
    }
    sent_usec = result.header["t0_monotonic_usec"] + round(t * 1e6)
    assert before_usec - 500 <= sent_usec <= after_usec + 500
    assert result.stderr == "1 messages, 1 events, 0 control datagrams refused, 0 truncated\n"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"\0",
        b"READY=1\0",
        b"A=1\0\0B=2",
        b"STATUS=\xff\xfe\x80",
        "STATUS=\u00e4\U0001f600\u2028".encode(),
        bytes(range(256)),
        b"x" * 4096,
        b"x" * 4097,
        b"x" * 100_000,
        b"\xff" * 100_000,
        b"x" * 262_144,
    ],
    ids=lambda data: f"{len(data)}-bytes-{data[:4].hex()}",
)
def test_every_datagram_is_recorded_whole(record: Any, send: Send, notifyspec: Any, data: bytes) -> None:
    if len(data) > 200_000 and os.getuid() != 0:
        pytest.skip("only root may send so much at once")
    recording = record()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        if os.getuid() == 0:
            so_sndbufforce = 32
            sender.setsockopt(socket.SOL_SOCKET, so_sndbufforce, 1 << 20)
        sender.sendto(data, str(recording.notify))
    result = recording.end()
    (event,) = result.events
    assert bytes_of(event) == data
    assert ("data" in event) == (b"\0" not in data and data == data.decode(errors="ignore").encode())
    assert "truncated" not in event
    assert notifyspec("decode", "--lines", recording.output).returncode == 0


def test_more_than_the_limit_is_marked_as_truncated(record: Any) -> None:
    if os.getuid() != 0:
        pytest.skip("only root may send so much at once")
    recording = record()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.SOL_SOCKET, 32, 1 << 21)
        sender.sendto(b"x" * 262_145, str(recording.notify))
    result = recording.end()
    assert result.events[0]["truncated"] is True
    assert len(result.events[0]["data"]) == 262_144
    assert "1 truncated" in result.stderr


def test_fds_are_counted_and_closed(record: Any, send: Send) -> None:
    recording = record()
    before = open_fds(recording.process.pid)
    counts = [0, 1, 2, 253, 253, 0, 253]
    for n_fds in counts:
        send(recording.notify, b"FDSTORE=1", n_fds)
    seen = [recording.live() for _ in counts]
    assert [event.get("fds", 0) for event in seen] == counts
    assert open_fds(recording.process.pid) == before
    assert not any(event.get("truncated") for event in recording.end().events)


def test_a_queue_full_of_fds_does_not_exhaust_the_limit(record: Any, send: Send) -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, limits[1]))
    try:
        recording = record()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    os.kill(recording.process.pid, signal.SIGSTOP)
    for _ in range(10):  # what the kernel queues by default
        send(recording.notify, b"FDSTORE=1", 253)
    os.kill(recording.process.pid, signal.SIGCONT)
    assert [event.get("fds") for event in recording.end().events] == [253] * 10


def test_a_barrier_is_released(record: Any) -> None:
    recording = record()
    reader, writer = os.pipe()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.connect(str(recording.notify))
        socket.send_fds(sender, [b"BARRIER=1"], [writer])
    os.close(writer)
    assert os.read(reader, 1) == b""  # the end: nobody holds the other side any more
    os.close(reader)
    assert recording.end().events[0]["fds"] == 1


def test_a_flood_is_recorded_to_the_last_message(record: Any) -> None:
    n_messages = 100_000
    recording = record("--max-messages", n_messages)
    recording.let_live_flow()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.connect(str(recording.notify))
        for number in range(n_messages):
            sender.send(b"STATUS=%d" % number)
    result = recording.wait()
    assert [event["data"] for event in result.events] == [f"STATUS={number}" for number in range(n_messages)]
    assert (
        result.stderr
        == f"{n_messages} messages, {n_messages} events, 0 control datagrams refused, 0 truncated\n"
    )
    times = [event["t"] for event in result.events]
    assert times == sorted(times)


def test_messages_to_several_sockets_come_in_the_order_of_their_sends(record: Any, tmp_path: Path) -> None:
    n_messages = 6000
    others = [tmp_path / "second", tmp_path / "third"]
    listen = [argument for path in others for argument in ("--listen", f"unix:{path}")]
    recording = record(*listen, "--max-messages", n_messages)
    recording.let_live_flow()
    sockets = [str(path) for path in (recording.notify, *others)]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        for number in range(n_messages):
            sender.sendto(b"STATUS=%d" % number, sockets[number % len(sockets)])
    events = recording.wait().events
    assert [event["data"] for event in events] == [f"STATUS={number}" for number in range(n_messages)]


def test_an_abstract_socket_is_heard(notifyspec: Any, send: Send) -> None:
    name = f"notifyspec-test-{os.getpid()}"
    process = subprocess.Popen(
        [notifyspec.program, "record", "--listen", f"unix:@{name}", "--max-messages", "1"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    send("\0" + name, b"READY=1")
    assert json.loads(process.communicate(timeout=60)[0])["data"] == "READY=1"


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_and_nothing_is_left(record: Any, send: Send, signal_number: int) -> None:
    recording = record()
    for number in range(8):
        send(recording.notify, b"STATUS=%d" % number)
    result = recording.end(signal_number)
    assert result.code == 0
    assert len(result.events) == 8  # what was queued is in it
    assert sorted(path.name for path in recording.output.parent.iterdir()) == ["trace.jsonl"]


def test_it_does_not_outlive_who_started_it(record: Any, send: Send) -> None:
    recording = record()
    recording.process.stdin.write(b"words that mean nothing\n")
    recording.process.stdin.flush()
    send(recording.notify, b"READY=1")
    recording.live()
    recording.process.stdin.close()
    recording.process.stdin = None
    result = recording.wait()
    assert (result.code, len(result.events)) == (0, 1)
    assert not recording.notify.exists() and not recording.control.exists()


def test_its_time_ends(record: Any) -> None:
    start = time.monotonic()
    assert record("--for", "0.2").wait().code == 0
    assert time.monotonic() - start >= 0.2


def test_a_user_who_is_not_root_may_send(record: Any) -> None:
    recording = record()
    for path in (recording.notify, recording.control):
        assert stat.S_IMODE(path.stat().st_mode) == 0o666


def test_events_of_the_control_socket_have_their_place(record: Any, send: Send, control: Any) -> None:
    recording = record()
    began_usec = time.monotonic_ns() // 1000
    send(recording.notify, b"READY=1")
    recording.live()
    control(recording, {"kind": "action", "action": "reboot", "argument": "x"})
    recording.live()
    late = {"kind": "observation", "subject": "process", "value": "generator", "monotonic_usec": began_usec}
    control(recording, late)
    control(recording, {"kind": "phase", "phase": "gone"})
    result = recording.end()
    kinds = [event["kind"] for event in result.events]
    assert kinds == ["observation", "message", "action", "phase"]
    assert round(result.events[0]["t"] * 1e6) == began_usec - result.header["t0_monotonic_usec"]
    assert "monotonic_usec" not in result.events[0]
    assert result.events[2] | {"t": 0} == {"t": 0, "kind": "action", "action": "reboot", "argument": "x"}
    assert [json.loads(line)["kind"] for line in result.stdout.splitlines()] == ["observation", "phase"]
    assert sorted(path.name for path in recording.output.parent.iterdir()) == ["trace.jsonl"]


@pytest.mark.parametrize(
    ("datagram", "reason"),
    [
        (b"", "not JSON"),
        (b"READY=1", "not JSON"),
        (b'{"kind":"phase","phase":"gone","t":1}', 'unknown member "t"'),
        (b'{"kind":"phase","phase":"lost"}', 'phase "lost" is not known'),
        (b'{"kind":"phase"}', 'member "phase" is missing'),
        (b'{"kind":"message","data":"READY=1"}', 'kind "message" is not known'),
        (b'{"kind":"phase","phase":"gone","monotonic_usec":1}', "before the recording"),
        (b'{"kind":"phase","phase":"gone","monotonic_usec":9000000000000000000}', "has not come yet"),
        (b'{"kind":"phase","phase":"gone","age_usec":9000000000000000000}', "before the recording"),
        (b'{"kind":"phase","phase":"gone","age_usec":1,"monotonic_usec":1}', "exclude each other"),
        (
            b'{"kind":"phase","phase":"gone","monotonic_usec":"1"}',
            'member "monotonic_usec" is not an integer',
        ),
    ],
)
def test_a_bad_control_datagram_is_counted_and_named_and_not_fatal(
    record: Any, control: Any, datagram: bytes, reason: str
) -> None:
    recording = record()
    control(recording, datagram)
    control(recording, {"kind": "phase", "phase": "ready"})
    result = recording.end()
    assert result.code == 0
    assert [event["kind"] for event in result.events] == ["phase"]
    complaint, count = result.stderr.splitlines()
    assert f"pid {os.getpid()}" in complaint and reason in complaint
    assert count == "0 messages, 1 events, 1 control datagrams refused, 0 truncated"


def test_a_socket_that_nobody_listens_on_is_replaced(notifyspec: Any, tmp_path: Path) -> None:
    stale = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as left_behind:
        left_behind.bind(str(stale))
    assert notifyspec("record", "--listen", stale, "--for", "0").returncode == 0
    assert not stale.exists()


def test_what_is_in_use_or_no_socket_stays_as_it_is(notifyspec: Any, tmp_path: Path) -> None:
    used, file = tmp_path / "used", tmp_path / "file"
    file.write_text("kept")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(used))
        in_use = notifyspec("record", "--listen", used, "--for", "0")
    no_socket = notifyspec("record", "--listen", file, "--for", "0")
    assert (in_use.returncode, no_socket.returncode) == (5, 5)
    assert "somebody listens there" in in_use.stderr
    assert "no socket" in no_socket.stderr
    assert used.exists() and file.read_text() == "kept"


def test_where_a_second_socket_cannot_be_bound_the_first_is_removed(notifyspec: Any, tmp_path: Path) -> None:
    first = tmp_path / "first"
    done = notifyspec("record", "--listen", first, "--listen", tmp_path / "absent" / "second", "--for", "0")
    assert done.returncode == 2
    assert not first.exists()


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        ([], 2, "--listen"),
        (["--listen", "notify"], 2, "neither an absolute path"),
        (["--listen", "/" + "n" * 108], 2, "choose a shorter one"),
        (["--listen", "@" + "n" * 108], 2, "choose a shorter one"),
        (["--listen", "/absent/notify"], 2, "make the directory first"),
        (["--listen", "vsock-seqpacket:77:1234"], 5, "modprobe vhost_vsock"),
        (["--listen", "vsock:x:1234"], 2, "not a decimal number"),
        (["--listen", "unix-stream:/absent/notify"], 2, "make the directory first"),
        (["--listen", "@n", "--live"], 2, "--live needs --output FILE"),
        (["--listen", "@n", "--control", "@c"], 2, "--control needs --output FILE"),
        (["--listen", "@n", "--for", "-1"], 2, "--for"),
        (["--listen", "@n", "--for", "soon"], 2, "--for"),
        (["--listen", "@n", "--max-messages", "0"], 2, "--max-messages"),
        (["--listen", "@n", "--vantage", "host"], 2, "--vantage"),
        (["--listen", "@n", "--output", "/absent/trace"], 2, "/absent/trace"),
        (["--listen", "@n", "--output", "/"], 2, "Is a directory"),
        (["--listen", "@n", "--output", "/dev/null"], 2, "not a regular file"),
        (["--listen", "@n", "--output", "/dev/full"], 2, "not a regular file"),
    ],
    ids=lambda value: None if isinstance(value, str) else str(value)[:40],
)
def test_what_it_cannot_do_is_said(notifyspec: Any, arguments: list[str], code: int, complaint: str) -> None:
    done = notifyspec("record", *arguments)
    assert done.returncode == code
    assert complaint in done.stderr
    assert done.stdout == ""


def test_an_existing_trace_is_overwritten(notifyspec: Any, tmp_path: Path) -> None:
    trace = tmp_path / "trace.jsonl"
    trace.write_text("much that is old\n" * 1000)
    assert notifyspec("record", "--listen", tmp_path / "n", "--output", trace, "--for", "0").returncode == 0
    assert len(trace.read_text().splitlines()) == 1


def test_a_trace_that_cannot_be_written_ends_it_cleanly(record: Any, send: Send) -> None:
    recording = record()
    # No byte more than the header: writing an event fails, as it would on a full disk.
    size = recording.output.stat().st_size
    resource.prlimit(recording.process.pid, resource.RLIMIT_FSIZE, (size, size))
    send(recording.notify, b"READY=1")
    stderr = recording.process.stderr.read()
    assert recording.process.wait(timeout=60) == 5
    assert f"cannot write to {recording.output}".encode() in stderr
    assert not recording.notify.exists() and not recording.control.exists()


def test_a_reader_of_live_events_that_goes_away_ends_it_cleanly(record: Any, send: Send) -> None:
    recording = record()
    recording.process.stdout.close()
    send(recording.notify, b"READY=1")
    stderr = recording.process.stderr.read()
    assert recording.process.wait(timeout=60) == 5
    assert b"cannot write to standard output" in stderr
    assert "READY=1" in recording.output.read_text()
    assert not recording.notify.exists() and not recording.control.exists()
