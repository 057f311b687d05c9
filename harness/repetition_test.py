"""The same run several times in a row: verdicts that differ are named, and are no answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness import repetition
from harness.exit_code import ExitCode
from harness.gate import main

CALL = ["reference-sender", "--only", "sender/bytes/*", "--repeat", "2"]


def test_the_same_verdicts_are_the_answer_and_each_run_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "run"
    assert main([*CALL, "--out", str(out)]) is ExitCode.CONFORMS
    one, two = (repetition.signature(out / each) for each in ("1", "2"))
    assert one and one == two


def test_a_verdict_that_differs_is_inconclusive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    verdicts = iter(("pass", "fail"))

    def gate(options, _wanted, _root, _console) -> ExitCode:
        (options.out / "grades").mkdir(parents=True)
        line = {"vector": "sender/a/b", "verdict": next(verdicts)}
        (options.out / "grades" / "x.jsonl").write_text(json.dumps(line) + "\n")
        return ExitCode.CONFORMS

    monkeypatch.setattr(repetition.trial_gate, "main", gate)
    assert main([*CALL, "--out", str(tmp_path / "run")]) is ExitCode.ENVIRONMENT
    assert "repetition 2 differs: x sender/a/b: fail" in capsys.readouterr().out
