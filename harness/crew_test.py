"""Several jobs at once: what comes of each, and that none outlives who started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from harness import crew
from harness.crew import JobDied

LONG = r"""
import os
from harness import crew
from harness.termination import terminable
def work(name):
    try:
        os.write(1, f"began {name}\n".encode())
        os.read(os.pipe()[0], 1)
    finally:
        os.write(1, f"cleaned {name}\n".encode())
with terminable():
    list(crew.run(["one", "two"], work, 2))
"""


def double(number: int) -> int:
    if number == 3:
        raise ValueError("three")
    if number == 4 and os.getpid() != MAIN:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


MAIN = os.getpid()


@pytest.mark.parametrize("at_once", [1, 2, 9])
def test_each_job_comes_back_with_what_came_of_it(at_once: int) -> None:
    found = dict(crew.run([1, 2, 3], double, at_once))
    assert (found[1], found[2], str(found[3])) == (2, 4, "three")


def test_a_job_whose_process_dies_is_told_and_the_rest_goes_on() -> None:
    found = dict(crew.run([4, 5], double, 2))
    assert isinstance(found[4], JobDied) and "ended with -9" in str(found[4])
    assert found[5] == 10


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_whoever_ends_lets_all_jobs_clean_up(how: signal.Signals) -> None:
    """Their end of the pipe is read until all of them are gone."""
    root = Path(__file__).parent.parent
    with subprocess.Popen(
        # Where this runs in the background of a shell, Ctrl-C is ignored, and so it would be by what it starts.
        ["env", "--default-signal=INT", sys.executable, "-c", LONG],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=root,
    ) as process:
        assert process.stdout is not None
        began = {process.stdout.readline().strip() for _ in range(2)}
        process.send_signal(how)
        rest = set(process.stdout.read().split("\n")) - {""}
    assert (began, rest) == ({"began one", "began two"}, {"cleaned one", "cleaned two"})
    assert process.returncode != 0
