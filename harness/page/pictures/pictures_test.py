"""The pictures of the documentation: there, small, named where they are shown, and drawn anew by their command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.exit_code import ExitCode
from harness.page.page import render as render_boots
from harness.page.pictures.__main__ import HERE, LARGEST, PICTURES, main
from harness.page.sample_run import write_sample as write_boots
from harness.page.sample_trials import write_sample as write_trials
from harness.page.trial_page import render as render_trials

ROOT = HERE.parent.parent.parent
PNG = b"\x89PNG\r\n"


def test_each_is_there_and_small_and_no_other() -> None:
    assert {path.stem for path in HERE.glob("*.png")} == {each.name for each in PICTURES}
    assert all(path.stat().st_size <= LARGEST for path in HERE.glob("*.png"))


def test_what_the_documentation_shows_is_there() -> None:
    shown = re.findall(
        r"\]\((harness/page/pictures/[^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8")
    )
    assert len(shown) == 2
    assert all((ROOT / name).is_file() for name in shown)


@pytest.mark.chromium
def test_the_command_draws_all_from_a_run_of_each_kind(tmp_path: Path) -> None:
    runs = [tmp_path / "boots", tmp_path / "trials"]
    render_boots(write_boots(runs[0]))
    render_trials(write_trials(runs[1], implementations=3, requirements=5, cases=40))
    assert main([*map(str, runs), "--out", str(tmp_path / "out")]) is ExitCode.CONFORMS
    drawn = {path.stem: path.read_bytes()[:6] for path in (tmp_path / "out").iterdir()}
    assert drawn == {each.name: PNG for each in PICTURES}


def test_what_is_no_run_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) is ExitCode.USAGE
    assert "run.json" in capsys.readouterr().err
