"""A console: the file into which a system under test writes what it says to nobody in particular."""

from __future__ import annotations

from pathlib import Path

LOOKED_AT = 65536  # bytes of its end


def tail(console: Path, lines: int = 30) -> str:
    """Its last lines; bytes that are no text are shown as such."""
    text = console.read_bytes()[-LOOKED_AT:].decode(errors="replace")
    return "\n".join(text.splitlines()[-lines:])
