"""A container: a real systemd that systemd-nspawn boots from an image, in an enclosure of its own.

`with Container(...) as container` starts it and returns at once: what the manager says is for the recorder to
hear. On every way out the container is killed; the claim then waits for the last of it. It must be left by
the thread that entered it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vm.claim import Claim
from vm.console import tail
from vm.deadline import Deadline, DeadlinePassed
from vm.enclosure import enclosed
from vm.environment import EnvironmentUnfit
from vm.image import Image
from vm.leader import Led, Leader
from vm.plant import Plant, lay
from vm.probes import SHARE

FURNISH = Path(__file__).with_name("furnish.sh")
PLAIN = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "TERM": "dumb",
    "LANG": "C.UTF-8",
}
COMMAND = {**PLAIN, "SYSTEMD_COLORS": "0", "SYSTEMD_PAGER": ""}  # of what the harness runs in the system
HOSTNAME = "notifyspec-container"
MACHINE_ID = "6e6f74696679737065632d636f6e7461"


@dataclass(frozen=True)
class Setup:
    """How one boot differs from the plainest."""

    plants: Sequence[Plant] = ()
    arguments: Sequence[str] = ()  # of the init program, as on a kernel's command line
    environment: Mapping[str, str] = field(default_factory=dict)  # of the init program
    nspawn_environment: Mapping[str, str] = field(default_factory=dict)
    hostname: str = HOSTNAME
    machine_id: str = MACHINE_ID


class Container(Led):
    def __init__(self, claim: Claim, image: Image, console: Path, setup: Setup) -> None:
        self._claim = claim
        self._image = image
        self._console = console
        self._setup = setup
        self._leader: Leader | None = None

    def __enter__(self) -> Container:
        lay(self._setup.plants, self._claim.plant)
        furnish = [str(FURNISH), str(self._claim.folder), str(self._image.root), *self._nspawn()]
        command = enclosed(furnish, cgroup=self._claim.cgroup, options=["--cgroup"])
        with open(self._console, "wb") as console:
            # Nothing is ever written to its standard input: that it ends tells the enclosure of our death. A
            # session of its own keeps Ctrl-C for us.
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=console,
                stderr=console,
                cwd="/",
                env={**PLAIN, **self._setup.nspawn_environment},
                start_new_session=True,
            )
        self.exited = os.pidfd_open(self._process.pid)
        return self

    def _nspawn(self) -> list[str]:
        call = [
            "systemd-nspawn",
            "--quiet",
            "--directory=/run/notifyspec/root",
            "--register=no",
            "--keep-unit",
        ]
        call += [
            "--private-network",
            "--link-journal=no",
            "--resolv-conf=off",
            "--timezone=off",
            "--console=pipe",
        ]
        call += [f"--machine={self._setup.hostname}", f"--uuid={self._setup.machine_id}"]
        # Anywhere else it would be unmounted early at shutdown, and the last messages lost.
        call += [f"--bind=/run/notifyspec/share:{SHARE}"]
        call += [f"--setenv={name}={value}" for name, value in self._setup.environment.items()]
        return [*call, "--boot", *self._setup.arguments]

    @property
    def leader(self) -> Leader:
        """The container's first process. Raises NoLeader before it has said anything."""
        if self._leader is None:
            self._leader = Leader(self._claim.cgroup, 1)
        return self._leader

    def entering(
        self, command: Sequence[str], environment: Mapping[str, str] = {}, uid: int | None = None
    ) -> list[str]:
        """The call that runs `command` in the container, with an environment that holds no notify socket."""
        call = ["setpriv", "--pdeathsig", "KILL", "nsenter", "--target", str(self.leader.pid)]
        call += ["--mount", "--uts", "--ipc", "--net", "--pid", "--root", "--wd"]
        if uid is not None:
            call += [f"--setuid={uid}", f"--setgid={uid}"]
        variables = {**COMMAND, **environment}
        return [
            *call,
            "--",
            "/usr/bin/env",
            "-i",
            *(f"{name}={value}" for name, value in variables.items()),
            *command,
        ]

    def run(
        self,
        command: Sequence[str],
        deadline: Deadline,
        environment: Mapping[str, str] = {},
        uid: int | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Runs it in the container and waits for its end. Its exit status is for the caller to judge."""
        try:
            done = subprocess.run(
                self.entering(command, environment, uid),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=deadline.remaining(),
                start_new_session=True,
            )
        except subprocess.TimeoutExpired as late:
            raise DeadlinePassed(f"{' '.join(command)} did not end") from late
        # Not in text mode: that would make newlines of carriage returns, which values may hold.
        words = (stream.decode("utf-8", "replace") for stream in (done.stdout, done.stderr))
        return subprocess.CompletedProcess(done.args, done.returncode, *words)

    def wait(self, deadline: Deadline) -> int:
        """Waits for the container's end; says nspawn's exit status."""
        deadline.wait(self.exited)
        return self._process.wait()

    def require_started(self) -> None:
        """Raises EnvironmentUnfit where nspawn gave up before it ran the first process: that is no word of systemd's.

        It makes this cgroup for the container last of all.
        """
        if self._process.poll() is None or (self._claim.cgroup / "payload").is_dir():
            return
        reason = f"systemd-nspawn could not start the container:\n{tail(self._console)}"
        by_hand = f"systemd-nspawn --register=no --directory={self._image.root} --ephemeral --boot"
        raise EnvironmentUnfit(reason, by_hand)

    def __exit__(self, *_: object) -> None:
        # The death of unshare(1) is that of the pid namespace's first process, and with it of all others.
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None
        self._process.stdin.close()
        os.close(self.exited)
        if self._leader is not None:
            self._leader.close()
