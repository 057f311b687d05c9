"""What a run is judged again by: the lock that is named, else what it was held to when it was made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness import suite_lock
from harness.exit_code import ExitCode
from harness.gate import main

ONE, OTHER = "sender/utf8/two-bytes", "sender/utf8/four-bytes"


def run(*words: str | Path) -> ExitCode:
    return main(list(map(str, words)))


def adopt(path: Path, *cases: str) -> Path:
    suite_lock.write(path, "gate", cases)
    return path


def advisory(path: Path, member: str) -> dict[str, bool]:
    return {line[member]: "advisory" in line for line in map(json.loads, path.read_text().splitlines())}


def spoil(path: Path, case: str) -> None:
    """As if it had not been met, in a run from before runs were sealed."""
    lines: list[dict[str, Any]] = [json.loads(line) for line in path.read_text().splitlines()]
    for line in lines:
        if line.get("vector") == case:
            line["conclusion"]["arrived"] = []
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    run_json = path.parent.parent / "run.json"
    run_json.write_text(json.dumps(json.loads(run_json.read_text()) | {"files": {}}))


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Held to one case, and not met in the other."""
    lock = adopt(tmp_path / "then", ONE)
    words = ("libsystemd", "--only", ONE, "--only", OTHER, "--lock", lock, "--out", tmp_path / "run")
    assert run(*words) is ExitCode.CONFORMS
    spoil(tmp_path / "run" / "outcomes" / "libsystemd.jsonl", OTHER)
    return tmp_path / "run"


def test_what_was_not_adopted_then_fails_nobody_now(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--rejudge", kept, "--out", tmp_path / "again") is ExitCode.CONFORMS
    assert f"new since suite.lock, not held against it: {OTHER} (fail)" in capsys.readouterr().out
    assert advisory(tmp_path / "again" / "results" / "libsystemd.jsonl", "vector") == {
        ONE: False,
        OTHER: True,
    }


def test_a_lock_that_is_named_is_the_one_that_holds(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = ("--lock", adopt(tmp_path / "both", ONE, OTHER))
    assert run("--rejudge", kept, *both, "--out", tmp_path / "1") is ExitCode.DOES_NOT_CONFORM
    gone = ("--lock", adopt(tmp_path / "gone", ONE, "sender/utf8/gone"))
    assert run("--rejudge", kept, *gone, "--out", tmp_path / "2") is ExitCode.BASELINE
    assert "gone: there is no case sender/utf8/gone" in capsys.readouterr().out
    assert run("--rejudge", kept, "--lock", adopt(tmp_path / "none"), "--out", tmp_path / "3") is (
        ExitCode.NOTHING_RAN
    )
    assert suite_lock.NOTHING_COUNTS in (tmp_path / "3" / "report.md").read_text()


def test_a_run_without_one_is_held_to_all(tmp_path: Path) -> None:
    assert run("libsystemd", "--only", ONE, "--out", tmp_path / "run") is ExitCode.CONFORMS
    spoil(tmp_path / "run" / "outcomes" / "libsystemd.jsonl", ONE)
    assert run("--rejudge", tmp_path / "run", "--out", tmp_path / "again") is ExitCode.DOES_NOT_CONFORM
