"""What the harness makes of an agent's answers."""

import socket
import threading

import pytest

from vm import agent
from vm.deadline import Deadline


def answering(answer: bytes, heard: list[bytes]):
    """A way to an agent that says just that."""

    def connect(_deadline: Deadline) -> socket.socket:
        ours, theirs = socket.socketpair()

        def serve() -> None:
            with theirs:
                heard.append(agent.read_all(theirs, Deadline(5)))
                theirs.sendall(answer)

        threading.Thread(target=serve).start()
        return ours

    return connect


def test_words_arrive_as_they_are_and_the_answer_is_taken_apart():
    heard: list[bytes] = []

    done = agent.run(answering(b"7 5 4\nouter\nerr", heard), ["echo", "a b", ""], {"A": "x=y"}, Deadline(5))

    assert heard == [b"A=x=y\0\0echo\0a b\0\0"]
    assert (done.returncode, done.stdout, done.stderr) == (7, "outer", "\nerr")


@pytest.mark.parametrize("answer", [b"", b"0 3 0\nab", b"nonsense\n", b"0 0\n"])
def test_an_answer_that_was_cut_short_is_none(answer):
    with pytest.raises(agent.NoAgent, match="cut short in its answer to `true`"):
        agent.run(answering(answer, []), ["true"], {}, Deadline(5))


def test_a_machine_without_an_agent_is_named():
    def refuse(_deadline: Deadline) -> socket.socket:
        raise ConnectionRefusedError("nobody listens on port 9002 of the machine")

    with pytest.raises(agent.NoAgent, match="does not answer: nobody listens"):
        agent.run(refuse, ["true"], {}, Deadline(5))
