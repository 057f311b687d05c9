"""The store of images: folders in the cache, each made once, by one process at a time, and whole or not at all."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
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
        _remove(half_made(folder))
        yield


def half_made(folder: Path) -> Path:
    return folder.parent / f".{folder.name}.building"


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def discard(folder: Path) -> None:
    """Takes an image away, once nothing runs on it any more."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        folder.rename(half_made(folder))
        shutil.rmtree(half_made(folder))
        for file in folder.parent.glob(f"{folder.name}.*"):  # what was made from it
            file.unlink()
    finally:
        os.close(descriptor)


def derived(folder: Path, name: str, make: Callable[[Path], None]) -> Path:
    """A file that is made from an image, once, and kept beside it. Of a root that is not in the cache the key is
    its path and the time of its last change."""
    if folder.parent == cache():
        stem = folder.name
    else:
        stem = hashlib.sha256(f"{folder} {folder.stat().st_mtime_ns}".encode()).hexdigest()[:16]
    target = cache() / f"{stem}.{name}"
    with locked(target):
        if not target.exists():
            unfinished = half_made(target)
            make(unfinished)
            unfinished.rename(target)
    return target
