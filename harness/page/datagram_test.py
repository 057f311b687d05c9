from __future__ import annotations

import pytest

from harness.page.datagram import BEGIN, END, dump, marked, of, shown


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"READY=1", "READY=1"),
        (b"READY=1\nSTATUS=a", f"READY=1{BEGIN}\\n{END}\nSTATUS=a"),
        (b"A=\x00\x01", f"A={BEGIN}\\x00\\x01{END}"),
        (b"\xff", f"{BEGIN}\\xff{END}"),
        ("ü".encode(), "ü"),
        (BEGIN.encode(), f"{BEGIN}\\u{{e000}}{END}"),
    ],
)
def test_what_is_hidden_is_pictured_and_set_apart(data: bytes, text: str) -> None:
    assert shown(data)["text"] == text


@pytest.mark.parametrize(
    ("data", "dumped"), [(b"A=1\nB=2\n", False), (b"A=\x7f", True), ("ü".encode(), True), (b"\r\n", True)]
)
def test_hex_is_given_where_the_text_does_not_say_all(data: bytes, dumped: bool) -> None:
    assert ("hex" in shown(data)) is dumped


def test_a_long_one_is_cut_and_says_so() -> None:
    long = shown(b"\x00" + b"a" * 70_000)
    assert long["bytes"] == 70_001 and long["more"] == 69_501
    assert len(long["text"]) < 600 and long["hex"].endswith("… and 69745 more bytes")


def test_a_dump_has_offset_bytes_and_letters() -> None:
    first, second = dump(b"READY=1\x00" * 3).split("\n")
    assert first == "0000  52 45 41 44 59 3d 31 00 52 45 41 44 59 3d 31 00  READY=1·READY=1·"
    assert second.split() == ["0010", "52", "45", "41", "44", "59", "3d", "31", "00", "READY=1·"]


def test_bytes_come_as_text_or_in_base64_or_not_at_all() -> None:
    assert of({"data": "\u0000ü"}, "data") == b"\x00\xc3\xbc"
    assert of({"data_base64": "/w=="}, "data") == b"\xff"
    assert of({"state": "x"}, "data") is None


def test_marks_do_not_stand_in_plain_text() -> None:
    assert marked("plain") == "plain"
