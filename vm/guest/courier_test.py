"""The courier over AF_UNIX, and that it sees each way in which what it carries can be spoiled."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from vm.guest.echo import Answer, Echo, faithful

BUILD = Path(__file__).parent.parent.parent / "build"
TIMEOUT_S = 60


def carry(folder: Path, kind: str, *load: int, answer: Answer = faithful) -> tuple[int, str, Echo]:
    program = BUILD / "release" / "vm" / "courier"
    if not program.exists():
        pytest.fail(f"no {program}: build it first, with ./run build")
    with Echo(folder / "peer", kind, answer) as echo:
        call = [program, folder, "peer", kind, *map(str, load)]
        done = subprocess.run(call, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    return done.returncode, done.stdout.strip(), echo


@pytest.mark.parametrize("kind", ["stream", "seqpacket"])
def test_what_comes_back_as_it_went_is_well(tmp_path: Path, kind: str) -> None:
    code, words, echo = carry(tmp_path, kind, 256, 3, 5000)
    assert (code, words) == (0, "all came back")
    assert echo.most_open == 256
    assert [sum(peer.sizes) for peer in echo.peers] == [15000] * 256


def test_the_connections_and_the_messages_of_each_differ(tmp_path: Path) -> None:
    seen: list[bytes] = []
    carry(tmp_path, "seqpacket", 256, 4, 100, answer=lambda _, message: seen.append(message) or [message])
    assert len(set(seen)) == 256 * 4


KEPT: list[bytes] = []


def swapped(number: int, message: bytes) -> list[bytes]:
    if number == 0:
        KEPT[:] = [message]
        return []
    return [message, *KEPT] if number == 1 else [message]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda number, message: [] if number == 1 else [message], "connection 0: not what was sent"),
        (lambda number, message: [message] * (2 if number == 1 else 1), "connection 0: not what was sent"),
        (lambda number, message: [message] * (2 if number == 2 else 1), "connection 0: more came back"),
        (lambda number, message: [message[:-1] + b"?"], "connection 0: not what was sent"),
        (lambda number, message: [message[:40], message[40:]], "connection 0: a message of 40 bytes"),
        (swapped, "connection 0: not what was sent"),
    ],
    ids=["lost", "twice", "once-more", "altered", "split", "swapped"],
)
def test_it_sees_what_was_spoiled(tmp_path: Path, answer: Answer, words: str) -> None:
    code, said, _ = carry(tmp_path, "seqpacket", 1, 3, 100, answer=answer)
    assert code == 1 and said.startswith(words)


def test_it_sees_what_comes_over_another_connection(tmp_path: Path) -> None:
    first: list[bytes] = []

    def crossed(_: int, message: bytes) -> list[bytes]:
        first.append(message)
        return [first[0]]

    code, said, _ = carry(tmp_path, "stream", 2, 1, 1000, answer=crossed)
    assert code == 1 and "connection 1: not what was sent" in said


def test_it_says_when_nobody_listens(tmp_path: Path) -> None:
    program = BUILD / "release" / "vm" / "courier"
    call = [program, tmp_path, "nobody", "stream", "1", "1", "1"]
    done = subprocess.run(call, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert (done.returncode, done.stdout) == (1, "connection 0: connect: No such file or directory\n")


@pytest.mark.parametrize(
    "words", ["", "2 1 dgram 1 1 1", "2 1 stream 1 1", "2 1 stream 0 1 1", "2 1 stream 1 1 x"]
)
def test_called_wrongly_it_says_how(words: str) -> None:
    program = BUILD / "release" / "vm" / "courier"
    done = subprocess.run([program, *words.split()], capture_output=True, timeout=TIMEOUT_S, check=False)
    assert done.returncode == 2 and done.stderr.startswith(b"Usage: courier")
