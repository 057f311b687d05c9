"""A clean Debian 12: what mmdebstrap calls minbase, with the package's dependencies fetched but not installed.

So a trial needs no network, and what the package does not ask for is not there.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from vm.enclosure import enclosed
from vm.environment import EnvironmentUnfit, require_image_builder
from vm.progress import Progress
from vm.store import cache, half_made, locked

SCRIPT = Path(__file__).with_name("clean_root.sh")
SUITE = "bookworm"
FETCH = (
    'DEBIAN_FRONTEND=noninteractive chroot "$1" '
    "apt-get install -y --no-install-recommends --download-only {packages}"
)


def arguments(dependencies: Sequence[str]) -> list[str]:
    """The mmdebstrap call, but for the folder. The lists and what was fetched stay."""
    call = ["mmdebstrap", "--mode=root", "--variant=minbase", "--format=directory", "--skip=cleanup/apt"]
    call += ['--aptopt=Acquire::Check-Valid-Until "false"', '--aptopt=APT::Sandbox::User "root"']
    return [*call, f"--customize-hook={FETCH.format(packages=' '.join(dependencies))}", SUITE]


def dependencies(deb: Path) -> list[str]:
    """The names of what it depends on, without versions."""
    call = ["dpkg-deb", "-f", deb, "Depends"]
    text = subprocess.run(call, capture_output=True, text=True, check=True).stdout
    return [re.split(r"[ (|]", each.strip())[0] for each in text.split(",") if each.strip()]


def folder(needed: Sequence[str]) -> Path:
    key = hashlib.sha256("\0".join(arguments(needed)).encode()).hexdigest()[:12]
    return cache() / f"clean-{SUITE}-{key}"


def find(needed: Sequence[str]) -> Path:
    """Built now if it is not in the cache. Raises EnvironmentUnfit."""
    root = folder(needed)
    with locked(root):
        if not root.exists():
            require_image_builder()
            _build(root, needed)
    return root


def _build(root: Path, needed: Sequence[str]) -> None:
    unfinished = half_made(root)
    with Progress(f"clean {SUITE}") as progress:
        progress.stage("mmdebstrap")
        call = enclosed([*arguments(needed), str(unfinished)])
        done = subprocess.run(
            call, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace"
        )
        if done.returncode != 0:
            shutil.rmtree(unfinished, ignore_errors=True)
            last = "\n".join(done.stderr.splitlines()[-5:])
            raise EnvironmentUnfit(f"a clean {SUITE} could not be built: {last}", "the same with a network")
    unfinished.rename(root)


def within(root: Path, share: Path, command: Sequence[str]) -> list[str]:
    """The call that runs `command` there, without any network."""
    return enclosed([str(SCRIPT), str(root), str(share), *command], options=["--net"])
