"""Each requirement of proxies is seen red: our own proxy with one fault fails it, and without one passes all."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from fixtures import run_schema_test
from harness import judgement
from harness.exit_code import ExitCode
from harness.gate import main
from harness.proxies import case, trial
from harness.proxies.case import Case
from harness.proxies.graded import known_ids
from harness.implementation import Implementation
from harness.rejudge_test import unseal

SAMPLE = Path(__file__).with_name("sample")
ALL = [
    row for row in map(json.loads, judgement.listing("requirements").splitlines()) if row["role"] == "proxy"
]
IDS = [row["id"] for row in ALL]
# By fault, what fails with it, and in which case it is seen.
FAULTS = {
    "keeps-ready": ("plain", {"proxy.ready-forwarded"}),
    "says-ready": ("not-ready", {"proxy.ready-only-when-ready"}),
    "splits": ("carriage-return", {"proxy.no-line-injection"}),
    "stumbles": ("bad-datagrams", {"proxy.survives-bad-datagram"}),
    "overtakes": ("one-by-one", {"proxy.order-kept"}),
    "holds": ("plain", {"proxy.barrier-honoured"}),
}

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="namespaces need root")


def named(*names: str) -> list[Case]:
    return [each for each in case.read() if each.name in names]


def tried(fault: str, cases: list[Case], out: Path) -> trial.Tried:
    command = ["/usr/bin/python3", str(SAMPLE / "proxy.py"), fault]
    sample = Implementation("sample", SAMPLE, "proxy", command=command, documented=IDS)
    return trial.run(sample, None, cases, out, 20)


def verdicts(lines: list[dict]) -> dict[str, str]:
    return {line["requirement"]: line["verdict"] for line in lines if "requirement" in line}


def test_every_requirement_has_a_fault_that_fails_it() -> None:
    assert sorted(name for _, names in FAULTS.values() for name in names) == sorted(IDS)
    assert set(IDS) <= set(known_ids())


def test_a_proxy_that_sends_on_all_that_comes_passes_all(tmp_path: Path) -> None:
    found = tried("none", case.read(), tmp_path)
    assert not found.faults and len(found.lines) == len(case.read())
    for name, lines in found.lines.items():
        assert set(verdicts(lines).values()) <= {"pass", "skip"}, (name, lines)
        assert all(line["fate"] == "whole" for line in lines if "fate" in line), (name, lines)
    passed = {
        name for lines in found.lines.values() for name, each in verdicts(lines).items() if each == "pass"
    }
    assert passed == set(IDS)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_fails_its_requirement_and_no_other(fault: str, tmp_path: Path) -> None:
    name, wanted = FAULTS[fault]
    found = tried(fault, named(name), tmp_path)
    assert not found.faults, found.faults
    bad = {each for each, verdict in verdicts(found.lines[name]).items() if verdict in ("fail", "warn")}
    assert bad == wanted


def test_a_payload_lives_until_its_readiness_has_come_out(tmp_path: Path) -> None:
    brief = Case(
        "brief", "says that it is ready, and waits for nothing", [{"call": "notify", "state": "READY=1"}]
    )
    found = tried("hurries", [brief], tmp_path)
    assert verdicts(found.lines["brief"])["proxy.ready-forwarded"] == "pass"


def test_the_cases_that_a_requirement_names_are_those_there_are() -> None:
    assert {each for row in ALL for each in row["cases"]} == {each.name for each in case.read()}


def test_a_field_of_the_table_is_in_each_case_of_the_table() -> None:
    known = {row["name"] for row in map(json.loads, judgement.listing("fields").splitlines())} - {"BARRIER"}
    for name in ("one-by-one", "together", "after-ready"):
        (one,) = named(name)
        lines = [line for step in one.steps for line in step.get("state", "").split("\n")]
        assert known <= {line.partition("=")[0] for line in lines}, name


def test_an_adapter_that_runs_nothing_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "lazy"
    folder.mkdir()
    command = json.dumps(["/usr/bin/python3", str(SAMPLE / "proxy.py"), "runs-nothing"])
    (folder / "adapter.toml").write_text(f'role = "proxy"\ncommand = {command}\n')
    out = tmp_path / "run"
    code = main([str(folder), "--only", "proxy/plain", "--out", str(out)])
    assert code is ExitCode.ADAPTER
    assert "the payload has not run" in (out / "report.txt").read_text()


def test_a_case_that_was_to_hang_and_does_not_makes_the_baseline_untrue(tmp_path: Path) -> None:
    folder = tmp_path / "good"
    folder.mkdir()
    command = json.dumps(["/usr/bin/python3", str(SAMPLE / "proxy.py"), "none"])
    (folder / "adapter.toml").write_text(f'role = "proxy"\ncommand = {command}\n')
    (folder / "expectations.toml").write_text(
        '[[expectation]]\nid = ["proxy/plain"]\noutcome = "hang"\nreason = "so it was"\n'
    )
    words = [str(folder), "--only", "proxy/plain", "--out"]
    assert main([*words, str(tmp_path / "run")]) is ExitCode.BASELINE
    assert "unexpected pass: proxy/plain, expected hang" in (tmp_path / "run" / "report.txt").read_text()
    assert main([*words, str(tmp_path / "strict"), "--strict"]) is ExitCode.CONFORMS


def test_a_run_leaves_the_table_and_both_traces(tmp_path: Path) -> None:
    folder = tmp_path / "good"
    folder.mkdir()
    command = json.dumps(["/usr/bin/python3", str(SAMPLE / "proxy.py"), "none"])
    (folder / "adapter.toml").write_text(f'role = "proxy"\ncommand = {command}\n')
    out = tmp_path / "run"
    assert main([str(folder), "--only", "proxy/together", "--out", str(out)]) is ExitCode.CONFORMS
    run_schema_test.hold(out)
    assert (out / "traces/good/together.in.jsonl").exists() and (
        out / "traces/good/together.out.jsonl"
    ).exists()
    assert "| MAINPID | ? yes ? |" in (out / "proxies.md").read_text()
    assert "<td>? yes ?</td>" in (out / "index.html").read_text()


def test_what_was_kept_is_compared_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "good"
    folder.mkdir()
    command = json.dumps(["/usr/bin/python3", str(SAMPLE / "proxy.py"), "none"])
    (folder / "adapter.toml").write_text(
        f'role = "proxy"\ndocumented = ["proxy.ready-forwarded"]\ncommand = {command}\n'
    )
    out = tmp_path / "run"
    assert main([str(folder), "--only", "proxy/plain", "--out", str(out)]) is ExitCode.CONFORMS
    assert main(["--rejudge", str(out), "--out", str(tmp_path / "again")]) is ExitCode.CONFORMS
    assert "the suite changed" not in capsys.readouterr().out
    assert (out / "proxies.md").read_text() == (tmp_path / "again" / "proxies.md").read_text()
    unseal(out)
    went_in = out / "traces" / "good" / "plain.in.jsonl"
    (out / "traces" / "good" / "plain.out.jsonl").write_text(went_in.read_text().split("\n")[0] + "\n")
    assert main(["--rejudge", str(out), "--out", str(tmp_path / "spoilt")]) is ExitCode.DOES_NOT_CONFORM
    assert "the suite changed: proxy/plain/ready-forwarded: pass, now fail" in capsys.readouterr().out
