"""The adapter of podman. usage: podman.py MODE, that of --sdnotify=."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from proxying import serve, version_of

CALL = (
    "podman --root=/run/podman/root --runroot=/run/podman/run --cgroup-manager=cgroupfs --events-backend=none "
    "--runtime=crun run --rm --interactive --cgroups=disabled --network=none --log-driver=none"
).split()


def main() -> None:
    def call(request: dict) -> tuple[Sequence[str], dict[str, str]]:
        mode = f"--sdnotify={sys.argv[1]}"
        return [*CALL, mode, "--rootfs", request["root"], *request["command"]], {}

    serve("podman", version_of("podman", "--version"), call)


if __name__ == "__main__":
    main()
