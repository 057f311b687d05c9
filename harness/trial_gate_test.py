"""The gate of implementations as its user meets it; bad peers are named for what they are, while the rest goes on."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from harness import expectations_file
from harness.exit_code import ExitCode
from harness.expectations import Expectation
from harness.gate import main

PEER = Path(__file__).parent / "peers" / "peer.py"
FOUR = "sender/bytes/[abc][la]*"  # vectors, of which a bad peer spoils the third

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """An implementation of a peer; its path marks all of its processes."""

    def written(how: str, role: str = "sender") -> Path:
        folder = tmp_path / "one"
        folder.mkdir()
        command = json.dumps([sys.executable, str(PEER), how, str(folder)])
        (folder / "adapter.toml").write_text(f'role = "{role}"\ncommand = {command}\n')
        return folder

    return written


def run(folder: Path, *options: str, only: str = FOUR) -> tuple[ExitCode, Path]:
    out = folder.parent / f"run-{len(list(folder.parent.iterdir()))}"
    return main([str(folder), "--only", only, "--out", str(out), *options]), out


def outcomes(out: Path) -> list[dict[str, Any]]:
    lines = (out / "outcomes" / "one.jsonl").read_text().splitlines()[1:]
    return [json.loads(line) for line in lines]


def still_running(folder: Path) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes()
        except OSError:
            continue
        if str(folder).encode() in words and b"pytest" not in words:
            found.append(words.decode())
    return found


@pytest.mark.parametrize(
    ("how", "kind", "reason"),
    [
        ("dies", "crash", "SIGSEGV"),
        ("half-a-line", "crash", 'half a line had come: {"seq": '),
        ("forks-and-leaves", "crash", "exit code 0"),
        ("closes-stdout", "crash", "closed its end"),
        ("loops", "hang", "no answer to"),
        ("half-a-line-and-waits", "hang", 'half a line had come: {"seq": '),
        ("floods-stdout", "nonsense", "a line of more than"),
        ("million-messages", "nonsense", "it sent 1000000 messages and more"),
    ],
)
def test_a_bad_peer_is_named_and_the_rest_goes_on(make: Make, how: str, kind: str, reason: str) -> None:
    folder = make(how)
    # Who hangs is waited for in vain; a million messages want their time.
    got, out = run(folder, "--deadline", "5" if kind == "hang" else "60")
    lines = outcomes(out)
    assert [line["outcome"] for line in lines] == ["concluded", "concluded", kind, "concluded"]
    assert reason in lines[2]["reason"], lines[2]
    assert (got, still_running(folder)) == (ExitCode.ADAPTER, [])
    suite = ElementTree.parse(out / "junit.xml").getroot()[0]
    (error,) = suite.iter("error")
    assert (suite.get("failures"), error.get("type")) == ("0", kind)


def test_a_wrong_answer_is_not_covered_by_an_adapter_that_fails(make: Make) -> None:
    folder = make("wrong-then-dies")
    got, out = run(folder)
    assert [line["outcome"] for line in outcomes(out)] == ["concluded"] * 3 + ["crash"]
    assert got == ExitCode.DOES_NOT_CONFORM


def test_a_wrong_answer_is_neither_crash_nor_hang(make: Make) -> None:
    folder = make("wrong")
    code, out = run(folder)
    assert [line["outcome"] for line in outcomes(out)] == ["concluded"] * 4
    assert code == ExitCode.DOES_NOT_CONFORM
    assert "fail: sender/bytes/" in (out / "report.txt").read_text()


def test_one_that_does_not_end_is_a_fault_of_the_adapter(make: Make) -> None:
    folder = make("ignores-sigterm")
    code, out = run(folder, "--deadline", "5")
    (faulty,) = json.loads((out / "run.json").read_text())["faulty"]
    assert "did not end" in faulty["reason"]
    assert (code, still_running(folder)) == (ExitCode.ADAPTER, [])


def test_who_hangs_again_and_again_is_asked_nothing_more(make: Make) -> None:
    folder = make("loops")
    code, out = run(folder, "--deadline", "3", only="sender/bytes/*")
    kinds = [line["outcome"] for line in outcomes(out)]
    assert (kinds.count("hang"), kinds[-1], len(kinds)) == (3, "hang", 9)
    assert code == ExitCode.ADAPTER
    assert "not put" in (out / "report.txt").read_text()


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import sys; sys.exit(3)", "exit code 3"),
        (
            PEER.read_text().replace('answer["unsupported"] = "unknown"', "pass"),
            "answered with `unsupported`",
        ),
        (PEER.read_text().replace('step["state"].encode()', "b'READY=9'"), "sender/proof/right"),
        (PEER.read_text().replace('"environment": "set"}', '"environment": "set", "x": 1}'), "proof/right"),
    ],
)
def test_an_adapter_that_is_not_proved_is_not_believed(tmp_path: Path, program: str, reason: str) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "adapter.py").write_text(program)
    (folder / "adapter.toml").write_text(
        'role = "sender"\ncommand = ["/usr/bin/python3", "{folder}/adapter.py", "none"]\n'
    )
    code, out = run(folder)
    run_json = json.loads((out / "run.json").read_text())
    assert (code, run_json["implementations"]) == (ExitCode.ADAPTER, [])
    assert reason in run_json["faulty"][0]["reason"]
    suite = ElementTree.parse(out / "junit.xml").getroot()[0]
    assert (suite.get("errors"), suite.get("tests")) == ("1", "1")


def test_expectations_are_written_then_hold_and_then_do_not(make: Make) -> None:
    folder = make("wrong")
    assert run(folder)[0] == ExitCode.DOES_NOT_CONFORM
    assert run(folder, "--write-expectations")[0] == ExitCode.DOES_NOT_CONFORM
    code, out = run(folder)
    assert code == ExitCode.CONFORMS
    suite = ElementTree.parse(out / "junit.xml").getroot()[0]
    assert (suite.get("failures"), suite.get("skipped"), suite.get("tests")) == ("0", "2", "4")
    (entry,) = expectations_file.read(folder)
    spoilt = Expectation((*entry.ids, "sender/bytes/all-known-fields", "sender/none/*"), "fail", "r")
    expectations_file.write(folder, [spoilt])
    code, out = run(folder)
    assert code == ExitCode.BASELINE
    report = (out / "report.txt").read_text()
    assert "unexpected pass: sender/bytes/all-known-fields" in report
    assert "stale: sender/none/* matches nothing" in report
    assert ElementTree.parse(out / "junit.xml").getroot()[0].get("failures") == "2"


@pytest.mark.parametrize("broken", ["unwritable", "unreadable"])
def test_where_expectations_cannot_be_written_nothing_is_run(
    make: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str], broken: str
) -> None:
    folder = make("wrong")
    if broken == "unreadable":
        (folder / "expectations.toml").write_text("x")
    else:
        (folder / "expectations.toml").symlink_to("/proc/none/none")  # where root cannot write, either
    code, out = run(folder, "--write-expectations")
    assert (code, out.exists()) == (ExitCode.USAGE, False)
    assert str(folder / "expectations.toml") in capsys.readouterr().err


def test_vectors_that_are_not_called_so_are_told_how_they_are(
    make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = run(make("none"), only="bytes/ready")
    said = capsys.readouterr().err
    assert code == ExitCode.NOTHING_RAN and not out.exists()
    assert "--only bytes/ready leaves nothing to run" in said and "as in sender/bytes/ready" in said


def test_skips_are_counted_unless_they_are_foreseen(make: Make) -> None:
    folder = make("none")
    only = "sender/barrier/a*"
    assert run(folder, "--max-skip", "0", only=only)[0] == ExitCode.ENVIRONMENT
    assert run(folder, only=only)[0] == ExitCode.NOTHING_RAN
    run(folder, "--write-expectations", only=only)
    assert run(folder, "--max-skip", "0", only=only)[0] == ExitCode.NOTHING_RAN


def test_references_conform(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reference-*", "--out", str(tmp_path / "run")]) is ExitCode.CONFORMS
    run_json = json.loads((tmp_path / "run" / "run.json").read_text())
    assert [each["role"] for each in run_json["implementations"]] == ["receiver", "sender"]
    assert capsys.readouterr().out.endswith("conforms\n")


def test_what_is_missing_is_a_skip_unless_it_was_asked_for_by_name(make: Make, tmp_path: Path) -> None:
    folder = make("none")
    with (folder / "adapter.toml").open("a") as file:
        file.write('packages = ["libnone"]\nneeds = ["usr/lib/none"]\n')
    code, out = run(folder)
    assert code == ExitCode.ENVIRONMENT
    assert (
        json.loads((out / "run.json").read_text())["skipped"][0]["reason"]
        == "this machine has no usr/lib/none"
    )


@pytest.mark.parametrize(
    "arguments", [["257", "--strict"], ["reference-sender", "257/halt"], ["reference-sender", "--all"]]
)
def test_what_contradicts_itself_is_refused(arguments: list[str]) -> None:
    assert main(arguments) is ExitCode.USAGE
