from __future__ import annotations

import pytest

from harness.page.legible import console_line, legible, runs


@pytest.mark.parametrize(
    "text, shown",
    [
        ("plain <b>text</b> äß 東", "plain <b>text</b> äß 東"),
        ("a\nb\tc\r", r"a\nb\tc\r"),
        ("\x00\x1b\x7f", r"\x00\x1b\x7f"),
        (b"\xff\xfe".decode("utf-8", "surrogateescape"), r"\xff\xfe"),
        ("\u202eevil\u2066", r"\u{202e}evil\u{2066}"),
        ("\ud800", r"\u{d800}"),
        ("\x85\u2028\ue000", r"\u{85}\u{2028}\u{e000}"),
    ],
)
def test_nothing_stays_hidden(text: str, shown: str) -> None:
    assert legible(text) == shown
    shown.encode("utf-8")  # and all of it can be written to a file


def test_runs_set_the_hidden_apart() -> None:
    assert runs("a\x00\x01b") == [(False, "a"), (True, r"\x00\x01"), (False, "b")]
    assert runs("") == [(False, "")]


def test_a_console_line_loses_its_colours_only() -> None:
    assert console_line("[\x1b[0;32m  OK  \x1b[0m] \x1b]0;title\x07Reached\r\x08") == r"[  OK  ] Reached\x08"
