"""A vector as a unit of systemd: a service that plays it, with the settings that the vector asks for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness.vectors.manager import TARGET, Manager
from harness.vectors.vector import Vector
from vm.plant import Plant, unit
from vm.probes import SHARE, identity

PLAYER = "/etc/notifyspec/notifyspec"
RESULTS = "results"  # a FIFO in the shared folder: the harness wakes as a line comes
TURN = "turn"  # beside it: by its lock they speak one after the other
FOLDER = "/etc/notifyspec/vectors"
MOURNER = "/etc/notifyspec/mourner"

# Runs only once the main process has ended, which no manager brings about: it ignores what would.
MOURNER_TEXT = f"""#!/bin/sh
echo "{{\\"vector\\": \\"$1\\", \\"died\\": \\"$SERVICE_RESULT $EXIT_CODE $EXIT_STATUS\\"}}" > {SHARE}/{RESULTS}
"""

# Nothing else is started, but a bus to ask about texts that systemctl does not print.
TARGET_TEXT = """[Unit]
Description=Services that play vectors
DefaultDependencies=no
Wants=dbus.socket {services}
"""

# It stays whatever the manager sends it, so that nothing but the datagrams moves the manager.
SERVICE = """[Unit]
Description={id}
DefaultDependencies=no
[Service]
Type={type}
NotifyAccess={notify_access}
FileDescriptorStoreMax={fd_store_max}
WatchdogSec={watchdog_usec}us
TimeoutStartSec=infinity
TimeoutStopSec=infinity
Restart=no
ExecStart={player} play --vector {folder}/{id}.json --result {share}/{results} --to unix:{socket} \\
  --turn {share}/{turn} --stranger-cgroup {cgroup} --reload "{systemctl} reload --no-block {name}"
ExecStopPost={mourner} {id}
"""


def name_of(number: int) -> str:
    return f"notifyspec-vector-{number}.service"


def plants(vectors: Sequence[Vector], player: Path, manager: Manager) -> list[Plant]:
    """All that is laid over an image so that this manager plays them as it boots."""
    names = [name_of(number) for number in range(len(vectors))]
    out = [
        *identity("notifyspec-vectors"),
        Plant(PLAYER, player.read_bytes(), 0o755),
        Plant(MOURNER, MOURNER_TEXT.encode(), 0o755),
        *manager.plants,
        *unit(TARGET, TARGET_TEXT.format(services=" ".join(names)), manager.folder),
    ]
    for name, vector in zip(names, vectors, strict=True):
        text = SERVICE.format(
            name=name,
            id=vector.id,
            player=PLAYER,
            folder=FOLDER,
            share=SHARE,
            results=RESULTS,
            turn=TURN,
            mourner=MOURNER,
            socket=manager.socket,
            cgroup=manager.cgroup,
            systemctl=manager.systemctl,
            **vector.service,
        )
        out += [
            *unit(name, text, manager.folder),
            Plant(f"{FOLDER}/{vector.id}.json", vector.path.read_bytes()),
        ]
    return out
