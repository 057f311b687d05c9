"""Who leaves parent, group and session of a program still ends with it, and its ending is told as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from harness.adapter import KEEPER, kept
from vm.deadline import Deadline

# Tells the pid of a grandchild that has left for a session of its own, then does what follows.
LEAVES = """
import os, signal, sys
read, write = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.write(write, str(os.getpid()).encode())
        signal.pause()
    os._exit(0)
print(os.read(read, 20).decode(), flush=True)
"""


@pytest.mark.parametrize(
    ("then", "code"),
    [
        ("os._exit(3)", 3),
        ("os.kill(os.getpid(), 11)", -signal.SIGSEGV),
        ("os.kill(os.getpid(), 9)", -signal.SIGKILL),
    ],
)
def test_it_ends_as_its_program_did_and_nobody_stays(then: str, code: int) -> None:
    keeper = subprocess.Popen(kept([sys.executable, "-c", LEAVES + then]), stdout=subprocess.PIPE)
    assert keeper.stdout is not None
    leaver = int(keeper.stdout.readline())
    assert keeper.wait() == code
    assert not Path(f"/proc/{leaver}").exists()
    keeper.stdout.close()


def test_asked_to_end_it_ends_all() -> None:
    keeper = subprocess.Popen(kept([sys.executable, "-c", LEAVES + "signal.pause()"]), stdout=subprocess.PIPE)
    assert keeper.stdout is not None
    leaver = os.pidfd_open(int(keeper.stdout.readline()))
    keeper.terminate()
    assert Deadline(10).wait(leaver) == {leaver}
    assert keeper.wait() == -signal.SIGKILL
    os.close(leaver)
    keeper.stdout.close()


def test_a_program_that_is_not_there_is_named() -> None:
    done = subprocess.run(kept(["/no/such/program"]), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (127, "/no/such/program: No such file or directory\n")


def test_whose_parent_is_gone_already_nothing_is_started_for(tmp_path: Path) -> None:
    """Its parent is another than the one that it is told of, as where that one was killed before it could look."""
    command = [sys.executable, "-IS", str(KEEPER), str(os.getppid()), "touch", str(tmp_path / "started")]
    subprocess.run(command, check=True)
    assert not (tmp_path / "started").exists()
