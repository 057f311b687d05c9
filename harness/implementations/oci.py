"""The adapter of OCI runtimes that speak to $NOTIFY_SOCKET: crun and runc. usage: oci.py RUNTIME [OPTION...]

A bundle is written for each run: namespaces of its own, no cgroup and no terminal.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from proxying import serve, version_of

NAMESPACES = ("pid", "ipc", "uts", "mount", "network")


def config(request: dict) -> dict:
    return {
        "ociVersion": "1.0.2",
        "process": {
            "terminal": False,
            "user": {"uid": 0, "gid": 0},
            "args": request["command"],
            "env": ["PATH=/usr/bin"],
            "cwd": "/",
        },
        "root": {"path": request["root"], "readonly": False},
        "hostname": "payload",
        "mounts": [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["mode=755"]},
            {"destination": "/run", "type": "tmpfs", "source": "tmpfs", "options": ["mode=755"]},
        ],
        "linux": {"namespaces": [{"type": each} for each in NAMESPACES]},
    }


def main() -> None:
    runtime, *options = sys.argv[1:]

    def call(request: dict) -> tuple[Sequence[str], dict[str, str]]:
        bundle = tempfile.mkdtemp(dir="/run")
        Path(bundle, "config.json").write_text(json.dumps(config(request)))
        return [runtime, *options, "run", "--bundle", bundle, Path(bundle).name], {}

    serve(runtime, version_of(runtime, "--version"), call)


if __name__ == "__main__":
    main()
