"""The reference sender meets every sender vector; adapters that fail are told from senders that do."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness import tool
from harness.adapter import Adapter, AdapterFault
from harness.sending import Sending, read_vectors

VECTORS = read_vectors(Path(__file__).parent.parent / "fixtures" / "vectors")
ONE = {"environment": "${path}", "steps": [{"call": "notify", "state": "READY=1"}]}

FAKE = """
import json, os, sys
for line in sys.stdin:
    request = json.loads(line)
    answer = {"seq": request["seq"]}
    if request["do"] == "start":
        answer |= {"name": "fake", "version": "1", "role": "sender"}
    elif request["do"] == "send":
        %s
    elif request["do"] != "stop":
        answer["unsupported"] = "unknown"
    print(json.dumps(answer), flush=True)
"""


@pytest.fixture
def sending(tmp_path: Path) -> Iterator[Callable[..., Sending]]:
    """Made with a program in Python, or with the reference sender."""

    def make(program: str | None = None, **settings: Any) -> Sending:
        command = [sys.executable, "-c", program] if program else [tool.notifyspec(), "send"]
        log = tmp_path / "adapter.log"
        return Sending(lambda: Adapter(command, log, **settings), tmp_path / "n")

    yield make


def matches(expected: Any, seen: Any) -> bool:
    """A second opinion, simpler than the tool's: the text of both, with ${usec} for digits."""
    for member, value in expected.items():
        pattern = re.escape(json.dumps(value, sort_keys=True)).replace(re.escape("${usec}"), "[0-9]+")
        if not re.fullmatch(pattern, json.dumps(seen.get(member), sort_keys=True)):
            return False
    return True


def test_the_reference_meets_every_vector(sending: Callable[..., Sending]) -> None:
    with sending() as reference:
        assert reference.who == {"name": "notifyspec", "version": "0.1.0"}
        for outcome in reference.outcomes(VECTORS):
            assert outcome["outcome"] == "concluded", outcome
            expect = VECTORS[outcome["vector"]]["expect"]
            assert any(matches(each, outcome["conclusion"]) for each in expect), outcome
        reference.stop()


@pytest.mark.parametrize(
    ("reaction", "outcome", "reason"),
    [
        ("sys.exit(7)", "crash", "exit code 7"),
        ("os.kill(os.getpid(), 11)", "crash", "SIGSEGV"),
        ("continue", "hang", "no answer"),
        ("answer['seq'] += 1", "nonsense", "seq"),
        ("answer |= {'returns': [], 'environment': 'set'}", "nonsense", '0 "returns" for 1 calls'),
        ("answer |= {'returns': ['maybe'], 'environment': 'set'}", "nonsense", "no answer"),
        ("answer |= {'returns': [['zero']], 'environment': 'set'}", "nonsense", "no answer"),
        ("answer |= {'returns': ['zero']}", "nonsense", "no answer"),
        ("answer |= {'unsupported': 'not today'}", "unsupported", "not today"),
    ],
)
def test_an_adapter_that_fails_is_an_outcome_and_the_rest_go_on(
    sending: Callable[..., Sending], reaction: str, outcome: str, reason: str
) -> None:
    with sending(FAKE % reaction, patience_s=0.5) as failing:
        for name, seen in zip("ab", failing.outcomes({"a": ONE, "b": ONE}), strict=True):
            assert (seen["vector"], seen["outcome"]) == (name, outcome)
            assert reason in seen["reason"]


def test_one_that_sends_nothing_and_says_so_has_concluded(sending: Callable[..., Sending]) -> None:
    reaction = "answer |= {'returns': ['positive'], 'environment': 'set'}"
    with sending(FAKE % reaction) as liar:
        (seen,) = liar.outcomes({"a": ONE})
    assert seen["conclusion"] == {"arrived": [], "returns": ["positive"], "environment": "set"}


@pytest.mark.parametrize(
    "program",
    [
        FAKE.replace('"sender"', '"receiver"') % "pass",
        FAKE.replace('"version": "1", ', "") % "pass",
        FAKE.replace('answer["unsupported"] = "unknown"', "pass") % "pass",
    ],
)
def test_an_adapter_that_is_none_is_not_believed(sending: Callable[..., Sending], program: str) -> None:
    with pytest.raises(AdapterFault), sending(program):
        pass


def test_nothing_is_left_behind(sending: Callable[..., Sending], tmp_path: Path) -> None:
    with sending() as reference:
        list(reference.outcomes(VECTORS))
        reference.stop()
    assert [path.name for path in (tmp_path / "n").iterdir()] == ["arrive.log"]


def test_what_is_no_request_is_refused_by_its_number(tmp_path: Path) -> None:
    for command, text, reason in (
        (["send"], "nonsense\n", "request 1: not JSON"),
        (["send"], '{"seq":0,"do":"start"}\n[]\n', "request 2: not a JSON object"),
        (["send"], '{"do":"start"}\n', 'no integer "seq"'),
        (["arrive", "--folder", str(tmp_path)], '{"seq":0}\n', 'no string "do"'),
        (["arrive", "--folder", str(tmp_path)], '{"seq":0,"do":"start"}', "no end"),
    ):
        done = subprocess.run([tool.notifyspec(), *command], input=text, capture_output=True, text=True)
        assert (done.returncode, reason in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ([{"call": "notify"}], "state"),
        ([{"call": "notify", "state": 1}], "string"),
        ([{"call": "notify", "state": "A", "state_base64": "QQ=="}], "one of"),
        ([{"call": "notify", "state_base64": "QQ="}], "base64"),
        ([{"call": "notify", "state": "A", "fds": -1}], "fds"),
        ([{"call": "notify", "state": "A", "pid": "stranger"}], "pid"),
        ([{"call": "notify", "state": "A", "colour": 1}], "colour"),
        ([{"call": "notify", "state": "A", "unset_environment": 1}], "unset_environment"),
        ([{"call": "barrier", "timeout_usec": "1"}], "timeout_usec"),
        ([{"call": "barrier", "state": "A"}], "state"),
        ([{"call": "reloading", "fds": 1}], "fds"),
        ([{"call": "dance"}], "dance"),
        ([{"state": "A"}], "no call"),
        (["READY=1"], "no call"),
        ({}, "no array"),
    ],
)
def test_a_step_that_is_not_known_is_not_guessed(
    sending: Callable[..., Sending], steps: Any, reason: str
) -> None:
    with sending() as reference:
        (seen,) = reference.outcomes({"a": {"environment": "${path}", "steps": steps}})
    assert (seen["outcome"], reason in seen["reason"]) == ("unsupported", True), seen


def test_outcomes_are_lines_of_the_schema(sending: Callable[..., Sending]) -> None:
    with sending() as reference:
        (seen,) = reference.outcomes({"sender/a/b": ONE})
    assert json.loads(json.dumps(seen)) == {
        "vector": "sender/a/b",
        "outcome": "concluded",
        "conclusion": {"arrived": [{"data": "READY=1"}], "returns": ["positive"], "environment": "set"},
    }


def test_without_privilege_nobody_is_asked_to_send_in_the_name_of_another(
    sending: Callable[..., Sending], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 65534)
    vectors = {name: VECTORS[name] for name in ("sender/pid/own-then-child", "sender/bytes/ready")}
    with sending() as reference:
        refused, sent = reference.outcomes(vectors)
    assert (refused["outcome"], sent["outcome"]) == ("unsupported", "concluded")
    assert "run this as root" in refused["reason"]
