"""The gate as its user meets it: what it refuses, and what it leaves when a boot does not come up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fixtures import run_schema_test
from harness import judgement
from harness.exit_code import ExitCode
from harness.gate import main


@pytest.mark.parametrize(
    "arguments",
    [
        ["999"],
        ["257/nonsense"],
        ["--all", "257"],
        ["--root", ""],
        ["--root", "/"],
        ["--root", "/nonexistent"],
        ["--root", "/usr", "257"],
    ],
)
def test_what_contradicts_itself_is_refused_before_anything_runs(arguments: list[str]) -> None:
    assert main(arguments) is ExitCode.USAGE


@pytest.mark.parametrize("arguments", [["9*"], ["257/x*"], ["reference-sender", "no?such"]])
def test_of_a_glob_that_matches_nothing_nothing_ran(arguments: list[str]) -> None:
    assert main(arguments) is ExitCode.NOTHING_RAN


@pytest.mark.parametrize(
    "option",
    [
        "--profile=262",
        "--profile=systemd-999",
        "--repeat=0",
        "--deadline=nan",
        "--deadline=-1",
        "--max-skip=-1",
        "--nonsense",
        "--hel",
    ],
)
def test_an_option_without_sense_is_wrong_usage(option: str) -> None:
    with pytest.raises(SystemExit) as refused:
        main([option])
    assert refused.value.code == 2


def test_the_gate_takes_the_profiles_that_the_tool_takes(capsys: pytest.CaptureFixture[str]) -> None:
    rows = map(json.loads, judgement.listing("options").splitlines())
    (choices,) = (
        row["choices"] for row in rows if (row["command"], row.get("names")) == ("judge", ["--profile"])
    )
    with pytest.raises(SystemExit):
        main(["--profile=systemd-999"])
    named = ", ".join(choices)
    assert (
        f"'systemd-999' is no profile: what was observed is recorded of {named}\n" in capsys.readouterr().err
    )


@pytest.mark.boots
def test_an_output_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()
    assert main(["257", "--out", str(tmp_path)]) is ExitCode.USAGE
    assert main(["257", "--out", "/proc/x"]) is ExitCode.USAGE


@pytest.mark.boots
def test_where_the_control_hangs_too_it_is_ours_and_all_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["257/halt", "--deadline", "0.05", "--out", str(tmp_path / "run")]) is ExitCode.ENVIRONMENT
    said = capsys.readouterr().out
    assert "last events:" in said and "console:" in said and "control: " in said
    run = json.loads((tmp_path / "run" / "run.json").read_text())
    assert run["exit_code"] == 5
    assert [boot["outcome"] for boot in run["boots"]] == ["hung"]
    assert "257-halt" in (tmp_path / "run" / "index.html").read_text()


@pytest.mark.boots
def test_a_boot_that_conforms_is_told_by_table_page_and_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["257/halt", "--repeat", "2", "--out", str(tmp_path / "run")]) is ExitCode.CONFORMS
    assert "boot.ready.sent" in capsys.readouterr().out
    left = {path.name for path in (tmp_path / "run").iterdir() if path.is_file()}
    reports = {"junit.xml", "report.txt", "report.md", "badge.svg", "index.html"}
    assert left == {"run.json", "requirements.jsonl"} | reports
    run_schema_test.hold(tmp_path / "run")


@pytest.mark.boots
def test_what_was_left_out_is_said_beside_the_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """252 knows no soft-reboot."""
    assert main(["257/halt", "252/soft-reboot", "--out", str(tmp_path / "run")]) is ExitCode.CONFORMS
    assert capsys.readouterr().out.endswith("conforms: 1 of 2 boots\n")
