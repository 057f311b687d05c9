"""A user manager: the second vantage, `systemd --user` as a service within a booted container.

It is started by systemd-run and belongs to a user that only exists there. Same use as a Container.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vm.container import Container
from vm.deadline import Deadline
from vm.leader import Led, Leader, NoLeader
from vm.probes import SHARE

USER, UID = "notifyspec", 4711
RUNTIME = f"/run/user/{UID}"
UNIT = "notifyspec-user-manager.service"


@dataclass(frozen=True)
class UserSetup:
    """How the manager is started."""

    environment: Mapping[str, str] = field(
        default_factory=lambda: {"NOTIFY_SOCKET": f"{SHARE}/notify", "XDG_RUNTIME_DIR": RUNTIME}
    )


class UserManager(Led):
    def __init__(self, container: Container, group: Path, deadline: Deadline, setup: UserSetup) -> None:
        self._container = container
        self._group = group  # of the container: its processes are looked for there
        self._deadline = deadline
        self._setup = setup
        self._leader: Leader | None = None

    def __enter__(self) -> UserManager:
        line = f'u {USER} {UID} "User manager under test" {RUNTIME} /bin/sh'
        made = self._container.run(["systemd-sysusers", "--inline", line], self._deadline)
        if made.returncode != 0:
            raise NoLeader(f"the user could not be made: {made.stderr.strip()}")
        # It ends with the manager, and with its exit status.
        self._process = subprocess.Popen(
            self._container.entering(self._systemd_run()),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.exited = os.pidfd_open(self._process.pid)
        return self

    def _systemd_run(self) -> list[str]:
        properties = {
            "User": USER,
            "Slice": f"user-{UID}.slice",
            "Delegate": "yes",
            "Type": "exec",
            "KillMode": "mixed",
            "RuntimeDirectory": f"user/{UID}",
            "RuntimeDirectoryMode": "0700",
            "Environment": " ".join(f"{name}={value}" for name, value in self._setup.environment.items()),
        }
        call = ["systemd-run", "--wait", "--quiet", f"--unit={UNIT}"]
        call += [f"--property={name}={value}" for name, value in properties.items()]
        return [*call, "/lib/systemd/systemd", "--user"]

    @property
    def leader(self) -> Leader:
        """The manager itself. Raises NoLeader before it has said anything."""
        if self._leader is None:
            asked = ["systemctl", "show", "--property=MainPID", "--value", UNIT]
            inner = self._container.run(asked, self._deadline).stdout.strip()
            self._leader = Leader(self._group, int(inner))
        return self._leader

    def run(
        self, command: Sequence[str], deadline: Deadline, environment: Mapping[str, str] = {}
    ) -> subprocess.CompletedProcess[str]:
        """Runs it in the container, as that user."""
        return self._container.run(command, deadline, {"XDG_RUNTIME_DIR": RUNTIME, **environment}, UID)

    def wait(self, deadline: Deadline) -> int:
        """Waits for the manager's end; says its exit status."""
        deadline.wait(self.exited)
        return self._process.wait()

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self.exited)
        if self._leader is not None:
            self._leader.close()
