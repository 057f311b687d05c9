"""Planted bugs on the command line: they are listed, can be had, and leave the correct implementation as it is."""

from __future__ import annotations

import json

import pytest

from conformance.conftest import Notifyspec


def answer(notifyspec: Notifyspec, *command: str) -> dict[str, object]:
    done = notifyspec(*command, input='{"seq":0,"do":"start"}\n{"seq":1,"do":"stop"}\n')
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[0])


def test_every_bug_has_a_role_a_name_and_a_sentence(notifyspec: Notifyspec) -> None:
    rows = [json.loads(line) for line in notifyspec("list", "bugs", "--format", "jsonl").stdout.splitlines()]
    assert {row["role"] for row in rows} == {"receiver", "sender"}
    for row in rows:
        assert row["what"].endswith(".") and len(row["what"].split()) > 2, row
        assert row["name"] == row["name"].lower() and " " not in row["name"]
    assert len({row["what"] + row["role"] for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (["receive"], "notifyspec receive documented"),
        (["receive", "--bug", "none"], "notifyspec receive none"),
        (["receive", "--bug", "leaks-fds"], "notifyspec receive leaks-fds"),
        (["send"], "notifyspec"),
        (["send", "--bug", "none"], "notifyspec"),
        (["send", "--bug", "sends-twice"], "notifyspec send sends-twice"),
    ],
)
def test_who_has_a_bug_is_named_after_it(notifyspec: Notifyspec, command: list[str], name: str) -> None:
    assert answer(notifyspec, *command)["name"] == name


@pytest.mark.parametrize("command", [["receive", "--bug", "sends-twice"], ["send", "--bug", "leaks-fds"]])
def test_a_bug_of_another_role_is_refused(notifyspec: Notifyspec, command: list[str]) -> None:
    done = notifyspec(*command)
    assert (done.returncode, command[-1] in done.stderr) == (2, True), done.stderr


def test_a_bug_and_a_profile_exclude_each_other(notifyspec: Notifyspec) -> None:
    assert notifyspec("receive", "--bug", "leaks-fds", "--profile", "systemd-262").returncode == 2
