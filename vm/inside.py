"""A program in somebody's root, without booting it: it finds the libraries and commands of that system, and no manager.

The root is never written to. A folder below /tmp is shared, under the same path on both sides. Processes are of our
own pid namespace, so that credentials of what they send mean the same here. The mounts go with the last of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vm.container import PLAIN
from vm.environment import require_program, require_root

SCRIPT = Path(__file__).with_name("inside.sh")
PROGRAMS = {"unshare": "util-linux", "mount": "mount"}


def inside(root: Path, share: Path, command: Sequence[str | Path]) -> list[str]:
    """The call that runs `command`. Raises EnvironmentUnfit where this machine cannot."""
    require_root()
    for program, package in PROGRAMS.items():
        require_program(program, package)
    if share.parts[:2] != ("/", "tmp"):
        raise ValueError(f"{share} is not below /tmp")
    environment = ["env", "-i", *(f"{name}={value}" for name, value in PLAIN.items())]
    call = ["unshare", "--mount", "--propagation", "private", str(SCRIPT), str(root), str(share)]
    return [*call, *environment, *map(str, command)]
