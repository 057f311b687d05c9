"""`notifyspec decode` as a user meets it."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

HEADER = {
    "format": 1,
    "transport": "unix-dgram",
    "kernel": "6.12.0",
    "recorded": "2026-08-01",
    "t0_monotonic_usec": 0,
}


def decode(notifyspec: Any, datagram: bytes) -> dict[str, Any]:
    done = notifyspec("decode", input=datagram, text=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    return json.loads(done.stdout)


def write_trace(path: Path, *events: object) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in (HEADER, *events)), encoding="utf-8")
    return path


def test_known_and_unknown_fields_are_shown_with_their_type(notifyspec: Any) -> None:
    seen = decode(notifyspec, b"READY=1\nSTATUS=a=b \nX_ACME=2\nMAINPID=7\n")
    assert seen == {
        "fields": [
            {"name": "READY", "value": "1", "type": "flag"},
            {"name": "STATUS", "value": "a=b ", "type": "text"},
            {"name": "X_ACME", "value": "2", "type": "unknown"},
            {"name": "MAINPID", "value": "7", "type": "pid"},
        ],
        "diagnostics": [],
    }


def test_what_is_wrong_is_said_with_its_offset(notifyspec: Any) -> None:
    seen = decode(notifyspec, b"READY=2\n\nready\nERRNO=bogus")
    assert [field["name"] for field in seen["fields"]] == ["READY", "ERRNO"]
    assert [(each["offset"], each.get("name")) for each in seen["diagnostics"]] == [
        (0, "READY"),
        (8, None),
        (9, None),
        (15, "ERRNO"),
    ]
    assert all(each["reason"] for each in seen["diagnostics"])


def test_bytes_that_are_no_text_stay_bytes(notifyspec: Any) -> None:
    seen = decode(notifyspec, b"STATUS=\xff\xfe\n\x80=1")
    assert base64.b64decode(seen["fields"][0]["value_base64"]) == b"\xff\xfe"
    assert base64.b64decode(seen["fields"][1]["name_base64"]) == b"\x80"
    assert seen["diagnostics"] == [{"offset": 0, "name": "STATUS", "reason": "not valid UTF-8"}]


@pytest.mark.parametrize(
    ("datagram", "offset", "reason"),
    [
        (b"READY=1\nSTATUS=" + b"x" * 4082, 4096, "too-long"),
        (b"READY=1" + b"\n" * 300_000, 4096, "too-long"),
        (b"READY=1\0\nSTATUS=up", 7, "embedded-nul"),
        (b"\0\0", 0, "embedded-nul"),
    ],
    ids=["one-byte-too-long", "far-too-long", "nul-in-the-middle", "two-nuls"],
)
def test_a_datagram_that_is_dropped_whole_has_no_fields(
    notifyspec: Any, datagram: bytes, offset: int, reason: str
) -> None:
    seen = decode(notifyspec, datagram)
    assert seen == {"fields": [], "diagnostics": [{"offset": offset, "reason": reason}]}


def test_the_longest_datagram_and_one_trailing_nul_are_good(notifyspec: Any) -> None:
    datagram = b"STATUS=" + b"x" * (4096 - 8) + b"\0"
    seen = decode(notifyspec, datagram)
    assert seen["diagnostics"] == []
    assert len(seen["fields"][0]["value"]) == 4096 - 8


def test_an_empty_datagram_has_nothing(notifyspec: Any) -> None:
    assert decode(notifyspec, b"") == {"fields": [], "diagnostics": []}


def test_a_trace_gives_one_line_for_each_message(notifyspec: Any, tmp_path: Path) -> None:
    trace = write_trace(
        tmp_path / "t.jsonl",
        {"t": 0, "kind": "phase", "phase": "started"},
        {"t": 1, "kind": "message", "data": "READY=1"},
        {"t": 2, "kind": "action", "action": "halt"},
        {"t": 3, "kind": "message", "data_base64": base64.b64encode(b"STATUS=\xff").decode()},
    )
    expected = [
        {"line": 3, "fields": [{"name": "READY", "value": "1", "type": "flag"}], "diagnostics": []},
        {
            "line": 5,
            "fields": [{"name": "STATUS", "value_base64": "/w==", "type": "text"}],
            "diagnostics": [{"offset": 0, "name": "STATUS", "reason": "not valid UTF-8"}],
        },
    ]
    from_file = notifyspec("decode", "--lines", trace)
    assert [json.loads(line) for line in from_file.stdout.splitlines()] == expected
    assert notifyspec("decode", "--lines", input=trace.read_text()).stdout == from_file.stdout


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (
            json.dumps(HEADER) + '\n{"t":0,"kind":"message","data":"A=1","foo":1}\n',
            ':2: unknown member "foo"',
        ),
        (json.dumps(HEADER) + '\n{"t":0,"kind":"message","data":"A=1"}\n{}\n', ':3: member "t" is missing'),
        (json.dumps(HEADER) + "\n\n", ":2: the line is empty"),
        (json.dumps(HEADER) + '\n{"t":0,"kind":"mess', ":2: the last line is cut short: not JSON, at byte "),
        (json.dumps(HEADER)[:-9], ":1: the last line is cut short: not JSON, at byte "),
        (
            json.dumps(HEADER)
            + '\n{"t":2,"kind":"phase","phase":"ready"}\n{"t":1.5,"kind":"phase","phase":"gone"}\n',
            ":3: t runs backwards: 1.500000 after 2.000000",
        ),
        ('{"t":0,"kind":"message","data":"A=1"}\n', ":1: an event stands where the header is expected"),
        (json.dumps(HEADER | {"format": 2}) + "\n", ":1: format 2 is not known (this suite reads format 1)"),
        (json.dumps(HEADER | {"foo": 2}) + "\n", ':1: unknown member "foo"'),
        ("READY=1\n", ":1: not JSON, at byte 1: "),
        ("", ": it is empty: a trace begins with its header"),
    ],
)
def test_a_broken_trace_is_refused_with_file_and_line(
    notifyspec: Any, tmp_path: Path, content: str, complaint: str
) -> None:
    trace = tmp_path / "broken.jsonl"
    trace.write_text(content)
    done = notifyspec("decode", "--lines", trace)
    assert done.returncode == 2
    assert f"{trace}{complaint}" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_last_line_without_newline_counts(notifyspec: Any, tmp_path: Path) -> None:
    trace = write_trace(tmp_path / "t.jsonl", {"t": 0, "kind": "message", "data": "READY=1"})
    trace.write_text(trace.read_text().rstrip("\n"))
    done = notifyspec("decode", "--lines", trace)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 1)


def test_a_line_without_end_is_refused_before_memory_is_full(notifyspec: Any) -> None:
    with open("/dev/zero", "rb") as endless:
        done = notifyspec("decode", "--lines", stdin=endless)
    assert done.returncode == 2
    assert "standard input:1: the line is longer than" in done.stderr


@pytest.mark.parametrize("lines", [[], ["--lines"]])
def test_what_cannot_be_read_is_refused(notifyspec: Any, tmp_path: Path, lines: list[str]) -> None:
    for path in (tmp_path, tmp_path / "absent"):
        done = notifyspec("decode", *lines, path)
        assert done.returncode == 2
        assert str(path) in done.stderr


def test_a_full_disk_is_no_success(notifyspec: Any) -> None:
    with open("/dev/full", "wb") as full:
        done = notifyspec(
            "decode", input="READY=1", capture_output=False, stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 5
    assert "cannot write to standard output: No space left on device" in done.stderr


def test_wrong_usage_is_2_and_help_is_0(notifyspec: Any) -> None:
    assert notifyspec().returncode == 2
    assert notifyspec("decode", "--colour").returncode == 2
    assert notifyspec("encode").returncode == 2
    assert notifyspec("--version").stdout == "notifyspec 0.1.0\n"
    for arguments in (["--help"], ["decode", "--help"], ["record", "--help"], ["replay", "--help"]):
        done = notifyspec(*arguments)
        assert (done.returncode, done.stderr) == (0, "")
        assert "Usage: notifyspec" in done.stdout
        assert "\x1b" not in done.stdout
