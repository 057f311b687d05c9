"""Implementations that ship with the suite: what this machine has of them comes out as is expected of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness import expectations_file, implementation
from harness.exit_code import ExitCode
from harness.gate import main

NAMES = [name for name in implementation.names() if implementation.HERE in implementation.read(name).places]


@pytest.mark.parametrize("name", NAMES)
def test_it_comes_out_as_expected_or_is_skipped_with_its_reason(name: str, tmp_path: Path) -> None:
    # A glob, so that what this machine lacks is a skip.
    code = main([f"[{name[0]}]{name[1:]}", "--out", str(tmp_path / "run")])
    run = json.loads((tmp_path / "run" / "run.json").read_text())
    if run["skipped"]:
        assert (code, run["implementations"]) == (ExitCode.NOTHING_RAN, [])
        pytest.skip(run["skipped"][0]["reason"])
    assert code == ExitCode.CONFORMS, (tmp_path / "run" / "report.txt").read_text()


@pytest.mark.parametrize("name", implementation.names())
def test_what_is_expected_of_it_can_be_read_and_has_been_looked_into(name: str) -> None:
    for entry in expectations_file.read(implementation.FOLDER / name):
        assert "not looked into" not in entry.reason
        assert entry.outcome in ("unsupported",) or entry.link or name.startswith(("systemd", "libsystemd"))


def test_two_runs_have_the_same_verdicts(tmp_path: Path) -> None:
    def verdicts(out: Path) -> dict[str, str]:
        assert main(["libsystemd", "reference-receiver", "--out", str(out)]) is ExitCode.CONFORMS
        lines = [
            line for path in sorted((out / "grades").iterdir()) for line in path.read_text().split("\n")[:-1]
        ]
        return {each["vector"]: each["verdict"] for each in map(json.loads, lines) if "vector" in each}

    assert verdicts(tmp_path / "one") == verdicts(tmp_path / "two")
