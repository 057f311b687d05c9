"""What was kept is judged again, and nothing is run: what flips is named, and the old folder stays as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.exit_code import ExitCode
from harness.gate import main

GOLDEN = Path(__file__).parent.parent / "fixtures" / "traces" / "257"


def rejudged(kept: Path) -> ExitCode:
    return main(
        ["--rejudge", str(kept), "--out", str(kept.parent / f"again-{len(list(kept.parent.iterdir()))}")]
    )


def rewrite(path: Path, change: Any) -> None:
    lines = [json.loads(line) for line in path.read_text().split("\n")[:-1]]
    path.write_text("".join(json.dumps(change(line)) + "\n" for line in lines))


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    out = tmp_path / "run"
    assert main(["libsystemd", "--only", "sender/utf8/*", "--out", str(out)]) is ExitCode.CONFORMS
    return out


def test_what_conformed_still_does(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()}
    assert rejudged(kept) is ExitCode.CONFORMS
    said = capsys.readouterr().out
    assert "vectors were not put then" in said and "the suite changed" not in said
    assert {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()} == before


def test_what_flips_was_the_suite(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As if the suite of that day had failed what today's lets pass."""
    rewrite(kept / "grades" / "libsystemd.jsonl", lambda line: line | {"verdict": "fail"})
    assert rejudged(kept) is ExitCode.CONFORMS
    assert "the suite changed: sender/utf8/two-bytes: fail, now pass" in capsys.readouterr().out


def test_a_kept_outcome_decides_and_not_the_implementation(kept: Path) -> None:
    def spoil(line: dict[str, Any]) -> dict[str, Any]:
        if line.get("vector") == "sender/utf8/two-bytes":
            line["conclusion"]["arrived"] = []
        return line

    rewrite(kept / "outcomes" / "libsystemd.jsonl", spoil)
    assert rejudged(kept) is ExitCode.DOES_NOT_CONFORM


def test_a_vector_that_is_no_more_is_left_out(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def rename(line: dict[str, Any]) -> dict[str, Any]:
        return (
            line | {"vector": "sender/utf8/gone"} if line.get("vector") == "sender/utf8/two-bytes" else line
        )

    rewrite(kept / "outcomes" / "libsystemd.jsonl", rename)
    assert rejudged(kept) is ExitCode.CONFORMS
    assert "1 vectors are no more" in capsys.readouterr().out


def test_traces_of_boots_are_judged_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = tmp_path / "run"
    for folder in ("traces", "verdicts"):
        (run / folder).mkdir(parents=True)
    trace = next(iter(sorted(GOLDEN.glob("container-unix-dgram-halt.jsonl"))))
    (run / "traces" / "a.jsonl").write_bytes(trace.read_bytes())
    old = {"requirement": "boot.ready.sent", "verdict": "fail"}
    (run / "verdicts" / "a.jsonl").write_text(json.dumps(old) + "\n")
    boot = {"name": "a", "trace": "traces/a.jsonl", "verdicts": "verdicts/a.jsonl"}
    (run / "run.json").write_text(json.dumps({"format": 1, "boots": [boot]}))
    assert rejudged(run) is ExitCode.CONFORMS
    assert "the suite changed: boot.ready.sent: fail, now pass" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text", ["", "[]", '{"format": 2}', '{"format": 1, "implementations": [{"name": "a"}]}']
)
def test_a_folder_that_is_no_run_is_refused(tmp_path: Path, text: str) -> None:
    run = tmp_path / "run"
    run.mkdir()
    assert rejudged(run) is ExitCode.USAGE
    (run / "run.json").write_text(text)
    assert rejudged(run) is ExitCode.USAGE


def test_a_run_of_nothing_stays_one(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text('{"format": 1}')
    assert rejudged(tmp_path / "run") is ExitCode.NOTHING_RAN
