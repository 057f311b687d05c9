"""A claim: all that one boot holds on this host outside of its own namespaces. That is a folder and a cgroup.

Everything else (processes, mounts, the writable layer) lives in namespaces that the kernel takes down with
their first process. A claim is locked while its owner lives; what an owner that was killed left behind is
removed by sweep(), which every new claim begins with.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import shutil
from pathlib import Path

from vm import cgroup

BASE = Path("/run/notifyspec")
_count = itertools.count(1)


class Claim:
    """`with Claim() as claim`: the folder has `share` (seen by the system under test), `plant` and
    `private`."""

    def __init__(self, base: Path = BASE) -> None:
        self._base = base
        self.name = f"{os.getpid()}-{_start_time(os.getpid())}-{next(_count)}"
        self.folder = base / self.name
        self.share = self.folder / "share"
        self.plant = self.folder / "plant"
        self.cgroup = cgroup.own_cgroup() / f"notifyspec-{self.name}"
        self._lock = -1

    def __enter__(self) -> Claim:
        with _all_claims(self._base):
            sweep(self._base)
            self.folder.mkdir(mode=0o755)
            self._lock = os.open(self.folder, os.O_RDONLY | os.O_CLOEXEC)
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            # Written before the cgroup exists, so that whoever sweeps knows of every cgroup that may.
            (self.folder / "cgroup").write_text(str(self.cgroup))
        try:
            for folder in (self.share, self.plant, self.folder / "private"):
                folder.mkdir(mode=0o755)
            cgroup.make(self.cgroup.name)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        _remove(self.folder)
        os.close(self._lock)


@contextlib.contextmanager
def _all_claims(base: Path):
    """Held while claims are made or swept; a moment only."""
    base.mkdir(mode=0o755, parents=True, exist_ok=True)
    with open(base / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sweep(base: Path = BASE) -> list[str]:
    """Removes the claims whose owners are gone, and says which. Call it with all claims locked, or alone."""
    swept = []
    for folder in sorted(base.glob("*-*-*")):
        if not _alive(folder):
            _remove(folder)
            swept.append(folder.name)
    return swept


def _alive(folder: Path) -> bool:
    """By lock, and by pid: either is enough to let it be."""
    pid, start, _ = folder.name.split("-")
    if _start_time(int(pid)) == start:
        return True
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _remove(folder: Path) -> None:
    """An owner that ends and a run that sweeps may meet here: what the other took away already is gone, as wanted."""
    with contextlib.suppress(FileNotFoundError):
        cgroup.remove(Path((folder / "cgroup").read_text()))
    shutil.rmtree(folder, onerror=_unless_gone)


def _unless_gone(_function: object, _path: object, failure: tuple[type, BaseException, object]) -> None:
    if not isinstance(failure[1], FileNotFoundError):
        raise failure[1]


def _start_time(pid: int) -> str:
    """Clock ticks since boot, or nothing where there is no such process: tells a pid that was given out
    again."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""
