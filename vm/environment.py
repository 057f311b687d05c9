"""What this machine must have before a real systemd can be booted on it.

A machine that lacks something is our failure, never that of the system under test: EnvironmentUnfit says what
is missing, and the one command that mends it; where no command of this machine can, a sentence says what would.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from vm.installation import GATE

# Program, and the Debian package that carries it.
PROGRAMS = {
    "systemd-nspawn": "systemd-container",
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "setpriv": "util-linux",
    "mount": "mount",
}


class EnvironmentUnfit(Exception):
    """This machine cannot run what was asked for."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}; try: {remedy}")
        self.reason = reason
        self.remedy = remedy

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (self.reason, self.remedy)  # from one process to another


def require_root() -> None:
    """Namespaces, overlayfs and nspawn all want root."""
    if os.geteuid() != 0:
        raise EnvironmentUnfit("booting systemd in a container needs root", f"sudo {GATE}")


def require_program(program: str, package: str) -> None:
    if shutil.which(program) is None:
        raise EnvironmentUnfit(f"{program} is not installed", f"apt-get install {package}")


def require_overlayfs() -> None:
    """Loads the module where the kernel has it as one."""
    if "\toverlay\n" in Path("/proc/filesystems").read_text():
        return
    if shutil.which("modprobe"):
        subprocess.run(["modprobe", "overlay"], stderr=subprocess.DEVNULL, check=False)
    if "\toverlay\n" not in Path("/proc/filesystems").read_text():
        raise EnvironmentUnfit("the kernel has no overlayfs", "modprobe overlay")


def require_namespaces() -> None:
    """Root within a container may lack the capabilities: only trying tells."""
    attempt = [
        "unshare",
        "--mount",
        "--propagation",
        "private",
        "--pid",
        "--ipc",
        "--cgroup",
        "--net",
        "--fork",
    ]
    tried = subprocess.run(
        [*attempt, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, text=True
    )
    if tried.returncode != 0:
        reason = f"namespaces of our own cannot be made ({tried.stderr.strip()})"
        raise EnvironmentUnfit(
            reason, "a container that is started with --privileged, or a machine of your own"
        )


def require_container() -> None:
    """All that vm.container needs. Raises EnvironmentUnfit with the first thing missing."""
    require_root()
    for program, package in PROGRAMS.items():
        require_program(program, package)
    require_overlayfs()
    require_namespaces()


def require_image_builder() -> None:
    """All that vm.image needs to build an image that is not in the cache."""
    require_root()
    require_program("mmdebstrap", "mmdebstrap")
