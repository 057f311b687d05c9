"""The conversation with QEMU, with somebody else in its place."""

import json
import socket

import pytest

from vm.deadline import Deadline, DeadlinePassed
from vm.qmp import Qmp, QmpFailed

GREETING = {"QMP": {"version": {}, "capabilities": []}}


@pytest.fixture
def qemu():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def say(theirs: socket.socket, *words: object) -> None:
    theirs.sendall(b"".join(json.dumps(word).encode() + b"\r\n" for word in words))


def test_events_that_come_between_are_kept(qemu):
    ours, theirs = qemu
    say(
        theirs,
        GREETING,
        {"return": {}},
        {"event": "POWERDOWN"},
        {"event": "RESET"},
        {"return": {"answer": 1}},
    )
    qmp = Qmp(ours, Deadline(5))

    assert qmp.ask("query", Deadline(5), option="x") == {"answer": 1}
    assert json.loads(theirs.recv(4096).splitlines()[-1])["arguments"] == {"option": "x"}
    assert qmp.heard("RESET")
    assert not qmp.heard("RESET") and not qmp.heard("POWERDOWN")


def test_an_event_is_heard_when_it_comes(qemu):
    ours, theirs = qemu
    say(theirs, GREETING, {"return": {}})
    qmp = Qmp(ours, Deadline(5))
    assert not qmp.heard("RESET")

    say(theirs, {"event": "RESET"})
    qmp.listen(Deadline(5))

    assert qmp.heard("RESET")


def test_a_refusal_says_why(qemu):
    ours, theirs = qemu
    say(theirs, GREETING, {"return": {}}, {"error": {"class": "GenericError", "desc": "no such thing"}})

    with pytest.raises(QmpFailed, match="QEMU refuses query: no such thing"):
        Qmp(ours, Deadline(5)).ask("query", Deadline(5))


def test_a_qemu_that_goes_is_named(qemu):
    ours, theirs = qemu
    say(theirs, GREETING)
    theirs.close()

    with pytest.raises(QmpFailed):
        Qmp(ours, Deadline(5))


def test_a_qemu_that_says_nothing_is_not_waited_for_for_ever(qemu):
    with pytest.raises(DeadlinePassed):
        Qmp(qemu[0], Deadline(0.1))
