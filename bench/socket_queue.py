"""A queue of AF_UNIX datagrams that is not as long as this machine's, for one command and nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vm.environment import require_program, require_root

QUEUE = Path("/proc/sys/net/unix/max_dgram_qlen")


def with_queue(length: int, command: Sequence[str | Path]) -> list[str]:
    """The call that runs `command` in a network namespace of its own. Raises EnvironmentUnfit where it may not."""
    require_root()
    require_program("unshare", "util-linux")
    script = f'echo {length} > {QUEUE} && exec "$@"'
    return ["unshare", "--net", "sh", "-c", script, "sh", *map(str, command)]
