"""The accounts of a flood: nothing that was accepted is lost, and a loss would be seen. Nothing here is timed."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from bench.flood import __main__ as command
from bench.flood import manager, ours
from bench.flood.outcome import Outcome, quantiles
from harness import tool
from harness.exit_code import ExitCode
from vm import image as images
from vm.environment import EnvironmentUnfit, require_container

MESSAGES = 20_000
WHOLE = Outcome("some", queue=10, sent=100, refused=7, received=100, seconds=1.0)


def test_each_quantile_is_a_time_that_occurred() -> None:
    assert quantiles(range(1000, 101_000, 1000), 50, 99, 99.9) == {
        "p50": 50,
        "p99": 99,
        "p99.9": 100,
        "max": 100,
    }
    assert quantiles([5000], 50, 99) == {"p50": 5, "p99": 5, "max": 5}


@pytest.mark.parametrize("queue", command.QUEUES)
def test_our_receiver_loses_nothing(queue: int) -> None:
    outcome = ours.flood(queue, MESSAGES, command.MOST_SECONDS)
    assert outcome.trouble == ""
    assert outcome.sent == outcome.received == MESSAGES
    assert outcome.latency["p50"] <= outcome.latency["p99.9"] <= outcome.latency["max"]
    assert outcome.waits > 0


@pytest.mark.boots
@pytest.mark.parametrize(("name", "keeps_queue"), zip(command.IMAGES, (True, False)))
def test_a_real_manager_is_flooded(name: str, keeps_queue: bool) -> None:
    try:
        require_container()
        outcome = manager.flood(images.find(name), MESSAGES, 2, keeps_queue=keeps_queue)
    except EnvironmentUnfit as unfit:
        pytest.skip(unfit.reason)
    assert outcome.trouble == ""
    assert 0 < outcome.received == outcome.sent <= MESSAGES
    assert outcome.queue == (10 if keeps_queue else 512)
    assert 0 < outcome.latency["p50"] <= outcome.latency["p99.9"]
    assert outcome.waits > 0


def test_a_flood_is_watched_from_outside(tmp_path: Path) -> None:
    """How many messages a receiver has taken, and not one before it has taken any."""
    address = str(tmp_path / "notify")
    call = [tool.bench("flood-sender"), "1000", "20", "--watch"]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(address)
        with subprocess.Popen(call, env={"NOTIFY_SOCKET": address}, stdout=subprocess.PIPE) as sender:
            came = take_flood(receiver)
            told = json.loads(sender.communicate(timeout=60)[0])
    assert came == told["sent"] == len(told["taken"]) == 1000
    assert min(told["taken"]) > 0


def take_flood(receiver: socket.socket) -> int:
    """Until it is over; how many of its messages came."""
    came = 0
    while True:
        data, fds, _, _ = socket.recv_fds(receiver, 4096, 1)
        for fd in fds:
            os.close(fd)
        if data == b"X_NOTIFYSPEC_FLOOD=over":
            return came
        came += b"X_NOTIFYSPEC_SENT=" in data


def test_a_lost_message_is_a_failure_and_trouble_is_ours() -> None:
    absent, broken = Outcome("some", why_absent="not here"), Outcome("some", trouble="it died")
    assert command.judge([WHOLE, absent]) == ExitCode.CONFORMS
    assert command.judge([absent]) == ExitCode.NOTHING_RAN
    assert command.judge([WHOLE, broken]) == ExitCode.ENVIRONMENT
    assert command.judge([broken, replace(WHOLE, received=99)]) == ExitCode.DOES_NOT_CONFORM


def test_what_cannot_run_says_why_and_no_numbers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NOTIFYSPEC_CACHE", str(tmp_path))  # where no image is
    file = tmp_path / "flood.jsonl"
    assert command.main(["--messages", "100", "--out", str(file)]) == ExitCode.CONFORMS
    absent = [json.loads(line) for line in file.read_text().splitlines()][-len(command.IMAGES) :]
    assert [each["receiver"] for each in absent] == [manager.named(name) for name in command.IMAGES]
    assert all(each.keys() == {"receiver", "why_absent"} for each in absent)


def test_it_writes_lines_and_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "new" / "flood.jsonl"
    code = command.main([ours.NAME, "--messages", str(MESSAGES), "--out", str(file)])
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert code == ExitCode.CONFORMS
    assert all(line["sent"] == line["received"] == MESSAGES for line in lines)
    assert ours.NAME in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--seconds", "0"], ["--seconds", "21"], ["--messages", "0"], ["--no"]])
def test_nonsense_is_refused(words: list[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        command.main(words)
    assert refused.value.code == ExitCode.USAGE
