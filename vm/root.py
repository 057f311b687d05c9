"""A root of the user's own in the place of an image: a folder, or a tar of one. People want to test *their* systemd."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

from vm.enclosure import enclosed
from vm.environment import EnvironmentUnfit
from vm.image import Image, cache, describe, half_made, locked
from vm.progress import Progress


def find_root(path: Path) -> Image:
    """Says what is in it. A tar is unpacked once, and found again by its content."""
    path = path.absolute()
    if path.is_dir():
        return describe(path.name or "root", path)
    if not path.is_file():
        raise EnvironmentUnfit(f"{path}: no folder and no tar is there", f"ls -d {path}")
    with open(path, "rb") as archive:
        digest = hashlib.file_digest(archive, "sha256").hexdigest()[:16]
    folder = cache() / f"root-{digest}"
    with locked(folder):
        if not folder.exists():
            _unpack(path, folder)
    return describe(path.name, folder)


def _unpack(archive: Path, folder: Path) -> None:
    unfinished = half_made(folder)
    unfinished.mkdir()
    call = ["tar", "--extract", "--numeric-owner", "--xattrs", "--xattrs-include=*"]
    with Progress(archive.name) as progress:
        progress.stage("unpacking")
        command = enclosed([*call, f"--directory={unfinished}", f"--file={archive}"])
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
        if done.returncode != 0:
            last = done.stderr.strip().rpartition("\n")[2]
            raise EnvironmentUnfit(f"{archive} is no tar of a root: {last}", f"tar --list --file={archive}")
    unfinished.rename(folder)
