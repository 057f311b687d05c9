"""Text from a system under test, made so that every character of it can be seen and none of them acts."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

# Controls, formats (bidirectional overrides among them), surrogates, private, unassigned, separators.
HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
TERMINAL_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


def legible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_picture, text))


def runs(text: str) -> list[tuple[bool, str]]:
    """The text in pieces, (stands for something hidden, text), so that a page can set the pictures apart."""
    if text.isascii() and text.isprintable():
        return [(False, text)]
    pieces = groupby(text, key=lambda c: _picture(c) != c)
    return [(hidden, "".join(map(_picture, run))) for hidden, run in pieces]


def console_line(line: str) -> str:
    """Terminal sequences have no meaning on a page; anything else that is hidden is shown."""
    return legible(TERMINAL_SEQUENCE.sub("", line).replace("\r", "").expandtabs())


def _picture(character: str) -> str:
    code = ord(character)
    if unicodedata.category(character) not in HIDDEN:
        return character
    if character in SHORT:
        return SHORT[character]
    if (
        code < 0x80 or 0xDC80 <= code <= 0xDCFF
    ):  # the latter: a byte that is no UTF-8, as surrogateescape keeps it
        return f"\\x{code & 0xFF:02x}"
    return f"\\u{{{code:x}}}"
