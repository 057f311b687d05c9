"""An adapter that fails is told from what it speaks for, by kind, and leaves nothing behind."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.adapter import Adapter, AdapterFault, Fault, Unsupported
from vm.deadline import Deadline

GOOD = """
import json, sys
for line in sys.stdin:
    request = json.loads(line)
    answer = {"seq": request["seq"]}
    if request["do"] == "echo":
        answer["said"] = request["say"]
    elif request["do"] != "stop":
        answer["unsupported"] = "nothing but echo"
    print(json.dumps(answer), flush=True)
    if request["do"] == "stop":
        break
"""


@pytest.fixture
def adapter(tmp_path: Path) -> Callable[..., Adapter]:
    def make(program: str, **settings: float) -> Adapter:
        return Adapter([sys.executable, "-c", program], tmp_path / "log", **settings)

    return make


def fault_of(adapter: Adapter) -> AdapterFault:
    with adapter, pytest.raises(AdapterFault) as caught:
        adapter.exchange("start")
    return caught.value


def test_an_answer_is_its_members_without_the_number(adapter: Callable[..., Adapter]) -> None:
    with adapter(GOOD) as good:
        assert good.exchange("echo", say="ä\n") == {"said": "ä\n"}
        assert good.exchange("echo", say=None) == {"said": None}
        good.stop()


def test_a_request_may_be_longer_than_a_pipe_holds(adapter: Callable[..., Adapter]) -> None:
    long = "x" * (1 << 20)
    with adapter(GOOD) as good:
        assert good.exchange("echo", say=long) == {"said": long}


def test_what_it_cannot_do_it_says(adapter: Callable[..., Adapter]) -> None:
    with adapter(GOOD) as good:
        with pytest.raises(Unsupported, match="nothing but echo"):
            good.exchange("dance")
        assert good.exchange("echo", say=1) == {"said": 1}


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import sys; sys.exit(7)", "exit code 7"),
        ("import os; os.kill(os.getpid(), 11)", "SIGSEGV"),
        ("import sys; sys.exit('my last words')", "my last words"),
        ("import os, sys; os.close(0); sys.exit(3)", "exit code 3"),
    ],
)
def test_one_that_ends_has_crashed(adapter: Callable[..., Adapter], program: str, reason: str) -> None:
    fault = fault_of(adapter(program))
    assert (fault.kind, reason in fault.reason) == (Fault.CRASH, True), fault


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("hello", "no JSON"),
        ("[0]", "no JSON object"),
        ('{"seq": 1}', "not the seq 0"),
        ("{}", "not the seq 0"),
        ('{"seq": "0"}', "not the seq 0"),
        ("\\xff", "no JSON"),
    ],
)
def test_an_answer_that_is_none_is_nonsense(
    adapter: Callable[..., Adapter], answer: str, reason: str
) -> None:
    program = f"import os, sys; sys.stdin.readline(); os.write(1, b'{answer}\\n'); sys.stdin.read()"
    fault = fault_of(adapter(program))
    assert (fault.kind, reason in fault.reason) == (Fault.NONSENSE, True), fault


@pytest.mark.parametrize("program", ["import sys; sys.stdin.read()", "import signal; signal.pause()"])
def test_silence_is_a_hang(adapter: Callable[..., Adapter], program: str) -> None:
    fault = fault_of(adapter(program, patience_s=0.2))
    assert (fault.kind, "does it flush what it writes?" in fault.reason) == (Fault.HANG, True)


def test_one_that_reads_nothing_hangs_with_a_long_request(adapter: Callable[..., Adapter]) -> None:
    with adapter("import signal; signal.pause()", patience_s=0.2) as deaf:
        with pytest.raises(AdapterFault, match="hang"):
            deaf.exchange("echo", say="x" * (1 << 20))


def test_one_that_does_not_stop_hangs(adapter: Callable[..., Adapter]) -> None:
    program = GOOD + "import signal; signal.pause()"
    with adapter(program, patience_s=3) as lingering:
        with pytest.raises(AdapterFault, match="did not end"):
            lingering.stop()


def test_what_it_has_started_does_not_outlive_it(adapter: Callable[..., Adapter]) -> None:
    program = """
import json, os, signal, sys
request = json.loads(sys.stdin.readline())
child = os.fork()
if child == 0:
    signal.pause()
print(json.dumps({"seq": request["seq"], "child": child}), flush=True)
signal.pause()
"""
    with adapter(program) as parent:
        child = os.pidfd_open(parent.exchange("start")["child"])
    try:
        assert Deadline(10).wait(child) == {child}  # readable once it has ended
    finally:
        os.close(child)
