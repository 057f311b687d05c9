"""What `./run bench` refuses before it builds or counts, and in which words."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from scipy.stats import binomtest

from bench import counts, revision
from bench.command_line import FEWEST_ROUNDS, SIGNIFICANT, read
from harness.judgement import InputRefused


@pytest.mark.parametrize("module", ["bench.performance", "bench.command_line"])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--out", "/proc/x"], "/proc/x: no folder for the report can be made there"),
        (["--out", "/dev/null"], "name another --out"),
        (["--against", "nope"], "'nope' is no revision; `git log --oneline` shows which there are"),
        (["--rounds", "5"], "5 rounds can decide nothing, whatever they show: from 6 on"),
    ],
)
def test_what_cannot_come_to_anything_is_refused_and_nothing_counted(
    module: str, options: list[str], words: str
) -> None:
    call = [sys.executable, "-m", module, *options]
    done = subprocess.run(call, cwd=counts.ROOT, capture_output=True, text=True)
    assert done.returncode == 2 and words in done.stderr
    assert done.stdout == ""


def test_a_revision_before_there_were_counts_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@localhost"]
    for words in (["init", "--quiet"], ["commit", "--quiet", "--allow-empty", "--message=first"]):
        subprocess.run([*git, *words], cwd=tmp_path, check=True)
    monkeypatch.setattr(revision, "ROOT", tmp_path)
    with pytest.raises(InputRefused, match="HEAD is from before there were counts"):
        read(["--against", "HEAD"])


def test_so_many_rounds_can_decide_and_one_fewer_cannot() -> None:
    assert binomtest(FEWEST_ROUNDS, FEWEST_ROUNDS).pvalue < SIGNIFICANT
    assert binomtest(FEWEST_ROUNDS - 1, FEWEST_ROUNDS - 1).pvalue >= SIGNIFICANT


def test_a_report_that_can_be_left_is_none_of_its_business(tmp_path: Path) -> None:
    assert read(["--out", str(tmp_path / "new"), "--against", "HEAD"]).out.is_dir()


SLOW = """
import os, signal, sys
from importlib.abc import MetaPathFinder
from harness.guard import guarded
from bench import performance
class Interrupted(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "bench.measurement":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupted())
sys.exit(guarded("./run bench", lambda: performance.main(["--no-wall"])))
"""


def test_who_interrupts_while_it_is_being_imported_sees_no_traceback() -> None:
    call = [sys.executable, "-c", SLOW]
    done = subprocess.run(call, cwd=counts.ROOT, capture_output=True, text=True)
    assert done.returncode == 128 + signal.SIGINT
    assert done.stderr == "./run bench: interrupted; everything that was started is gone\n"
