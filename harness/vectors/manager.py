"""The managers that vectors are put before: PID 1 of a container, or a user manager that PID 1 starts there.

What differs between them is data: where units lie, where services speak, and how the manager is asked.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from harness.vectors.vector import USER as SUFFIX
from harness.vectors.vector import Vector
from vm.container import Container
from vm.deadline import Deadline
from vm.plant import UNITS, Plant, unit
from vm.probes import USER_UNITS
from vm.user_manager import RUNTIME, UID, USER

TARGET = "notifyspec-vectors.target"
HOST = "notifyspec-host.target"
UNIT = "notifyspec-user-manager.service"
NO_OTHER_UID = "a service of a user manager has no process of another user: nobody there may become one"


@dataclass(frozen=True)
class Manager:
    suffix: str  # behind a version, in names and in what vectors record
    boots: str  # the unit that the container boots
    folder: str  # of its units
    socket: str  # at which it hears its services
    cgroup: str  # of itself, where none of its services is
    systemctl: str
    analyze: str
    busctl: str
    uid: int | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    plants: Sequence[Plant] = ()  # by which PID 1 starts it

    def ask(
        self, container: Container, command: str, *words: str, deadline: Deadline
    ) -> subprocess.CompletedProcess[str]:
        return container.run([*command.split(), *words], deadline, self.environment, self.uid)

    def cannot(self, vector: Vector) -> str | None:
        """Why nobody can put this vector before it, if so."""
        others = [step for step in vector.content["steps"] if step.get("credentials") == "other-uid"]
        return NO_OTHER_UID if others and self.uid is not None else None


SYSTEM = Manager(
    suffix="",
    boots=TARGET,
    folder=UNITS,
    socket="/run/systemd/notify",
    cgroup="/sys/fs/cgroup/init.scope",
    systemctl="systemctl --system",
    analyze="systemd-analyze --system",
    busctl="busctl --system",
)

_HOST_TEXT = f"""[Unit]
Description=A user manager
DefaultDependencies=no
Wants={UNIT}
"""

_USER_TEXT = f"""[Unit]
Description=Makes the user of the user manager
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=systemd-sysusers --inline 'u {USER} {UID} "User manager under test" {RUNTIME} /bin/sh'
"""

# As user@.service has it, but for PAM and for its own supervisor.
_UNIT_TEXT = f"""[Unit]
Description=User manager that has vectors played
DefaultDependencies=no
Requires=notifyspec-user.service
After=notifyspec-user.service
[Service]
Type=exec
User={USER}
Slice=user-{UID}.slice
Delegate=yes
KillMode=mixed
TasksMax=infinity
RuntimeDirectory=user/{UID}
RuntimeDirectoryMode=0700
Environment=XDG_RUNTIME_DIR={RUNTIME}
ExecStart=/lib/systemd/systemd --user --unit={TARGET}
"""

USER_MANAGER = Manager(
    suffix=SUFFIX,
    boots=HOST,
    folder=USER_UNITS,
    socket=f"{RUNTIME}/systemd/notify",
    cgroup=f"/sys/fs/cgroup/user.slice/user-{UID}.slice/{UNIT}/init.scope",
    systemctl="systemctl --user",
    analyze="systemd-analyze --user",
    busctl="busctl --user",
    uid=UID,
    environment={"XDG_RUNTIME_DIR": RUNTIME},
    plants=(
        *unit(HOST, _HOST_TEXT),
        *unit("notifyspec-user.service", _USER_TEXT),
        *unit(UNIT, _UNIT_TEXT),
    ),
)

MANAGERS = (SYSTEM, USER_MANAGER)


def of(name: str) -> tuple[str, Manager]:
    """The image that a name speaks of, and which of its managers: `257`, `257-user`."""
    manager = USER_MANAGER if name.endswith(USER_MANAGER.suffix) else SYSTEM
    return name.removesuffix(manager.suffix), manager
