"""Progress of a long step: one live line on a terminal, a plain line for each stage elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TextIO


class Progress:
    """`with Progress("image 262") as progress: progress.stage("unpacking")`"""

    def __init__(self, what: str, out: TextIO = sys.stderr) -> None:
        self._what = what
        self._out = out
        self._live = out.isatty()
        self._began = time.monotonic()
        self._stage = ""

    def __enter__(self) -> Progress:
        return self

    def stage(self, text: str) -> None:
        if text == self._stage:
            return
        self._stage = text
        seconds = time.monotonic() - self._began
        line = f"{self._what}: {text} ({seconds:.0f} s)"
        self._out.write(f"\r\033[K{line[:100]}" if self._live else f"{line}\n")
        self._out.flush()

    def __exit__(self, kind: object, *_: object) -> None:
        if self._live:
            self._out.write("\r\033[K")
        word = "done" if kind is None else "failed"
        self._out.write(f"{self._what}: {word} after {time.monotonic() - self._began:.0f} s\n")
        self._out.flush()
