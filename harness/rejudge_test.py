"""What was kept is judged again, and nothing is run: what flips is named, and the old folder stays as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fixtures import run_schema_test
from harness import suite_lock
from harness.exit_code import ExitCode
from harness.gate import main

EMPTY: dict[str, Any] = {"format": 1, "suite": "0.1.0", "started": "2026-11-28T12:00:00Z", "exit_code": 6}
EMPTY |= {"host": {"kernel": "6.18", "machine": "x86_64"}, "boots": [], "skipped": []}
GOLDEN = Path(__file__).parent.parent / "fixtures" / "traces" / "257"


def rejudged(kept: Path) -> ExitCode:
    return main(
        ["--rejudge", str(kept), "--out", str(kept.parent / f"again-{len(list(kept.parent.iterdir()))}")]
    )


def rewrite(path: Path, change: Any) -> None:
    """As a run from before runs were sealed may have it."""
    lines = [json.loads(line) for line in path.read_text().split("\n")[:-1]]
    path.write_text("".join(json.dumps(change(line)) + "\n" for line in lines))
    unseal(path.parent.parent)


def unseal(run: Path) -> None:
    told = json.loads((run / "run.json").read_text())
    told.pop("files", None)
    (run / "run.json").write_text(json.dumps(told))


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


@pytest.fixture
def boots(tmp_path: Path) -> Path:
    """A golden trace, as if it had been recorded by a run whose suite failed it."""
    run = tmp_path / "run"
    for folder in ("traces", "verdicts", "console"):
        (run / folder).mkdir(parents=True)
    (run / "traces" / "257-halt.jsonl").write_bytes((GOLDEN / "container-unix-dgram-halt.jsonl").read_bytes())
    (run / "console" / "257-halt.txt").write_text("Welcome\n")
    old = {
        "trace": "traces/257-halt.jsonl",
        "requirement": "boot.ready.sent",
        "level": "must",
        "verdict": "fail",
    }
    (run / "verdicts" / "257-halt.jsonl").write_text(json.dumps(old) + "\n")
    boot = {"name": "257-halt", "image": "257", "systemd": "257.13-1", "distribution": "debian trixie"}
    boot |= {"vantage": "container", "transport": "unix-dgram", "scenario": "halt", "text": "It halts."}
    boot |= {"outcome": "fail", "trouble": None, "seconds": 1.5, "console": "console/257-halt.txt"}
    boot |= {"trace": "traces/257-halt.jsonl", "verdicts": "verdicts/257-halt.jsonl"}
    boot["fields"] = "fields/257-halt.jsonl"
    (run / "run.json").write_text(json.dumps(EMPTY | {"counts": {"fail": 1}, "boots": [boot]}))
    return run


def change_boot(run: Path, **members: object) -> None:
    kept = json.loads((run / "run.json").read_text())
    kept["boots"][0] |= members
    (run / "run.json").write_text(json.dumps(kept))


def test_traces_of_boots_are_judged_again(boots: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rejudged(boots) is ExitCode.CONFORMS
    assert "the suite changed: boot.ready.sent: fail, now pass" in capsys.readouterr().out


def test_what_comes_of_boots_is_a_whole_run_of_its_own(boots: Path, tmp_path: Path) -> None:
    again, third = tmp_path / "again", tmp_path / "third"
    assert main(["--rejudge", str(boots), "--out", str(again)]) is ExitCode.CONFORMS
    shown = {"report.md": "257-halt", "badge.svg": "must met, 0 not", "report.txt": "257 halt"}
    for name, words in (shown | {"junit.xml": "boot.ready.sent", "index.html": "boot.ready.sent"}).items():
        assert words in (again / name).read_text(), name
    run = json.loads((again / "run.json").read_text())
    run_schema_test.hold(again)
    assert [run["boots"][0][name] for name in ("name", "outcome", "text")] == [
        "257-halt",
        "pass",
        "It halts.",
    ]
    assert main(["--rejudge", str(again), "--out", str(third)]) is ExitCode.CONFORMS
    assert json.loads((third / "run.json").read_text())["boots"] == run["boots"]
    assert main(["--compare", str(again), str(third)]) is ExitCode.CONFORMS


def test_a_kept_boot_that_hung_or_was_not_played_to_its_end_is_none_that_conforms(boots: Path) -> None:
    change_boot(boots, trouble="no agent")
    assert rejudged(boots) is ExitCode.ENVIRONMENT
    change_boot(boots, outcome="hung")
    assert rejudged(boots) is ExitCode.DOES_NOT_CONFORM


@pytest.mark.parametrize("member", ["trace", "console"])
def test_a_file_outside_of_the_run_is_not_taken_for_a_part_of_it(boots: Path, member: str) -> None:
    (boots.parent / "secret.txt").write_text("secret")
    change_boot(boots, **{member: "../secret.txt"})
    assert rejudged(boots) is ExitCode.USAGE
    change_boot(boots, **{member: "traces/gone"})
    assert rejudged(boots) is ExitCode.USAGE


@pytest.mark.parametrize(
    ("run_json", "words"),
    [
        ("", "run.json: cut short"),
        ("[]", "run.json: an object expected"),
        ('{"format": 2}', "run.json: no run of format 1, the only one known here, but 2"),
        ('{"format": 1}', "run.json: $: 'suite' is a required property"),
        (json.dumps(EMPTY | {"implementations": "x"}), "run.json: $.implementations: 'x' is not of type"),
        (json.dumps(EMPTY | {"implementations": [{"name": "a"}]}), "run.json: $.implementations[0]: "),
        (json.dumps(EMPTY | {"boots": [None]}), "run.json: $.boots[0]: None is not of type 'object'"),
    ],
)
@pytest.mark.parametrize("option", ["--rejudge", "--rerun-failed"])
def test_a_folder_that_is_no_run_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], run_json: str, words: str, option: str
) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (run / "run.json").write_text(run_json)
    assert main([option, str(run), "--out", str(tmp_path / "out")]) is ExitCode.USAGE
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("option", ["--rejudge", "--rerun-failed"])
def test_no_folder_is_said_once(tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str) -> None:
    assert main([option, str(tmp_path / "none")]) is ExitCode.USAGE
    assert capsys.readouterr().err == f"gate: {tmp_path / 'none'}: there is no such folder\n"


def test_a_run_of_nothing_stays_one(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text(json.dumps(EMPTY))
    assert rejudged(tmp_path / "run") is ExitCode.NOTHING_RAN


def held(boots: Path, name: str, *cases: str) -> tuple[ExitCode, dict[str, bool]]:
    lock, out = boots.parent / f"{name}.lock", boots.parent / name
    suite_lock.write(lock, "gate", cases)
    code = main(["--rejudge", str(boots), "--lock", str(lock), "--out", str(out)])
    lines = (out / "verdicts" / "257-halt.jsonl").read_text().splitlines()
    return code, {each["requirement"]: "advisory" in each for each in map(json.loads, lines)}


def test_boots_are_held_to_what_was_adopted(boots: Path) -> None:
    code, told = held(boots, "one", "boot.ready.sent")
    assert code is ExitCode.CONFORMS and len(told) > 20
    assert [each for each, advisory in told.items() if not advisory] == ["boot.ready.sent"]
    assert held(boots, "none")[0] is ExitCode.NOTHING_RAN
    assert held(boots, "untrue", "boot.ready.sent", "boot.gone")[0] is ExitCode.BASELINE
    assert "untrue.lock: there is no boot.gone" in (boots.parent / "untrue" / "report.md").read_text()
    again = boots.parent / "again"
    assert main(["--rejudge", str(boots.parent / "one"), "--out", str(again)]) is ExitCode.CONFORMS
    verdicts = (again / "verdicts" / "257-halt.jsonl").read_text().splitlines()
    assert {each["requirement"]: "advisory" in each for each in map(json.loads, verdicts)} == told
