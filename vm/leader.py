"""A leader: the manager under test as a process that we can see, name and signal, though it lives in its own
namespace."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from vm import cgroup
from vm.deadline import Deadline

# The enclosure's pid namespace is one below ours, the container's is another one below that.
DEPTH = 3


class NoLeader(Exception):
    """There is no such process: not yet, or not any more."""


class Leader:
    def __init__(self, group: Path, inner: int) -> None:
        """Finds the process of that cgroup that is pid `inner` in its container."""
        self.pid = _find(group, inner)
        self._pidfd = os.pidfd_open(self.pid)

    def signal(self, number: int) -> None:
        signal.pidfd_send_signal(self._pidfd, number)

    def close(self) -> None:
        os.close(self._pidfd)


class Led:
    """A manager that has such a leader, and so shares this kernel and its clock."""

    leader: Leader  # looked for where it is first asked for; raises NoLeader before it has said anything

    @property
    def pid(self) -> int:
        return self.leader.pid

    def signal(self, number: int, _deadline: Deadline) -> None:
        """To the manager."""
        self.leader.signal(number)

    def clock_offset_usec(self, _deadline: Deadline) -> int:
        """Its CLOCK_MONOTONIC is ours."""
        return 0


def _find(group: Path, inner: int) -> int:
    for pid in cgroup.members(group):
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:  # gone while we looked
            continue
        pids = next(line.split()[1:] for line in status.splitlines() if line.startswith("NSpid:"))
        if len(pids) == DEPTH and int(pids[-1]) == inner:
            return pid
    raise NoLeader(f"no process is pid {inner} in the container")
