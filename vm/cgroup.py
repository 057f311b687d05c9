"""A cgroup of our own, below the one that we run in: who leaves it can be waited for, and nobody can leave it
behind.

Works on a pure cgroup2 host and on a hybrid one, where cgroup2 is mounted somewhere without controllers.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
from pathlib import Path

from vm.environment import EnvironmentUnfit


def own_cgroup() -> Path:
    """Where in the file system the cgroup2 cgroup of this process is."""
    ours = next((line[3:] for line in _lines("/proc/self/cgroup") if line.startswith("0::")), None)
    if ours is not None:
        for line in _lines("/proc/self/mountinfo"):
            fields, _, tail = line.partition(" - ")
            if tail.split()[0] != "cgroup2":
                continue
            root, point = fields.split()[3:5]
            if os.path.commonpath([root, ours]) == root:
                return Path(point) / os.path.relpath(ours, root)
    raise EnvironmentUnfit("cgroup2 is not mounted here", "mount -t cgroup2 cgroup2 /sys/fs/cgroup")


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()


def make(name: str) -> Path:
    """A new, empty cgroup below our own."""
    cgroup = own_cgroup() / name
    try:
        cgroup.mkdir()
    except OSError as error:
        reason = f"no cgroup can be made at {cgroup} ({error.strerror})"
        raise EnvironmentUnfit(reason, "mount -o remount,rw /sys/fs/cgroup") from error
    return cgroup


def members(cgroup: Path) -> list[int]:
    """Pids of all processes in it and below it."""
    pids = []
    for folder, _, _ in os.walk(cgroup):
        try:
            pids += [int(line) for line in (Path(folder) / "cgroup.procs").read_text().split()]
        except OSError:  # went away while we looked
            continue
    return pids


def await_empty(cgroup: Path, patience_s: float) -> None:
    """Until nobody is in it any more; the kernel tells when."""
    with open(cgroup / "cgroup.events") as events:
        poll = select.poll()
        poll.register(events, select.POLLPRI)
        while "populated 1" in _reread(events.fileno()):
            if not poll.poll(patience_s * 1000):
                raise RuntimeError(f"processes in {cgroup} do not die: {members(cgroup)}")


def remove(cgroup: Path, patience_s: float = 10.0) -> None:
    """Kills whoever is still in it, waits until they are gone, and takes it away with all that is below."""
    if not cgroup.is_dir():
        return
    _kill(cgroup)
    await_empty(cgroup, patience_s)
    for folder, _, _ in os.walk(cgroup, topdown=False):
        with contextlib.suppress(FileNotFoundError):  # its owner may be at the same work
            os.rmdir(folder)


def _kill(cgroup: Path) -> None:
    switch = cgroup / "cgroup.kill"
    if switch.exists():
        switch.write_text("1")
        return
    for pid in members(cgroup):  # kernels before 5.14; the first of a pid namespace takes all others with it
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _reread(descriptor: int) -> str:
    return os.pread(descriptor, 4096, 0).decode()
