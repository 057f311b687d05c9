"""The programs that run inside a machine, run here: AF_UNIX streams stand in for vsock."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

BUILD = Path(__file__).parent.parent.parent / "build"
TIMEOUT_S = 30


def program(name: str) -> Path:
    for place in (BUILD / "release" / "vm" / name, BUILD / "dev" / "vm" / name):
        if place.exists():
            return place
    pytest.fail(f"no {name}: build it first, with ./run build")


def whole(listener: socket.socket) -> bytes:
    """All that one peer sends; then it is let go."""
    listener.settimeout(TIMEOUT_S)
    with listener.accept()[0] as peer:
        return b"".join(iter(lambda: peer.recv(1 << 16), b""))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with nothing but what a test puts there: mark looks for its control address under /etc."""
    if os.getuid() != 0:
        pytest.skip("changing the root needs root")
    (tmp_path / "etc/notifyspec").mkdir(parents=True)
    (tmp_path / "run/host/notifyspec").mkdir(parents=True)
    for name in ("mark", "caller"):
        shutil.copy(program(name), tmp_path / name)
    return tmp_path


def mark(root: Path, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    return inside(root, "/mark", *arguments, **environment)


def inside(root: Path, *command: str, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        env=environment,
        preexec_fn=lambda: os.chroot(root),
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def control(root: Path) -> Iterator[socket.socket]:
    """Listens where the file says."""
    (root / "etc/notifyspec/control").write_text("unix-stream:/control\n")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(root / "control"))
        listener.listen()
        yield listener


def test_a_mark_tells_how_old_it_is_where_the_clock_is_another(root: Path, control: socket.socket) -> None:
    process = mark(root, "process", 'unit "x"\\')
    told = json.loads(whole(control))
    assert 0 <= told.pop("age_usec") < TIMEOUT_S * 1_000_000
    assert told == {"kind": "observation", "subject": "process", "value": 'unit "x"\\'}
    assert process.wait(TIMEOUT_S) == 0


def test_a_mark_waits_until_it_is_heard(root: Path, control: socket.socket) -> None:
    process = mark(root, "--environment", "notify-socket", "NOTIFY_SOCKET", NOTIFY_SOCKET="/n")
    control.settimeout(TIMEOUT_S)
    with control.accept()[0] as peer:
        while peer.recv(1 << 16):
            pass
        assert process.poll() is None
    assert process.wait(TIMEOUT_S) == 0


def test_without_the_file_it_tells_the_container_s_socket(root: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(root / "run/host/notifyspec/control"))
        listener.settimeout(TIMEOUT_S)
        mark(root, "process", "unit").wait(TIMEOUT_S)
        told = json.loads(listener.recv(4096))
    assert told.pop("monotonic_usec") > 0
    assert told == {"kind": "observation", "subject": "process", "value": "unit"}


def test_a_mark_that_nobody_hears_harms_nobody(root: Path) -> None:
    for text in ("unix-stream:/absent", "vsock-stream:2", "nonsense", ""):
        (root / "etc/notifyspec/control").write_text(text)
        assert mark(root, "process", "unit").wait(TIMEOUT_S) == 0


def test_a_relay_tells_each_datagram(root: Path, control: socket.socket) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(root / "manager"))
        manager.settimeout(TIMEOUT_S)
        process = mark(root, "--relay", "/run/deep/down/notify", "unix-credential", NOTIFY_SOCKET="/manager")
        try:
            assert manager.recv(100) == b"READY=1"
            path = root / "run/deep/down/notify"
            assert path.stat().st_mode & 0o777 == 0o666
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                for data in (b"READY=1\nSTATUS=up", b"", b"A=\xff"):
                    sender.sendto(data, str(path))
            values = [json.loads(whole(control))["value"] for _ in range(3)]
        finally:
            process.kill()
            process.wait()
    assert values == ["READY=1\nSTATUS=up", "", "A=?"]


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Callable[..., tuple[int, bytes, bytes]]]:
    """Asks a running agent to run something."""
    path = tmp_path / "agent"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "manager"))
        manager.settimeout(TIMEOUT_S)
        process = subprocess.Popen(
            [program("agent"), path], env={"NOTIFY_SOCKET": str(tmp_path / "manager"), "SECRET": "x"}
        )
        assert manager.recv(100) == b"READY=1"

    def ask(request: bytes) -> tuple[int, bytes, bytes]:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer:
            peer.settimeout(TIMEOUT_S)
            peer.connect(str(path))
            peer.sendall(request)
            peer.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: peer.recv(1 << 16), b""))
        line, _, rest = answer.partition(b"\n")
        status, n_out, n_err = map(int, line.split())
        assert len(rest) == n_out + n_err
        return status, rest[:n_out], rest[n_out:]

    ask.path = path  # type: ignore[attr-defined]
    yield ask
    process.kill()
    process.wait()


def shell(script: str) -> bytes:
    return b"PATH=/usr/bin:/bin\0\0sh\0-c\0" + script.encode() + b"\0"


def test_an_agent_gives_status_and_both_outputs(agent: Callable[..., object]) -> None:
    assert agent(shell("echo out; echo err >&2; exit 7")) == (7, b"out\n", b"err\n")
    assert agent(shell("kill -9 $$")) == (137, b"", b"")
    assert agent(b"\0/bin/echo\0a b\0\0c\0") == (0, b"a b  c\n", b"")


def test_an_agent_gives_the_environment_of_the_request_alone(agent: Callable[..., object]) -> None:
    assert agent(b"A=b\0C=\0\0/usr/bin/env\0") == (0, b"A=b\nC=\n", b"")


def test_an_agent_reads_both_outputs_together(agent: Callable[..., object]) -> None:
    status, out, err = agent(shell("head -c 1000000 /dev/zero >&2; head -c 1000000 /dev/zero; cat"))
    assert (status, len(out), len(err)) == (0, 1000000, 1000000)


def test_what_a_command_leaves_behind_holds_nobody_up(agent: Callable[..., object]) -> None:
    began = time.monotonic()
    assert agent(shell("sleep 5 & echo left")) == (0, b"left\n", b"")
    assert time.monotonic() - began < 4


@pytest.mark.parametrize("request_", [b"", b"\0", b"A=b\0\0", b"\0sh", b"A=b\0"])
def test_what_is_no_request_is_refused(agent: Callable[..., object], request_: bytes) -> None:
    assert agent(request_) == (127, b"", b"agent: not a request\n")


def test_what_cannot_be_run_says_so(agent: Callable[..., object]) -> None:
    status, _, err = agent(b"\0absent\0")
    assert status == 127 and b"cannot run absent: No such file" in err


def test_a_peer_that_goes_away_or_stalls_harms_no_other(agent: Callable[..., object]) -> None:
    stalled = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    stalled.connect(str(agent.path))  # type: ignore[attr-defined]
    stalled.send(b"half a wor")
    for _ in range(20):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer:
            peer.connect(str(agent.path))  # type: ignore[attr-defined]
            peer.sendall(shell("head -c 1000000 /dev/zero"))
    assert agent(shell("echo here")) == (0, b"here\n", b"")
    stalled.close()


CASES = (
    "boundary order order-stream each half-close half-close-stream refused refused-seqpacket seqpacket-offer "
    "segments stalled unprivileged"
).split()


def trace_of_the_exam(
    root: Path, tmp_path: Path, listen: list[str], cases: list[str]
) -> list[dict[str, Any]]:
    """What our recorder writes of the caller's cases."""
    (root / "ports").mkdir()
    (root / "etc/notifyspec/control").write_text("unix-stream:/control\n")
    trace = tmp_path / "trace.jsonl"
    tool = os.environ.get("NOTIFYSPEC") or BUILD / "release" / "notifyspec"
    command = [
        tool,
        "record",
        "--live",
        "--output",
        trace,
        "--control",
        f"unix-stream:{root}/control",
        *listen,
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as recorder:
        assert recorder.stdout is not None
        recorder.stdout.readline()
        with subprocess.Popen(["cat"], stdin=recorder.stdout, stdout=subprocess.DEVNULL):
            assert inside(root, "/caller", "/ports", "1", "2", "3", *cases).wait(TIMEOUT_S) == 0
            recorder.stdin.close()  # type: ignore[union-attr]
    return [json.loads(line) for line in trace.read_text().splitlines()[1:]]


def test_the_exam_against_our_own_recorder(root: Path, tmp_path: Path) -> None:
    listen = ["--listen", f"unix-seqpacket:{root}/ports/1", "--listen", f"unix-stream:{root}/ports/2"]
    events = trace_of_the_exam(root, tmp_path, listen, CASES)
    assert [event["value"] for event in events if event["kind"] == "observation"] == [
        "boundary sent 3",
        "order sent 16",
        "order-stream sent 16",
        "each sent 8",
        "half-close eof",
        "half-close-stream eof",
        "refused ENOENT",
        "refused-seqpacket ENOENT",
        "seqpacket-offer connected",
        "segments sent",
        "stalled served",
        "unprivileged sent",
    ]
    messages = [event for event in events if event["kind"] == "message"]
    of_case = {
        name: [m for m in messages if m["data"].startswith(f"X_NOTIFYSPEC_CASE={name}\n")] for name in CASES
    }
    assert [len(message["data"]) for message in of_case["boundary"]] == [100, 4096, 65536]
    assert len({message["connection"] for message in of_case["boundary"]}) == 1
    for name in ("order", "order-stream", "each"):
        numbers = [message["data"].rpartition("=")[2] for message in of_case[name]]
        # Nobody promises an order among connections that are open at the same time.
        told = sorted(numbers, key=int) if name == "each" else numbers
        assert told == [str(number) for number in range({"each": 8}.get(name, 16))]
        assert len({message["connection"] for message in of_case[name]}) == len(numbers)
    assert [message["data"].count("\n") for message in of_case["segments"]] == [3]
    assert [message["data"].endswith("\nREADY=1") for message in of_case["unprivileged"]] == [True]
    assert len(messages) == 3 + 16 + 16 + 8 + 2 + 1 + 2 + 1


def test_the_exam_says_what_it_cannot_send(root: Path, tmp_path: Path) -> None:
    """A device without SEQPACKET: here the port is a stream."""
    listen = ["--listen", f"unix-stream:{root}/ports/1", "--listen", f"unix-stream:{root}/ports/2"]
    events = trace_of_the_exam(root, tmp_path, listen, ["boundary", "seqpacket-offer", "unprivileged"])
    assert [event["value"] for event in events if event["kind"] == "observation"] == [
        "boundary failed connect EPROTOTYPE",
        "seqpacket-offer EPROTOTYPE",
        "unprivileged sent",
    ]


def test_a_receiver_that_stalls_is_told(root: Path, control: socket.socket) -> None:
    (root / "ports").mkdir()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as deaf:
        deaf.bind(str(root / "ports/2"))
        deaf.listen()
        process = inside(root, "/caller", "/ports", "1", "2", "3", "half-close-stream")
        assert json.loads(whole(control))["value"] == "half-close-stream timeout"
        assert process.wait(TIMEOUT_S) == 0


@pytest.mark.parametrize("arguments", [(), ("2", "1", "2", "3"), ("2", "1", "2", "3", "order", "absent")])
def test_a_caller_called_wrongly_says_how(root: Path, arguments: tuple[str, ...]) -> None:
    assert inside(root, "/caller", *arguments).wait(TIMEOUT_S) == 2
