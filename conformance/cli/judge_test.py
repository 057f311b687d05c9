"""`notifyspec judge` and `list` as a user meets them: exit codes, forms, and input that cannot be read."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

Run = Callable[..., subprocess.CompletedProcess[str]]

HEADER = {
    "format": 1,
    "systemd": "257",
    "vantage": "container",
    "transport": "unix-dgram",
    "kernel": "6.1",
    "recorded": "2026-11-23",
    "t0_monotonic_usec": 1000,
    "manager_pid": 1,
    "hostname": "vessel",
}
GOOD = (
    "X_SYSTEMD_HOSTNAME=vessel",
    "X_SYSTEMD_MACHINE_ID=0123456789abcdef0123456789abcdef",
    "X_SYSTEMD_SIGNALS_LEVEL=2",
    "READY=1",
)


def trace(path: Path, *messages: str, header: dict[str, object] | None = None) -> Path:
    lines = [json.dumps(HEADER | (header or {}))]
    for number, data in enumerate(messages):
        lines.append(json.dumps({"t": number, "kind": "message", "data": data, "pid": 1, "uid": 0, "gid": 0}))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return trace(tmp_path / "good.jsonl", *GOOD)


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    return trace(tmp_path / "bad.jsonl", "X_SYSTEMD_HOSTNAME=other", *GOOD[1:])


def test_a_good_trace_conforms_and_a_bad_one_does_not(notifyspec: Run, good: Path, bad: Path) -> None:
    assert notifyspec("judge", good).returncode == 0
    done = notifyspec("judge", good, bad)
    assert done.returncode == 1
    assert 'expected: X_SYSTEMD_HOSTNAME= is "vessel", as the booted system says' in done.stdout
    assert 'seen:     it is "other" [line 2]' in done.stdout


def test_nothing_to_judge_is_no_success(notifyspec: Run, tmp_path: Path) -> None:
    refused = trace(tmp_path / "t.jsonl", header={"systemd": "209"})
    assert notifyspec("judge", refused).returncode == 6


def test_version_and_vantage_can_be_given(notifyspec: Run, tmp_path: Path) -> None:
    bare = {name: value for name, value in HEADER.items() if name not in ("systemd", "vantage")}
    path = tmp_path / "bare.jsonl"
    path.write_text(
        json.dumps(bare) + "\n" + json.dumps({"t": 0, "kind": "message", "data": "READY=1"}) + "\n"
    )
    missing = notifyspec("judge", path)
    assert missing.returncode == 2
    assert "--systemd N" in missing.stderr
    assert "--vantage" in notifyspec("judge", "--systemd", "257", path).stderr
    assert notifyspec("judge", "--systemd", "252", "--vantage", "container", path).returncode == 0


def test_a_role_can_be_judged_alone(notifyspec: Run, bad: Path, tmp_path: Path) -> None:
    assert notifyspec("judge", "--role", "manager", bad).returncode == 1
    assert notifyspec("judge", "--role", "receiver,device", bad).returncode == 6
    assert notifyspec("judge", "--role", "herald", bad).returncode == 2
    machine = trace(tmp_path / "vm.jsonl", "READY=1", header={"vantage": "vm", "transport": "vsock-stream"})
    rows = notifyspec("judge", "--role", "receiver,device", "--format", "jsonl", machine).stdout.splitlines()
    roles = {json.loads(row)["requirement"].partition(".")[0] for row in rows}
    assert roles == {"receiver", "device"}


def test_what_is_bound_to_another_transport_is_left_out(notifyspec: Run, good: Path) -> None:
    rows = notifyspec("judge", "--format", "jsonl", good).stdout.splitlines()
    assert not [row for row in rows if "vsock" in row or '"device.' in row]


def test_no_colour_where_there_is_no_terminal(notifyspec: Run, bad: Path) -> None:
    assert "\x1b" not in notifyspec("judge", bad).stdout


def test_junit_shows_requirement_expected_and_seen(notifyspec: Run, bad: Path) -> None:
    document = etree.fromstring(notifyspec("judge", "--format", "junit", bad).stdout.encode())
    suite = document.find("testsuite")
    assert suite is not None
    cases = suite.findall("testcase")
    assert int(suite.get("tests")) == len(cases)
    assert int(suite.get("failures")) == len(suite.findall("testcase/failure")) == 1
    assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped"))
    (failed,) = [case for case in cases if case.find("failure") is not None]
    assert failed.get("name") == "boot.hostname.matches"
    assert "source: systemd(1), Readiness Protocol, first field (262)" in failed.findtext("failure")


def test_text_says_where_the_sentence_stands_as_the_page_does(notifyspec: Run, bad: Path) -> None:
    assert "source:   systemd(1), Readiness Protocol, first field (262)\n" in notifyspec("judge", bad).stdout


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"format":2', ":1: "),
        ('{"format":2}\n', ":1: format 2"),
        ('{"format":1,"colour":"red"}\n', ':1: unknown member "colour"'),
        (
            json.dumps(HEADER) + '\n{"t":0,"kind":"message","data":"READY=1","size":7}\n',
            ':2: unknown member "size"',
        ),
        (json.dumps(HEADER) + '\n{"t":0,"kind":"mess', ":2: "),
        ("", "empty"),
    ],
)
def test_a_broken_trace_is_named_and_nothing_is_half_judged(
    notifyspec: Run, good: Path, tmp_path: Path, content: str, reason: str
) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text(content)
    done = notifyspec("judge", good, broken)
    assert done.returncode == 2
    assert str(broken) in done.stderr and reason in done.stderr
    assert done.stdout == ""


def test_what_is_no_trace_is_refused(notifyspec: Run, good: Path, tmp_path: Path) -> None:
    assert "directory" in notifyspec("judge", tmp_path).stderr
    assert notifyspec("judge", tmp_path).returncode == 2
    assert notifyspec("judge", tmp_path / "absent").returncode == 2
    assert notifyspec("judge").returncode == 2
    assert notifyspec("judge", "--format", "yaml", good).returncode == 2


@pytest.mark.parametrize(
    "profile", ["systemd", "systemd-999", "systemd-1", "systemd-263", "systemd-255", "documented"]
)
def test_a_profile_that_nobody_observed_is_refused_with_those_that_there_are(
    notifyspec: Run, good: Path, profile: str
) -> None:
    done = notifyspec("judge", "--profile", profile, good)
    assert done.returncode == 2 and done.stdout == ""
    known = ["systemd-252", "systemd-254", "systemd-257", "systemd-262"]
    assert f"--profile: {profile} not in {{{','.join(known)}}}" in done.stderr
    for each in known:
        assert notifyspec("judge", "--profile", each, good).returncode == 0


def test_the_help_names_each_role_that_is_taken(notifyspec: Run) -> None:
    said = " ".join(notifyspec("judge", "--help").stdout.split())
    assert "alone: manager, sender, receiver, device, proxy" in said


def test_memory_does_not_grow_with_the_trace(notifyspec: Run) -> None:
    def peak_kib(n_messages: int) -> int:
        """Once all is read but the end: the kernel keeps the peak for as long as the process lives."""
        command = [notifyspec.program, "judge", "-"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
            assert process.stdin is not None
            process.stdin.write(json.dumps(HEADER).encode() + b"\n")
            for number in range(n_messages):
                up = "ACTIVE" if number // 64 % 2 == 0 else "INACTIVE"
                data = f"X_SYSTEMD_UNIT_{up}=u{number % 64}.target"
                line = f'{{"t":{number},"kind":"message","data":"{data}","pid":1,"uid":0,"gid":0}}\n'
                process.stdin.write(line.encode())
            process.stdin.flush()
            status = Path(f"/proc/{process.pid}/status").read_text()
            process.stdin.close()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))

    assert peak_kib(300_000) < peak_kib(1_000) + 1024


def test_an_answer_that_cannot_be_written_is_no_success(notifyspec: Run, good: Path) -> None:
    for arguments in (["judge", good], ["list", "fields"]):
        with open("/dev/full", "w") as full:
            done = subprocess.run([notifyspec.program, *arguments], stdout=full, stderr=subprocess.PIPE)
        assert done.returncode == 5


@pytest.mark.parametrize("what", ["requirements", "fields", "signals"])
def test_lists_say_the_same_in_both_forms(notifyspec: Run, what: str) -> None:
    text = notifyspec("list", what).stdout.splitlines()
    rows = [json.loads(line) for line in notifyspec("list", what, "--format", "jsonl").stdout.splitlines()]
    assert len(text) == len(rows) > 10
    key = {"requirements": "id", "fields": "name", "signals": "signal"}[what]
    for line, row in zip(text, rows, strict=True):
        assert row[key] in line.split()
        if what == "requirements":
            places = [row["source"].get(each) for each in ("document", "section", "item")]
            where = ", ".join(each for each in places if each)
            assert line.endswith(f"{row['text']} [{where} ({row['source']['version']})]")
