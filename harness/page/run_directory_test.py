from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from harness.page.page import render
from harness.page.run_directory import read_run
from harness.page.sample_run import write_sample

TRACE = "traces/262-halt.jsonl"


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    return write_sample(tmp_path)


def test_reads_what_was_written(run_dir: Path) -> None:
    run = read_run(run_dir)
    assert [boot.outcome for boot in run.boots].count("pass") == 8
    boot = next(boot for boot in run.boots if boot.name == "262-halt")
    assert (boot.events[0].line, boot.events[0].members["phase"]) == (2, "started")
    assert [(each.name, each.value) for each in boot.events[2].fields] == [("X_SYSTEMD_HOSTNAME", "vm")]
    assert len(boot.verdicts) == len(run.requirements) == 35
    assert run.requirements[0].source == "systemd(1), Readiness Protocol (262)"
    assert run.requirements[-1].source == "systemd 262 as it was recorded"


@pytest.mark.parametrize(
    "file", ["run.json", "requirements.jsonl", TRACE, TRACE.replace("traces", "verdicts")]
)
@pytest.mark.parametrize("damage", ["missing", "cut", "not utf-8", "a list"])
def test_a_damaged_file_is_named(run_dir: Path, file: str, damage: str) -> None:
    path = run_dir / file
    if damage == "missing":
        path.unlink()
    else:
        whole = path.read_bytes()
        path.write_bytes({"cut": whole[:-9], "not utf-8": whole + b"\xff", "a list": whole + b"[]\n"}[damage])
    with pytest.raises(ValueError, match=file):
        render(run_dir)
    assert not (run_dir / "index.html").exists()


def _change(path: Path, line: int, **members: Any) -> None:
    lines = path.read_text().splitlines()
    lines[line] = json.dumps(json.loads(lines[line]) | members)
    path.write_text("\n".join(lines) + "\n")


def test_another_format_is_refused(run_dir: Path) -> None:
    _change(run_dir / "run.json", 0, format=2)
    with pytest.raises(ValueError, match="run.json: format 2"):
        read_run(run_dir)


@pytest.mark.parametrize(
    "line, members",
    [
        (0, {"format": 7}),
        (1, {"t": "soon"}),
        (1, {"t": float("nan")}),
        (2, {"data_base64": "%"}),
        (2, {"kind": 5}),
        (0, {"masked": "udev"}),
        (0, {"machine": 7}),
        (2, {"peer_port": "1023"}),
    ],
)
def test_a_trace_that_is_none_is_named_with_its_line(
    run_dir: Path, line: int, members: dict[str, Any]
) -> None:
    _change(run_dir / TRACE, line, **members)
    with pytest.raises(ValueError, match=f"{TRACE}:{line + 1}: "):
        read_run(run_dir)


def test_a_file_outside_is_refused(run_dir: Path) -> None:
    boots = json.loads((run_dir / "run.json").read_text())["boots"]
    boots[0]["console"] = "../../etc/passwd"
    _change(run_dir / "run.json", 0, boots=boots)
    with pytest.raises(ValueError, match="outside of the run directory"):
        read_run(run_dir)


def test_a_boot_that_left_nothing_is_still_shown(run_dir: Path) -> None:
    boots = json.loads((run_dir / "run.json").read_text())["boots"]
    for name in ("trace", "fields", "verdicts", "console"):
        boots[0][name] = None
    _change(run_dir / "run.json", 0, boots=boots)
    assert "Nothing was recorded of this boot" in render(run_dir).read_text()


def test_a_flood_is_cut_and_says_so(run_dir: Path) -> None:
    with (run_dir / TRACE).open("a") as trace:
        for n in range(100_000):
            trace.write(
                json.dumps({"t": 7 + n / 1e5, "kind": "message", "data": f"X_FLOOD={n}", "pid": 9}) + "\n"
            )
    _change(run_dir / TRACE.replace("traces", "verdicts"), 0, lines=[50_000])
    page = render(run_dir).read_text()
    assert 'id="262-halt/L50000"' in page  # a verdict leads to it
    assert 'id="262-halt/L50001"' not in page
    assert sum(map(int, re.findall(r"(\d+) events are left out here", page))) == 98_040
    assert "X_FLOOD=99999" in page
    assert len(page) < 4_000_000


def test_a_message_of_64_kib_is_shown_from_its_start(run_dir: Path) -> None:
    page = render(run_dir).read_text()
    assert "X_NOTIFYSPEC_PAD=aaaa" in page and "and 65080 more characters" in page
    assert "a" * 501 not in page


def test_without_a_pair_there_is_no_comparison(tmp_path: Path) -> None:
    alone = (("257", "halt", "pass"), ("262", "vm-exam", "pass"))
    page = render(write_sample(tmp_path, wanted=alone)).read_text()
    assert 'id="compared"' not in page and "#compared" not in page
    assert 'id="compared"' in render(write_sample(tmp_path)).read_text()
