"""A layer: the commands of a package that an image does not hold, in the version that goes with its systemd.

It is fetched once, from where the image has its packages, and kept beside the images. Its commands run here, on the
libraries of the image: `commands()` makes a folder for $PATH.
"""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

from vm.environment import EnvironmentUnfit, require_root
from vm.image import Image
from vm.store import cache, half_made, locked

SCRIPT = Path(__file__).with_name("layer.sh")
LOADER = "lib64/ld-linux-x86-64.so.2"
LIBRARIES = (
    "usr/lib/x86_64-linux-gnu/systemd",
    "usr/lib/x86_64-linux-gnu",
    "lib/x86_64-linux-gnu",
    "usr/lib/systemd",
)


def find(image: Image, package: str) -> Path:
    """Raises EnvironmentUnfit where it cannot be had."""
    require_root()
    folder = cache() / f"layer-{package}-{image.root.name}"
    with locked(folder):
        if not folder.exists():
            _fetch(image, package, folder)
    return folder


def _fetch(image: Image, package: str, folder: Path) -> None:
    unfinished = half_made(folder)
    unfinished.mkdir()
    call = [
        "unshare",
        "--mount",
        "--propagation",
        "private",
        str(SCRIPT),
        str(image.root),
        package,
        str(unfinished),
    ]
    done = subprocess.run(
        call, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace"
    )
    if done.returncode != 0:
        words = (done.stderr.strip() or done.stdout.strip()).rpartition("\n")[2]
        reason = f"{package} {image.systemd} for image {image.name} cannot be fetched: {words}"
        raise EnvironmentUnfit(reason, "a network, or the same without /IMAGE")
    unfinished.rename(folder)


def commands(image: Image, layer: Path, into: Path) -> Path:
    """A folder with a script for each command of the layer."""
    into.mkdir()
    path = ":".join(str(image.root / each) for each in LIBRARIES)
    for program in sorted((layer / "usr/bin").iterdir()):
        words = [str(image.root / LOADER), "--library-path", path, "--argv0", program.name, str(program)]
        script = into / program.name
        script.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
        script.chmod(0o755)
    return into
