"""Each peer finds in messages what is in them: a faster one that is wrong would be no peer."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from bench.peer import OF_SYSTEMD, Peer, peers

NAMES = ("python", "go", *OF_SYSTEMD)
CLASSIFYING = ("python", "go")
RECEIVING = ("python", "go", "systemd-262", "systemd-262-without-pidfd")
RELOAD = b"RELOADING=1\nMONOTONIC_USEC=8123456789\nSTATUS=Reloading data.\nFDNAME=listeners\n"
# What, how many lines, and how many of them are of a known field.
MESSAGES = {
    "empty": (b"", 0, 0),
    "one line": (b"READY=1", 1, 1),
    "one line that ends": (b"READY=1\n", 1, 1),
    "unknown ones": (b"X_SOMETHING=1\nREADY\nREADY=1\nready=1", 4, 1),
    "reload": (RELOAD, 4, 4),
    "1 KiB": (b"READY=1\n" * 128, 128, 128),
    "the longest": (b"STATUS=" + b"a" * 4089, 1, 1),
}
COUNT = 20  # two bursts and a half
BOOT = [b"READY=1", b"X_A=1\nSTATUS=a\n", b"STOPPING=1"]


@pytest.fixture(scope="module")
def found() -> Iterator[dict[str, Peer]]:
    with peers() as listed:
        yield {each.name: each for each in listed}


def ask(peer: Peer, *requests: tuple[str, *tuple[bytes, ...]]) -> list[dict[str, Any]]:
    if peer.why_absent:
        pytest.skip(peer.why_absent)
    lines = []
    for task, *messages in requests:
        payload = " ".join(base64.b64encode(each).decode() for each in messages)
        lines.append(json.dumps({"task": task, "count": COUNT, "payload": payload}))
    done = subprocess.run(peer.command, input="\n".join(lines), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_all_are_listed(found: dict[str, Peer]) -> None:
    assert tuple(found) == NAMES
    assert all(bool(each.command) != bool(each.why_absent) for each in found.values())


@pytest.mark.parametrize("name", NAMES)
def test_it_finds_the_lines(found: dict[str, Peer], name: str) -> None:
    answers = ask(found[name], *(("split", payload) for payload, _, _ in MESSAGES.values()))
    assert [each["lines"] for each in answers] == [COUNT * lines for _, lines, _ in MESSAGES.values()]
    assert all(each["ns"] > 0 for each in answers)


@pytest.mark.parametrize("name", CLASSIFYING)
def test_it_knows_the_fields(found: dict[str, Peer], name: str) -> None:
    answers = ask(found[name], *(("classify", payload) for payload, _, _ in MESSAGES.values()))
    seen = [(each["lines"], each["known"]) for each in answers]
    assert seen == [(COUNT * lines, COUNT * known) for _, lines, known in MESSAGES.values()]


@pytest.mark.parametrize("name", RECEIVING)
def test_it_receives_all_that_it_sends(found: dict[str, Peer], name: str) -> None:
    answers = ask(found[name], *(("receive", payload) for payload, _, _ in MESSAGES.values()))
    assert [each["lines"] for each in answers] == [COUNT * lines for _, lines, _ in MESSAGES.values()]
    known = [COUNT * (known if name in CLASSIFYING else 0) for _, _, known in MESSAGES.values()]
    assert [each["known"] for each in answers] == known


@pytest.mark.parametrize("name", NAMES)
def test_it_takes_several_messages_in_their_order(found: dict[str, Peer], name: str) -> None:
    tasks = ["split", *(["receive"] if name in RECEIVING else [])]
    answers = ask(found[name], *((task, *BOOT) for task in tasks))
    assert [each["lines"] for each in answers] == [COUNT * 4] * len(tasks)


@pytest.mark.parametrize("name", NAMES)
def test_what_it_cannot_do_it_says(found: dict[str, Peer], name: str) -> None:
    tasks = ["fly", *(["receive"] if name not in RECEIVING else [])]
    assert all("unsupported" in each for each in ask(found[name], *((task, b"READY=1") for task in tasks)))
