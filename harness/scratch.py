"""A scratch folder: what a run writes for itself alone, and takes away at its end.

It is locked while its owner lives, or a process that it has forked. What an owner that was killed left behind the next
one removes, as with claims (vm/claim.py); but no privilege is needed, and only folders of our own user are touched.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

PREFIX = "notifyspec-run-"


@contextlib.contextmanager
def scratch(base: Path | None = None) -> Iterator[Path]:
    """`base`: where temporary files go, if not somewhere else."""
    base = base or Path(tempfile.gettempdir())
    sweep(base)
    folder, lock = _make(base)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
        os.close(lock)


def _make(base: Path) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
        # Whoever sweeps may have come between: then it is gone already, or goes as soon as it is unlocked.
        with contextlib.suppress(FileNotFoundError):
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            fcntl.flock(lock, fcntl.LOCK_EX)
            if folder.exists():
                return folder, lock
            os.close(lock)


def sweep(base: Path) -> list[Path]:
    """Removes those whose owners are gone, and says which."""
    swept = []
    for folder in sorted(base.glob(f"{PREFIX}*")):
        with contextlib.suppress(FileNotFoundError, BlockingIOError):
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
                continue
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
                swept.append(folder)
            finally:
                os.close(lock)
    return swept
