"""`notifyspec play`: what its processes send, whose name it bears, and what it sees of its fds."""

from __future__ import annotations

import array
import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

TIMEOUT_S = 60
REQUIREMENT = """
[[requirement]]
id = "receiver.a"
role = "receiver"
vantages = ["container"]
level = "must"
since = 252
source = { document = "sd_notify(3)", section = "Description", version = "262" }
text = "It does."
by = "vectors"
"""
STEPS: dict[str, list[dict[str, Any]]] = {
    "credentials": [{"data": who, "credentials": who} for who in ("main", "child", "stranger", "other-uid")],
    "bytes": [{"data": ""}, {"data_base64": "AP8K"}, {"data": "READY=1", "repeat": 2}],
    "pids": [{"data": "${main.pid} ${child.pid} ${stranger.pid} ${past} ${now}", "substitute": True}],
    "literal": [{"data": "${main.pid}"}],
    "fds": [{"data": "a", "fds": 3}, {"data": "b", "fds": 253, "credentials": "child"}],
    "barrier": [{"data": "BARRIER=1", "fds": 1, "barrier": True}, {"data": "READY=1"}],
    "flood": [{"data": "STATUS=x", "repeat": 2000}],
    "reload": [{"data": "READY=1"}, {"action": "reload"}, {"data": "READY=1"}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "requirements.toml").write_text(REQUIREMENT)
    for name, steps in STEPS.items():
        vector = {"requirements": ["receiver.a"], "level": "must", "note": "It matters.", "steps": steps}
        vector |= {"expect": [{"state": "running"}]}
        vector |= {"service": {"type": "notify-reload"}} if name == "reload" else {}
        path = tmp_path / f"vectors/receiver/steps/{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(vector))
    return tmp_path


class Ear:
    """A receiver's socket: datagrams with pid, uid and fds, which stay open until let_go()."""

    def __init__(self, name: str) -> None:
        self.address = f"@{name}"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.socket.bind(f"\0{name}")
        self.fds: list[int] = []

    def hear(self) -> list[tuple[bytes, int, int, int]]:
        """All that lies there: data, pid, uid, number of fds."""
        heard = []
        with contextlib.suppress(BlockingIOError):
            while True:
                heard.append(self.one())
        return heard

    def one(self) -> tuple[bytes, int, int, int]:
        data, ancillary, _, _ = self.socket.recvmsg(1 << 16, 1 << 12)
        pid = uid = -1
        fds = array.array("i")
        for _, kind, content in ancillary:
            if kind == socket.SCM_CREDENTIALS:
                pid, uid, _ = struct.unpack("iII", content)
            else:
                fds.frombytes(content)
        self.fds += fds
        return data, pid, uid, len(fds)

    def let_go(self) -> None:
        while self.fds:
            os.close(self.fds.pop())


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[Ear]:
    made = Ear(str(tmp_path))  # in the abstract namespace: every user reaches it
    yield made
    made.let_go()
    made.socket.close()


class Player:
    def __init__(self, notifyspec: Any, folder: Path, *options: str) -> None:
        call = [notifyspec.program, "play", "--vectors", folder / "vectors"]
        call += ["--requirements", folder / "requirements.toml", *options]
        self.process = subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.processes = self.ask("start")["processes"]

    def ask(self, do: str, **members: object) -> dict[str, Any]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps({"seq": 7, "do": do, **members}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert answer.pop("seq") == 7
        return answer

    def play(self, name: str, ear: Ear) -> dict[str, Any]:
        return self.ask("play", vector=f"receiver/steps/{name}", address=f"unix:{ear.address}")


@pytest.fixture
def player(notifyspec: Any, folder: Path) -> Iterator[Player]:
    made = Player(notifyspec, folder)
    yield made
    made.process.kill()
    made.process.communicate(timeout=TIMEOUT_S)


def test_each_datagram_bears_the_name_of_its_sender(player: Player, ear: Ear) -> None:
    assert player.play("credentials", ear) == {"pause": "done"}
    heard = {data.decode(): (pid, uid) for data, pid, uid, _ in ear.hear()}
    assert {role: pid for role, (pid, _) in heard.items()} == player.processes
    assert len(set(player.processes.values())) == 4
    assert heard["other-uid"][1] == 65534
    assert heard["main"][1] == os.getuid()


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user needs root")
def test_as_a_user_it_has_no_process_of_another(notifyspec: Any, folder: Path, ear: Ear) -> None:
    player = Player(notifyspec, folder, "--uid", "4711")
    assert player.processes.keys() == {"main", "child", "stranger"}
    assert player.play("credentials", ear)["unsupported"] == "nobody here can send as other-uid"
    assert [(data, uid) for data, _, uid, _ in ear.hear()] == [
        (who, 4711) for who in (b"main", b"child", b"stranger")
    ]
    player.ask("stop")
    assert player.process.wait(timeout=TIMEOUT_S) == 0


def test_bytes_arrive_as_they_are(player: Player, ear: Ear) -> None:
    player.play("bytes", ear)
    assert [data for data, *_ in ear.hear()] == [b"", b"\0\xff\n", b"READY=1", b"READY=1"]


def test_words_are_replaced_only_where_it_is_asked(player: Player, ear: Ear) -> None:
    player.play("pids", ear)
    *pids, past, now = map(int, ear.hear()[0][0].split())
    assert pids == [player.processes[role] for role in ("main", "child", "stranger")]
    assert past == 1 < now
    player.play("literal", ear)
    assert ear.hear()[0][0] == b"${main.pid}"


def test_it_sees_which_fds_are_held(player: Player, ear: Ear) -> None:
    player.play("fds", ear)
    assert [n_fds for *_, n_fds in ear.hear()] == [3, 253]
    os.close(ear.fds.pop())
    assert player.ask("look") == {"fds_open": "255", "barriers": ""}
    ear.let_go()
    player.play("fds", ear)
    ear.hear()
    ear.let_go()
    assert player.ask("look")["fds_open"] == "0"


@pytest.mark.parametrize("closed", [True, False])
def test_a_barrier_pauses_it(player: Player, ear: Ear, closed: bool) -> None:
    assert player.play("barrier", ear) == {"pause": "barrier"}
    assert [data for data, *_ in ear.hear()] == [b"BARRIER=1"]
    if closed:
        ear.let_go()
    assert player.ask("go-on") == {"pause": "done"}
    assert [data for data, *_ in ear.hear()] == [b"READY=1"]
    assert player.ask("look")["barriers"] == ("closed" if closed else "open")


def test_a_full_queue_pauses_it(player: Player, ear: Ear) -> None:
    said = player.play("flood", ear)
    count = pauses = 0
    while said["pause"] == "full":
        pauses += 1
        count += len(ear.hear())
        assert count == said["sent"]
        said = player.ask("go-on")
    assert said == {"pause": "done"}
    assert count + len(ear.hear()) == 2000
    assert pauses > 0


def test_a_reload_pauses_it(player: Player, ear: Ear) -> None:
    assert player.play("reload", ear) == {"pause": "reload"}
    assert len(ear.hear()) == 1
    assert player.ask("go-on") == {"pause": "done"}
    assert len(ear.hear()) == 1


def test_what_cannot_be_played_is_said(player: Player, ear: Ear) -> None:
    for address in ("unix:@nobody-is-here", "unix:/nobody/is/here"):
        assert "gone" in player.ask("play", vector="receiver/steps/bytes", address=address)
    for answer in (
        player.ask("play", vector="receiver/steps/none", address=f"unix:{ear.address}"),
        player.ask("play", vector="receiver/steps/bytes", address="vsock:1:2"),
        player.ask("go-on-for-ever"),
    ):
        assert "unsupported" in answer


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user needs root")
def test_a_socket_that_another_user_cannot_reach_is_said(player: Player, tmp_path: Path) -> None:
    """Of that vector alone: others have no such sender."""
    place = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as closed:
        closed.bind(str(place))
        said = player.ask("play", vector="receiver/steps/credentials", address=f"unix:{place}")
        assert "let others search its folder and write to it" in said["unsupported"]
        assert player.ask("play", vector="receiver/steps/bytes", address=f"unix:{place}") == {"pause": "done"}


def test_it_ends_when_it_is_asked_and_takes_its_processes_along(player: Player) -> None:
    watched = [os.pidfd_open(pid) for role, pid in player.processes.items() if role != "main"]
    assert player.ask("stop") == {}
    assert player.process.wait(timeout=TIMEOUT_S) == 0
    for pidfd in watched:
        with pytest.raises(ProcessLookupError):
            signal.pidfd_send_signal(pidfd, 0)
        os.close(pidfd)


def test_from_inside_a_service_it_tells_one_line_and_stays(notifyspec: Any, folder: Path, ear: Ear) -> None:
    fifo = folder / "results"
    os.mkfifo(fifo)
    results = os.open(fifo, os.O_RDWR | os.O_CLOEXEC)
    call = [notifyspec.program, "play", "--vector", folder / "vectors/receiver/steps/credentials.json"]
    call += ["--result", fifo, "--requirements", folder / "requirements.toml"]
    ear.socket.settimeout(TIMEOUT_S)
    with subprocess.Popen(call, env=os.environ | {"NOTIFY_SOCKET": ear.address}) as process:
        heard = [ear.one() for _ in range(5)]
        ear.let_go()
        line = json.loads(os.read(results, 1 << 16))
        process.terminate()
        assert process.poll() is None
        process.kill()
    os.close(results)
    assert [data for data, *_ in heard] == [b"main", b"child", b"stranger", b"other-uid", b"BARRIER=1"]
    assert line["vector"] == "receiver/steps/credentials"
    assert (line["fds_open"], line["barriers"]) == ("0", "")
    assert [pid for _, pid, *_ in heard[:4]] == [line["processes"][data.decode()] for data, *_ in heard[:4]]


def test_what_keeps_it_from_sending_is_told_as_its_own_failure(notifyspec: Any, folder: Path) -> None:
    results = folder / "results"
    os.mkfifo(results)
    reader = os.open(results, os.O_RDWR | os.O_CLOEXEC)
    call = [notifyspec.program, "play", "--vector", folder / "vectors/receiver/steps/bytes.json"]
    call += [
        "--result",
        results,
        "--requirements",
        folder / "requirements.toml",
        "--to",
        "unix:@nobody-listens",
    ]
    with subprocess.Popen(call) as process:
        line = json.loads(os.read(reader, 1 << 16))
        process.kill()
    os.close(reader)
    assert "hang" not in line
    assert line["failure"].startswith("cannot send 0 bytes")


def test_wrong_usage_is_refused(notifyspec: Any, folder: Path) -> None:
    file = folder / "vectors/receiver/steps/bytes.json"
    inside = ["--vector", file, "--result", "x"]
    for arguments in ([], inside[:2], [*inside, "--vectors", folder], [*inside, "--uid", "1"]):
        assert notifyspec("play", *arguments).returncode == 2
