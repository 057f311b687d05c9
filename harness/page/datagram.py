"""Bytes of a datagram as a page shows them: readable where they are, each hidden one as a picture, and in hex besides.

What is hidden is set apart by two characters that no legible text has, so that a script can mark it without knowing
why. Nothing is parsed: a datagram is bytes here.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from harness.page.legible import legible, runs

BEGIN, END = "\ue000", "\ue001"  # of private use, which legible.py always pictures
MOST_CHARACTERS = 500
MOST_DUMPED = 256
ROW = 16

Shown = dict[str, Any]


def marked(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"{BEGIN}{run}{END}" if hidden else run for hidden, run in runs(text))


def shown(data: bytes) -> Shown:
    """`text`, and `hex` where that does not say all; `more` bytes or characters than are shown."""
    text = data.decode("utf-8", "surrogateescape")
    start = text[:MOST_CHARACTERS]
    out: Shown = {"text": f"{BEGIN}\\n{END}\n".join(map(marked, start.split("\n"))), "bytes": len(data)}
    if len(text) > len(start):
        out["more"] = len(text) - len(start)
    if not text.isascii() or any(legible(each) != each for each in start.split("\n")):
        out["hex"] = dump(data)
    return out


def dump(data: bytes) -> str:
    """Offset, bytes, and what of them is printable; the end of long ones is left out, and said so."""
    rows = []
    for offset in range(0, min(len(data), MOST_DUMPED), ROW):
        row = data[offset : offset + ROW]
        letters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in row)
        rows.append(f"{offset:04x}  {row.hex(' '):<{3 * ROW - 1}}  {letters}")
    if len(data) > MOST_DUMPED:
        rows.append(f"… and {len(data) - MOST_DUMPED} more bytes")
    return "\n".join(rows)


def of(thing: Mapping[str, Any], member: str) -> bytes | None:
    """The bytes of a member that has them as text or in base64; None where it has neither."""
    if f"{member}_base64" in thing:
        return base64.b64decode(thing[f"{member}_base64"])
    if member in thing:
        return str(thing[member]).encode("utf-8", "surrogatepass")
    return None
