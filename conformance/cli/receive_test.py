"""`notifyspec receive` as one who drives an adapter meets it."""

from __future__ import annotations

import array
import json
import os
import select
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Answer = dict[str, Any]
TIMEOUT_S = 60


class Receiver:
    """The adapter, and a socket of this process that sends to it."""

    def __init__(self, program: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [program, "receive", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.seq = 0
        self.address = ""
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)

    def ask(self, what: str, **members: Any) -> Answer:
        self.seq += 1
        assert self.process.stdin is not None and self.process.stdout is not None
        print(json.dumps({"seq": self.seq, "do": what, **members}), file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline())
        assert answer.pop("seq") == self.seq
        return answer

    def listen(self, *, main: int | None = None, **service: Any) -> None:
        processes = {"main": os.getpid() if main is None else main}
        address = self.ask("listen", service=service, processes=processes)["address"]
        assert address.startswith("unix:@")
        self.address = "\0" + address.removeprefix("unix:@")

    def send(self, data: bytes, *fds: int) -> None:
        ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
        self.socket.sendmsg([data], ancillary, 0, self.address)

    def collect(self) -> Answer:
        return self.ask("collect")["conclusion"]

    def end(self) -> None:
        self.socket.close()
        self.process.kill()
        self.process.communicate(timeout=TIMEOUT_S)


@pytest.fixture
def receiver(notifyspec: Any) -> Iterator[Callable[..., Receiver]]:
    """Starts receivers; none outlives the test."""
    started: list[Receiver] = []

    def start(*arguments: str) -> Receiver:
        started.append(Receiver(notifyspec.program, *arguments))
        return started[-1]

    yield start
    for each in started:
        each.end()


@pytest.fixture
def pipe() -> Iterator[Callable[[], tuple[int, int]]]:
    """Makes pipes; whatever of them a test has left open is closed."""
    ends: list[int] = []

    def make() -> tuple[int, int]:
        ends.extend(os.pipe())
        return ends[-2], ends[-1]

    yield make
    for end in ends:
        try:
            os.close(end)
        except OSError:
            pass  # the test closed it


def hung_up(read_end: int, timeout_s: float = 0) -> bool:
    """Whether every write end is closed, now or soon."""
    poll = select.poll()
    poll.register(read_end, 0)
    return bool(poll.poll(timeout_s * 1000))


def test_it_says_who_it_is(receiver: Any) -> None:
    it = receiver("--profile", "systemd-257")
    answer = it.ask("start")
    assert answer.pop("version")
    assert answer == {
        "name": "notifyspec receive systemd-257",
        "role": "receiver",
        "transports": ["unix-dgram"],
    }
    assert it.ask("stop") == {}
    assert it.process.wait(timeout=TIMEOUT_S) == 0
    assert it.process.stderr.read() == ""


def test_a_conclusion_has_all_members_as_strings(receiver: Any) -> None:
    it = receiver()
    it.listen()
    assert it.collect() == {
        "state": "starting",
        "status": "",
        "errno": "0",
        "bus_error": "",
        "varlink_error": "",
        "main_pid": "main",
        "watchdog_usec": "0",
        "watchdog": "none",
        "extend_timeout_usec": "0",
        "notify_access": "main",
        "fds_stored": "0",
        "fd_names": "",
        "restart_reset": "no",
    }


def test_what_lies_in_the_socket_is_processed_before_the_answer(receiver: Any) -> None:
    it = receiver()
    it.listen()
    it.send(b"READY=1\nSTATUS=Gr\xc3\xbc\xc3\x9fe")
    it.send(b"ERRNO=2")
    seen = it.collect()
    assert (seen["state"], seen["status"], seen["errno"]) == ("running", "Grüße", "2")


def test_each_listen_is_a_service_of_its_own(receiver: Any) -> None:
    it = receiver()
    it.listen()
    it.send(b"READY=1")
    assert it.collect()["state"] == "running"
    first = it.address
    it.listen()
    assert it.address != first
    assert it.collect()["state"] == "starting"
    with pytest.raises(ConnectionRefusedError):
        it.socket.sendto(b"READY=1", first)


def test_credentials_decide_who_may_speak(receiver: Any) -> None:
    it = receiver()
    it.listen(main=1)
    it.send(b"READY=1")
    assert it.collect()["state"] == "starting"


def test_settings_of_the_service_count(receiver: Any) -> None:
    it = receiver()
    it.listen(type="simple", notify_access="exec", watchdog_usec=7)
    seen = it.collect()
    assert (seen["state"], seen["notify_access"], seen["watchdog_usec"]) == ("running", "exec", "7")


def test_a_reload_that_was_asked_for_needs_a_time(receiver: Any) -> None:
    it = receiver()
    it.listen(type="notify-reload")
    it.send(b"READY=1")
    assert it.ask("act", action="reload") == {}
    assert it.collect()["state"] == "reloading"
    it.send(b"RELOADING=1\nMONOTONIC_USEC=1")
    it.send(b"READY=1")
    assert it.collect()["state"] == "reloading"
    it.send(b"RELOADING=1\nMONOTONIC_USEC=9223372036854775807")
    it.send(b"READY=1")
    assert it.collect()["state"] == "running"


def test_fds_are_closed_but_for_those_that_are_stored(receiver: Any, pipe: Any) -> None:
    it = receiver()
    it.listen(fd_store_max=1)
    ends = [pipe() for _ in range(3)]
    it.send(b"READY=1", ends[0][1])
    it.send(b"FDSTORE=1\nFDNAME=a", ends[1][1], ends[2][1])
    for _, write_end in ends:
        os.close(write_end)
    seen = it.collect()
    assert (seen["fds_stored"], seen["fd_names"]) == ("1", "a")
    assert [hung_up(read_end) for read_end, _ in ends] == [True, False, True]
    it.send(b"FDSTOREREMOVE=1\nFDNAME=a")
    assert it.collect()["fds_stored"] == "0"
    assert hung_up(ends[1][0])


def test_a_barrier_is_closed_without_anybody_asking(receiver: Any, pipe: Any) -> None:
    it = receiver()
    it.listen()
    read_end, write_end = pipe()
    it.send(b"READY=1")
    it.send(b"BARRIER=1", write_end)
    os.close(write_end)
    assert hung_up(read_end, TIMEOUT_S)
    assert it.collect()["state"] == "running"


def test_many_datagrams_need_nobody_to_ask(receiver: Any) -> None:
    it = receiver()
    it.listen()
    it.socket.settimeout(TIMEOUT_S)
    for number in range(200):  # far more than fit into the queue
        it.send(b"STATUS=%d" % number)
    assert it.collect()["status"] == "199"


def test_a_message_may_bring_all_the_fds_that_the_kernel_allows(receiver: Any, pipe: Any) -> None:
    it = receiver()
    it.listen(fd_store_max=300)
    read_end, write_end = pipe()
    it.send(b"FDSTORE=1", *([write_end] * 253))
    os.close(write_end)
    assert it.collect()["fds_stored"] == "253"
    it.ask("listen", service={}, processes={})
    assert hung_up(read_end)


@pytest.mark.parametrize(
    "request_members, reason",
    [
        ({"do": "fly"}, "fly"),
        ({"do": "collect"}, "before listen"),
        ({"do": "act", "action": "reload"}, "before listen"),
        ({"do": "listen", "service": {"type": "dbus"}}, "dbus"),
        ({"do": "listen", "service": {"notify_access": 1}}, "notify_access"),
        ({"do": "listen", "service": {"fd_store_max": -1}}, "fd_store_max"),
        ({"do": "listen", "service": {"colour": "red"}}, "colour"),
        ({"do": "listen", "service": []}, "service"),
        ({"do": "listen", "processes": []}, "processes"),
        ({"do": "listen", "processes": {"aunt": 7}}, "aunt"),
        ({"do": "listen", "processes": {"main": "7"}}, "main"),
    ],
)
def test_what_it_does_not_know_it_says(receiver: Any, request_members: Answer, reason: str) -> None:
    it = receiver()
    answer = it.ask(request_members.pop("do"), **request_members)
    assert reason in answer["unsupported"]
    it.listen()
    assert it.ask("act", action="sing") == {"unsupported": "unknown action"}


def test_the_end_of_its_input_is_a_good_end(notifyspec: Any) -> None:
    done = notifyspec("receive")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("line", ["{", "[]", '{"do":"start"}', '{"seq":1}', '{"seq":"1","do":"start"}'])
def test_a_request_that_is_none_is_named(notifyspec: Any, line: str) -> None:
    done = notifyspec("receive", input='{"seq":0,"do":"start"}\n' + line + "\n")
    assert done.returncode == 2
    assert "request 2" in done.stderr


def test_profiles_differ_and_an_unknown_one_is_refused(receiver: Any, notifyspec: Any) -> None:
    seen = {}
    for profile in ("documented", "systemd-252", "systemd-262"):
        it = receiver("--profile", profile)
        it.listen()
        it.send(b"STATUS=a\\b\nBUSERROR=x.y")
        conclusion = it.collect()
        seen[profile] = (conclusion["status"], conclusion["bus_error"])
    assert seen == {
        "documented": ("a\\b", "x.y"),
        "systemd-252": ("ab", ""),
        "systemd-262": ("ab", "x.y"),
    }
    assert notifyspec("receive", "--profile", "systemd-1").returncode == 2
