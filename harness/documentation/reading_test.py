"""The examples of how to read the data run as they stand, with a receiver that is ours in place of the reader's."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from typing import Any

import pytest

from harness import tool
from harness.documentation import page
from vm.installation import ROOT

FIXTURES = ROOT / "fixtures"
VECTORS, TRACE = page.blocks(FIXTURES / "README.md", "python")
DEFAULTS = {"type": "notify", "notify_access": "main", "fd_store_max": 0, "watchdog_usec": 0}


class Receiver:
    """`notifyspec receive`, by the three functions that the reader is to have."""

    def __init__(self, *options: str) -> None:
        call = [tool.notifyspec(), "receive", *options]
        self.process = subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.asked, self.sent, self.address = 0, 0, ""

    def ask(self, do: str, **members: Any) -> dict[str, Any]:
        request = {"seq": self.asked, "do": do} | members
        self.asked += 1
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def begin(self, service: dict[str, Any]) -> None:
        answer = self.ask("listen", service=DEFAULTS | service, processes={"main": os.getpid()})
        self.address = answer["address"].removeprefix("unix:")

    def send(self, data: bytes) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
            out.sendto(data, self.address.replace("@", "\0", 1))
        self.sent += 1

    def conclude(self) -> dict[str, str]:
        return {"fds_open": "0", "barriers": ""} | self.ask("collect")["conclusion"]


def told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[str, int]:
    monkeypatch.chdir(FIXTURES)
    receiver = Receiver(*options)
    with receiver.process:
        exec(VECTORS, {name: getattr(receiver, name) for name in ("begin", "send", "conclude")})
        receiver.ask("stop")
    return capsys.readouterr().out, receiver.sent


def test_a_receiver_that_is_right_is_told_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said, sent = told(monkeypatch, capsys, "--bug", "none")
    assert (said, sent > 100) == ("", True)


def test_one_that_is_wrong_is_told_where(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said, _ = told(monkeypatch, capsys, "--bug", "prefix-match")
    assert "receiver.whole-line-match" in said


def test_the_messages_of_a_manager_are_printed_in_order(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(FIXTURES)
    exec(TRACE, {})
    lines = capsys.readouterr().out.splitlines()
    times = [float(line.split()[0]) for line in lines]
    assert times == sorted(times)
    assert any("READY=1" in line for line in lines) and any(
        "X_SYSTEMD_SHUTDOWN=halt" in line for line in lines
    )
