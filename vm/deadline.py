"""A deadline: the one moment until which a scenario may wait, whatever it waits for.

All waiting goes through here, on file descriptors: nothing sleeps, nothing polls. Another thread can cancel a
deadline, which ends every wait that hangs on it.
"""

from __future__ import annotations

import os
import selectors
import time


class DeadlinePassed(Exception):
    """The time is over."""


class Cancelled(Exception):
    """Another thread wants all waiting to end."""


class Deadline:
    """Counts from its making on."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds
        self._cancelled = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)

    def __del__(self) -> None:
        os.close(self._cancelled)

    def remaining(self) -> float:
        """Seconds left; raises DeadlinePassed where there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise DeadlinePassed(f"{self.seconds:g} s are over")
        return left

    def cancel(self) -> None:
        """Ends all waiting, from whatever thread."""
        os.eventfd_write(self._cancelled, 1)

    def wait(self, *readable: int) -> set[int]:
        """Waits until one of the descriptors is ready, and says which are."""
        with selectors.PollSelector() as poll:
            for descriptor in (*readable, self._cancelled):
                poll.register(descriptor, selectors.EVENT_READ)
            ready = {key.fd for key, _ in poll.select(self.remaining())}
        if self._cancelled in ready:
            raise Cancelled("cancelled")
        if not ready:
            raise DeadlinePassed(f"{self.seconds:g} s are over")
        return ready
