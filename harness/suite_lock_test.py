"""suite.lock: what is newer fails nobody and is told; a lock that is not true is exit code 3, one that is none 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness import judgement, suite_lock
from harness.exit_code import ExitCode
from harness.gate import main

FOUR = "sender/bytes/[abc][la]*"  # of which the peer spoils one


def run(*words: str | Path) -> ExitCode:
    return main(list(map(str, words)))


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """An implementation that does not meet one of four."""
    folder = tmp_path / "one"
    folder.mkdir()
    command = json.dumps(
        ["/usr/bin/python3", str(Path(__file__).parent / "peers" / "peer.py"), "wrong", "none"]
    )
    (folder / "adapter.toml").write_text(f'role = "sender"\ncommand = {command}\n')
    return folder


def spoilt(out: Path) -> str:
    (suite,) = (out / "results").iterdir()
    line, *_ = [row for row in map(json.loads, suite.read_text().splitlines()) if row["word"] == "fail"]
    return line["vector"]


def test_what_is_newer_is_told_and_fails_nobody_until_it_is_adopted(
    wrong: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = wrong / suite_lock.NAME
    assert run("--write-lock", lock, "--role", "sender") is ExitCode.USAGE and not lock.exists()
    assert run("--write-lock", lock) is ExitCode.CONFORMS
    assert run(wrong, "--only", FOUR, "--out", tmp_path / "1") is ExitCode.DOES_NOT_CONFORM
    case = spoilt(tmp_path / "1")
    met = "sender/bytes/all-known-fields"
    lines = lock.read_text().splitlines(True)
    lock.write_text("".join(line for line in lines if "sender/bytes/" not in line or met in line))
    assert run(wrong, "--only", FOUR, "--out", tmp_path / "2") is ExitCode.CONFORMS
    assert f"new since suite.lock, not held against it: {case} (fail)" in capsys.readouterr().out
    assert "newer than suite.lock: fail" in (tmp_path / "2" / "junit.xml").read_text()
    assert " new fail" in (tmp_path / "2" / "report.txt").read_text()


def test_an_id_that_is_no_more_is_named_and_the_baseline_is_not_true(
    wrong: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "some.lock"
    suite_lock.write(lock, "gate", ["sender/bytes/gone", *suite_lock.known()])
    words = (wrong, "--only", "sender/bytes/ready", "--lock", lock, "--out", tmp_path / "out")
    assert run(*words) is ExitCode.BASELINE
    assert "some.lock: there is no case sender/bytes/gone" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "some.lock: No such file or directory\n"),
        ("suite = ", "no suite.lock, as --write-lock writes it: Invalid value"),
        ("root:x:0:0\n", "no suite.lock, as --write-lock writes it: "),
        ("cases = []", "suite: the version"),
        ('suite = "1"', "cases: an array"),
        ('suite = "1"\ncases = [1]', "cases: an array"),
        ('suite = "1"\ncases = []\nmore = 1', "more: unknown"),
    ],
)
def test_what_is_no_lock_is_refused_with_file_and_member(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, reason: str
) -> None:
    lock = tmp_path / "some.lock"
    if content is not None:
        lock.write_text(content)
    words = ("reference-sender", "--only", "sender/bytes/ready", "--lock", lock, "--out", tmp_path / "out")
    assert run(*words) is ExitCode.USAGE
    said = capsys.readouterr().err
    assert str(lock) in said and reason in said
    assert run("257/halt", "--lock", lock, "--list") is ExitCode.USAGE


def test_where_nothing_is_adopted_nothing_counts(
    wrong: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "some.lock"
    suite_lock.write(lock, "gate", [])
    words = (wrong, "--only", FOUR, "--lock", lock, "--out", tmp_path / "out")
    assert run(*words) is ExitCode.NOTHING_RAN
    assert "nothing of what was judged is adopted in suite.lock" in capsys.readouterr().out
    assert "is adopted in suite.lock" in (tmp_path / "out" / "report.md").read_text()


def test_all_that_is_judged_can_be_adopted(tmp_path: Path) -> None:
    known = set(suite_lock.known())
    suite_lock.write(tmp_path / "lock", "gate", sorted(known))
    lock = suite_lock.read(tmp_path / "lock")
    assert (lock.cases, lock.unknown(), lock.suite) == (known, [], judgement.version())
    assert {"boot.ready.sent", "sender/bytes/ready", "proxy/plain/ready-forwarded"} <= known


@pytest.mark.boots
def test_a_boot_is_held_to_what_was_adopted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite_lock.write(tmp_path / "none", "gate", [])
    none = ("257/halt", "--lock", tmp_path / "none", "--out", tmp_path / "nothing")
    assert run(*none) is ExitCode.NOTHING_RAN
    assert "nothing of what was judged is adopted in suite.lock" in capsys.readouterr().out
    suite_lock.write(tmp_path / "lock", "gate", ["boot.ready.sent"])
    out = tmp_path / "out"
    words = ("257/halt", "262/halt", "-n", "2", "--lock", tmp_path / "lock", "--out", out)
    assert run(*words) is ExitCode.CONFORMS
    rows = [json.loads(line) for line in (out / "verdicts" / "257-halt.jsonl").read_text().splitlines()]
    assert [row["requirement"] for row in rows if "advisory" not in row] == ["boot.ready.sent"]
    assert len(rows) > 20
    only = ("257/halt", "--only", "boot.hostname.*", "--level", "must", "--out", tmp_path / "only")
    assert run(*only) is ExitCode.CONFORMS
    rows = [
        json.loads(line)
        for line in (tmp_path / "only" / "verdicts" / "257-halt.jsonl").read_text().splitlines()
    ]
    assert {row["requirement"] for row in rows} == {
        f"boot.hostname.{each}" for each in ("sent", "valid", "matches")
    }
