"""A pump: empties a pipe in a thread of its own, so that whoever writes to it never waits for us.

A recorder that waits for its reader hears nothing meanwhile; and its reader may wait for what it would have heard.
"""

from __future__ import annotations

import os
import threading


class Pump:
    """Owns neither the pipe nor what comes out of it; join() it before the pipe is closed."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._pieces: list[bytes] = []
        self._lock = threading.Lock()
        self._event = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        more = True
        while more:
            more = bool(piece := os.read(self._pipe, 1 << 16))
            with self._lock:
                self._pieces.append(piece)
                os.eventfd_write(self._event, 1)

    def fileno(self) -> int:
        """Readable where there is something to take."""
        return self._event

    def take(self) -> bytes:
        """What has come; nothing where the pipe has ended. To be called when fileno() is readable."""
        with self._lock:
            os.eventfd_read(self._event)
            pieces, self._pieces = self._pieces, []
            if pieces and not pieces[-1] and len(pieces) > 1:  # the end is told by itself
                self._pieces.append(pieces.pop())
                os.eventfd_write(self._event, 1)
        return b"".join(pieces)

    def rest(self) -> bytes:
        """All that comes until the pipe ends."""
        self._thread.join()
        with self._lock:
            pieces, self._pieces = self._pieces, []
        return b"".join(pieces)

    def join(self) -> None:
        """Waits for the pipe's end."""
        self._thread.join()
        os.close(self._event)
