"""The store of images: folders in the cache, each made once, by one process at a time, and whole or not at all."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path


def cache() -> Path:
    """Where images are kept."""
    base = os.environ.get("NOTIFYSPEC_CACHE")
    if base:
        return Path(base) / "images"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "notifyspec" / "images"


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One at a time makes `folder`. Whatever stands half-made beside it is of somebody who was killed."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.parent / f".{folder.name}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"{folder.name}: another run is making it; waiting", file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(half_made(folder), ignore_errors=True)
        yield


def half_made(folder: Path) -> Path:
    return folder.parent / f".{folder.name}.building"


def discard(folder: Path) -> None:
    """Takes an image away, once nothing runs on it any more."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        folder.rename(half_made(folder))
        shutil.rmtree(half_made(folder))
    finally:
        os.close(descriptor)
