"""What `./run gate` knows before it installs or builds anything, asked as `./run` asks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.exit_code import ExitCode
from harness.gate_needs import main
from harness.gate_options import parser


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "boots"),
        (["257/halt"], "boots"),
        (["--list"], "boots"),
        (["--help"], "boots"),
        (["python3-sdnotify"], "here\npython3-sdnotify python3-sdnotify"),
        (["python3-sdnotify", "--out", "there"], "here\npython3-sdnotify python3-sdnotify"),
        (["--only", "sender/*", "reference-*"], "here"),
        (["crun"], "proxy\ncrun crun"),
        (["systemd-nspawn/257", "reference-*"], "proxy"),
        (["libsystemd/257"], "image"),
        (["--rejudge", "there"], "here"),
        (["--join", "there", "here"], "here"),
        (["--compare", "there", "here"], "words"),
    ],
)
def test_what_is_needed(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) is ExitCode.CONFORMS
    assert capsys.readouterr().out == told + "\n"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["reference-sendr"], ExitCode.USAGE, "did you mean reference-sender"),
        (["257/hat"], ExitCode.USAGE, "did you mean 257/halt"),
        (["reference-sender", "go-sytemd"], ExitCode.USAGE, "did you mean go-systemd"),
        (["./no/such"], ExitCode.USAGE, "there is no folder './no/such'"),
        (["fixtures/vectors"], ExitCode.USAGE, "a folder without adapter.toml"),
        (["reference-sender", "257/halt"], ExitCode.USAGE, "is no implementation"),
        (["no*such"], ExitCode.NOTHING_RAN, "'no*such' matches nothing"),
        (["reference-sender", "no*such"], ExitCode.NOTHING_RAN, "'no*such' matches nothing"),
    ],
)
def test_what_names_nothing_ends_here(
    arguments: list[str], code: ExitCode, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) is code
    out, err = capsys.readouterr()
    assert out == "" and words in err


def test_a_broken_adapter_toml_is_wrong_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "adapter.toml").write_text("role = 3")
    assert main([str(tmp_path)]) is ExitCode.USAGE
    assert "adapter.toml: role: a string expected" in capsys.readouterr().err


def test_the_help_stays_short(monkeypatch: pytest.MonkeyPatch) -> None:
    for columns, most in (("100", 46), ("80", 56)):
        monkeypatch.setenv("COLUMNS", columns)
        assert len(parser().format_help().splitlines()) <= most
