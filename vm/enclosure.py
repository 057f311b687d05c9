"""An enclosure: namespaces and a cgroup around a command, so that nothing of it outlives the one who started
it.

The kernel kills the first process of the pid namespace when the thread that started it ends, and with it all
others; the mounts go with the last. So an enclosed command belongs to the thread that started it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

SCRIPT = Path(__file__).with_name("enclose.sh")


def enclosed(command: Sequence[str], *, cgroup: Path | None = None, options: Sequence[str] = ()) -> list[str]:
    """The call that runs `command` enclosed; `options` are more namespaces for unshare(1)."""
    guard = ["setpriv", "--pdeathsig", "KILL", str(SCRIPT), str(os.getpid()), str(cgroup or "")]
    return [*guard, *options, *command]
