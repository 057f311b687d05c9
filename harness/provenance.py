"""What a figure hangs on beside the code: the revision of the sources, and the processor."""

from __future__ import annotations

import platform
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
UNKNOWN = "unknown"


def said(*call: str) -> str:
    """The first line of what a program says, which need not be there."""
    try:
        done = subprocess.run(call, capture_output=True, text=True, cwd=ROOT, check=False)
    except FileNotFoundError:
        return UNKNOWN
    return done.stdout.strip().split("\n")[0] or UNKNOWN


def revision() -> str:
    return said("git", "describe", "--always", "--dirty")


def cpu() -> str:
    rows = (line.partition(":") for line in Path("/proc/cpuinfo").read_text().splitlines())
    return next((value.strip() for key, _, value in rows if key.strip() == "model name"), platform.machine())


def max_dgram_qlen() -> str:
    """Of this network namespace: how many datagrams may wait."""
    return Path("/proc/sys/net/unix/max_dgram_qlen").read_text().strip()
