"""`./run` called from a folder of the user's: what is named relatively there is theirs, whatever else is there."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from harness import suite_lock
from harness.exit_code import ExitCode

ROOT = Path(__file__).parent.parent
PROGRAM = ROOT / "harness" / "implementations" / "example-python" / "adapter.py"
CASE = "sender/bytes/ready"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """With an adapter, and modules that are named as the suite's and as Python's own."""
    adapter = tmp_path / "adapter"
    adapter.mkdir()
    (adapter / "adapter.toml").write_text(f'role = "sender"\ncommand = ["/usr/bin/python3", "{PROGRAM}"]\n')
    for name in ("harness", "json"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the module of somebody else')\n")
    return tmp_path


def gate(project: Path, *words: str) -> int:
    return subprocess.run([ROOT / "run", "gate", *words], cwd=project, stdin=subprocess.DEVNULL).returncode


def test_adapter_lock_and_out_are_the_callers(project: Path) -> None:
    suite_lock.write(project / "my.lock", "gate", [CASE, "sender/bytes/no-such-case"])
    words = ("./adapter", "--lock", "my.lock", "--out", "out", "--only", CASE)
    assert gate(project, *words) == ExitCode.BASELINE
    assert (project / "out" / "run.json").exists()


def test_runs_that_were_kept_are_the_callers(project: Path) -> None:
    assert gate(project, "./adapter", "--out", "first", "--only", CASE) == ExitCode.CONFORMS
    assert gate(project, "--compare", "first", "first", "--out", "both") == ExitCode.CONFORMS
    assert (project / "both" / "comparison.md").exists()
    assert gate(project, "--rerun-failed", "first") == ExitCode.NOTHING_RAN


def test_what_is_not_there_is_no_folder_of_the_suite(project: Path) -> None:
    assert gate(project, "harness/implementations/example-python") == ExitCode.USAGE


def test_a_preset_that_is_none_is_usage() -> None:
    done = subprocess.run([ROOT / "run", "build", "nope"], capture_output=True, text=True)
    assert (done.returncode, "there is no preset nope: there are " in done.stderr) == (ExitCode.USAGE, True)


@pytest.mark.parametrize("command", ["test", "build", "format", "lint"])
def test_each_command_has_words_of_its_own(command: str) -> None:
    done = subprocess.run([ROOT / "run", command, "--help"], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.startswith(f"Usage: ./run {command}")
