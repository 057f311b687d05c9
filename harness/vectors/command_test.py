"""`./run vectors` as people call it: what it can be asked for, and what it needs no privilege for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness import tool
from harness.exit_code import ExitCode

NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
ONLY = ["--only", "receiver/credentials/*"]


def vectors(*words: str, call: list[str] = []) -> subprocess.CompletedProcess[str]:
    command = [*call, sys.executable, "-m", "harness.vectors", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["258"], "'258' is neither an image"),
        (["258-user"], "'258-user' is neither an image"),
        (["reference-user"], "'reference-user' is neither an image"),
        (["257-user", "--role", "sender"], "a user manager has the libraries and commands of '257'"),
        (["--only", "receiver/none/*"], "no vector has an id like receiver/none/*"),
    ],
)
def test_what_it_cannot_be_asked_for(words: list[str], complaint: str) -> None:
    done = vectors(*words)
    assert (done.returncode, complaint in done.stderr) == (ExitCode.USAGE, True), done.stderr


@pytest.fixture
def nobody(tmp_path: Path) -> list[str]:
    if os.geteuid() != 0:
        return []
    if subprocess.run([*NOBODY, "test", "-x", tool.notifyspec()]).returncode != 0:
        pytest.skip("others may not enter the folder of this checkout")
    return [*NOBODY, "env", "TMPDIR=/tmp", f"HOME={tmp_path}"]


def test_the_reference_needs_no_privilege(nobody: list[str]) -> None:
    done = vectors("reference", *ONLY, call=nobody)
    assert done.returncode == ExitCode.CONFORMS, done.stdout + done.stderr
    assert "other-uid-under-main: nobody here can send as other-uid" in done.stdout


def test_a_real_systemd_does_and_that_is_said(nobody: list[str]) -> None:
    done = vectors("257-user", *ONLY, call=nobody)
    assert done.returncode == ExitCode.ENVIRONMENT
    assert "needs root" in done.stderr
