"""SIGTERM as an exception, so that what holds resources lets go of them, as it does on Ctrl-C."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator


INTERRUPTED = "interrupted before it had ended"  # as the reason for what came to no outcome


class Terminated(SystemExit):
    """Somebody asked this process to end."""

    def __init__(self) -> None:
        super().__init__(128 + signal.SIGTERM)


@contextlib.contextmanager
def terminable() -> Iterator[None]:
    """Only the main thread can have it; and who has a handler of his own keeps it."""
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield
        return

    asked = False

    def terminate(*_: object) -> None:
        nonlocal asked
        if not asked:  # who cleans up already is not to be kept from it
            asked = True
            raise Terminated

    signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
