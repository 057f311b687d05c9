"""What players tell through their FIFO: whom a word is about, and whose fault it is that there is none."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.vectors import hearing as module
from harness.vectors.hearing import Hearing, hearing

LINE = {"processes": {"main": 1}, "fds_open": "0", "barriers": ""}


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    return tmp_path / "results"


@pytest.fixture
def heard(fifo: Path) -> Iterator[Hearing]:
    with hearing(fifo) as made:
        yield made


@pytest.fixture
def exited() -> Iterator[int]:
    """As the pidfd of a container: readable once it has ended."""
    made = os.eventfd(0)
    yield made
    os.close(made)


def tell(fifo: Path, *lines: dict) -> None:
    with open(fifo, "w", encoding="utf-8") as told:
        told.write("".join(json.dumps(line) + "\n" for line in lines))


def test_every_word_is_about_a_vector(heard: Hearing, fifo: Path, exited: int) -> None:
    tell(fifo, {"vector": "a", **LINE}, {"vector": "b", **LINE, "hang": "it waits"})
    tell(fifo, {"vector": "c", "failure": "no pipe"}, {"vector": "d", "died": "signal killed SEGV"})
    heard.wait_for(4, exited)
    assert (list(heard.lines), heard.hung) == (["a"], {"b": "it waits"})
    assert heard.ours == {"c": "its player failed: no pipe", "d": "its player died: signal killed SEGV"}
    assert heard.trouble == ""


def test_who_dies_later_has_told_nothing(heard: Hearing, fifo: Path) -> None:
    """The service has ended then, and what the manager concludes of it is not about the vector."""
    tell(fifo, {"vector": "a", **LINE})
    heard.take()
    assert "a" in heard.lines
    tell(fifo, {"vector": "a", "died": "exit-code exited 1"})
    heard.take()
    assert (heard.lines, list(heard.ours)) == ({}, ["a"])
    heard.take()  # nothing more: it does not wait


def test_a_line_may_come_in_two_halves(heard: Hearing, fifo: Path) -> None:
    whole = json.dumps({"vector": "a", **LINE}) + "\n"
    for half in (whole[:9], whole[9:]):
        fifo.open("w").write(half)
        heard.take()
    assert heard.lines["a"]["fds_open"] == "0"


def test_the_end_of_the_system_ends_the_waiting(heard: Hearing, exited: int) -> None:
    os.eventfd_write(exited, 1)
    heard.wait_for(1, exited)
    assert heard.trouble == "the system ended"


def test_silence_ends_it_too(heard: Hearing, exited: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SILENCE_S", 0.05)
    heard.wait_for(1, exited)
    assert heard.trouble == "no word of a service for 0.05 s"


def test_anybody_may_tell(heard: Hearing, fifo: Path) -> None:
    assert fifo.stat().st_mode & 0o777 == 0o666
