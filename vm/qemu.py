"""QEMU: which one is installed, whether it will do, and which accelerator really works here.

An accelerator is tried by running a kernel: /dev/kvm may exist where no guest comes up.
"""

from __future__ import annotations

import functools
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from vm.enclosure import enclosed
from vm.environment import EnvironmentUnfit, require_program

PROGRAM = "qemu-system-x86_64"
OLDEST = (7, 0)  # the first whose vhost-user-vsock-pci is known to pass SEQPACKET on
INSTALL = "apt-get install --no-install-recommends qemu-system-x86"
PROBE_S = 20.0

# With no initramfs and no root, a kernel that runs ends by saying so; and QEMU ends where it would reboot.
PROBE_ARGUMENTS = "console=ttyS0 panic=-1 quiet loglevel=4"
CAME_UP = b"Unable to mount root fs"


@dataclass(frozen=True)
class Accelerator:
    name: str  # kvm, tcg
    arguments: tuple[str, ...]
    kernel: tuple[str, ...] = ()  # what the guest's kernel is told


KVM = Accelerator("kvm", ("-accel", "kvm", "-cpu", "host"))
# Without cmpxchg16b: emulated by QEMU 7.2, it makes one guest kernel in three panic at random. And by the HPET: the
# kernel has to measure how fast the TSC runs, and may be wrong several times over where this machine is busy.
TCG = Accelerator("tcg", ("-accel", "tcg", "-cpu", "qemu64,cx16=off"), ("clocksource=hpet",))

# Nothing that was not asked for, no screen, and no word of what the user has configured.
BARE = ("-nodefaults", "-no-user-config", "-display", "none")


@functools.cache
def version() -> str:
    """`7.2.22`. Raises EnvironmentUnfit where QEMU is missing or too old."""
    require_program(PROGRAM, "--no-install-recommends qemu-system-x86")
    asked = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"version (\d+)\.(\d+)(?:\.(\d+))?", asked.stdout)
    if asked.returncode != 0 or found is None:
        words = (asked.stderr or asked.stdout).strip()
        raise EnvironmentUnfit(f"{PROGRAM} does not say its version: {words}", INSTALL)
    if (int(found[1]), int(found[2])) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise EnvironmentUnfit(f"QEMU {found[1]}.{found[2]} is too old: {oldest} is needed", INSTALL)
    return ".".join(part for part in found.groups() if part)


@functools.cache
def accelerator(kernel: Path) -> Accelerator:
    """KVM where it runs this kernel, else TCG."""
    return KVM if Path("/dev/kvm").exists() and runs(KVM, kernel) else TCG


def runs(candidate: Accelerator, kernel: Path) -> bool:
    """Whether a guest kernel comes up to where it looks for its root."""
    call = [PROGRAM, *BARE, *candidate.arguments, "-machine", "q35", "-m", "256", "-no-reboot"]
    call += ["-kernel", str(kernel), "-append", PROBE_ARGUMENTS, "-serial", "stdio"]
    try:
        tried = subprocess.run(
            enclosed(call), stdin=subprocess.DEVNULL, capture_output=True, timeout=PROBE_S, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return CAME_UP in tried.stdout
