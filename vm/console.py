"""A console: the file into which a system under test writes what it says to nobody in particular."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

LOOKED_AT = 65536  # bytes of its end


def tail(console: Path, lines: int = 30) -> str:
    """Its last lines; bytes that are no text are shown as such. Nothing where nobody has written yet."""
    text = console.read_bytes()[-LOOKED_AT:].decode(errors="replace") if console.exists() else ""
    return "\n".join(text.splitlines()[-lines:])


@contextlib.contextmanager
def shown(console: Path, *failures: type[Exception]) -> Iterator[None]:
    """What fails within in one of these ways says with it what stood on the console last."""
    try:
        yield
    except failures as failure:
        if not (words := tail(console)):
            raise
        raise type(failure)(f"{failure}; its console:\n{words}") from failure
