"""A session: one booted system manager, and all that a scenario may do with it and see of it.

What is done is written into the trace before it is done. Nothing here judges: a message that does not come
ends the session, and the trace says so.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
from pathlib import Path

from harness.recorder import Recorder
from harness.transaction import Transaction
from vm.container import Container
from vm.deadline import Deadline
from vm.probes import SHUTDOWN_DUMP
from vm.snapshot import ACTIVE_UNITS, TARGETS, Snapshot

SHUTDOWNS = ("halt", "poweroff", "reboot", "kexec", "exit", "soft-reboot")


class NotPlayed(Exception):
    """The scenario could not be played to its end: a command in the system failed."""


class Session:
    def __init__(
        self, container: Container, recorder: Recorder, deadline: Deadline, systemd: int, share: Path
    ) -> None:
        self.container = container
        self.recorder = recorder
        self.deadline = deadline
        self.systemd = systemd  # major version
        self.share = share
        self.transactions: list[Transaction] = []
        self.snapshots: list[Snapshot] = []
        self.facts: dict[str, object] = {}

    # Waiting.

    def message(self, name: str, value: str | None = None, *, after: int = 0) -> int:
        """Waits for a message; says the position behind it."""
        return self.recorder.wait_for(name, value, self.deadline, after=after, until=self.container.exited)

    def observed(self, subject: str, value: str | None = None, *, after: int = 0) -> int:
        """Waits for what a probe tells."""
        return self.recorder.wait_observation(
            subject, value, self.deadline, after=after, until=self.container.exited
        )

    def here(self) -> int:
        """From now on: for `after`."""
        return self.recorder.position

    def ready(self) -> None:
        """Waits for READY=1, and asks the booted system what it is."""
        self.message("READY", "1")
        self.recorder.phase("ready")
        self.introduce()

    def introduce(self) -> None:
        """Asks the system for its name, its id and its units."""
        self.facts["manager_pid"] = self.container.leader
        asked = self.run("sh", "-c", "uname -n; cat /etc/machine-id; systemctl show-environment").splitlines()
        self.facts["hostname"], self.facts["machine_id"] = asked[0], asked[1]
        self.recorder.observe("manager-environment", " ".join(line.partition("=")[0] for line in asked[2:]))
        self.snapshots.append(Snapshot(self.run("systemctl", "show", *ACTIVE_UNITS)))
        self.look()

    def look(self) -> None:
        """Takes a snapshot of all targets: a manager remembers only when each was last entered and left."""
        self.snapshots.append(Snapshot(self.run("systemctl", "show", *TARGETS)))

    def gone(self) -> None:
        """Waits until the container has ended, and keeps its exit status."""
        status = self.container.wait(self.deadline)
        self.recorder.phase("gone")
        self.recorder.observe("exit-status", str(status))
        self.take_shutdown_dump()

    def take_shutdown_dump(self) -> None:
        """The targets as the last probe saw them, if it came to that."""
        with contextlib.suppress(FileNotFoundError):
            dump = self.share / SHUTDOWN_DUMP
            self.snapshots.append(Snapshot(dump.read_text()))
            dump.unlink()

    # Doing.

    def run(self, *command: str) -> str:
        """Runs it in the system, and wants it to succeed."""
        done = self.container.run(command, self.deadline)
        if done.returncode != 0:
            words = done.stderr.strip() or done.stdout.strip()
            raise NotPlayed(f"`{' '.join(command)}` ended with {done.returncode}: {words}")
        return done.stdout

    def try_run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs it in the system, however it ends."""
        return self.container.run(command, self.deadline)

    def ask(self, verb: str, argument: str | None = None, *, call: list[str] | None = None) -> None:
        """Asks the manager with systemctl, and waits until it has answered."""
        begins = verb in (*SHUTDOWNS, "isolate", "start")
        at_usec = self.recorder.action(verb, argument)
        if begins:
            self.begin(at_usec, verb if argument is None else f"{verb} {argument}")
        if verb in SHUTDOWNS:
            self.recorder.phase("shutting-down")
        command = call or ["systemctl", verb, *([] if argument is None else [argument])]
        # On the way down systemctl itself may be killed before it has its answer.
        (self.try_run if verb in SHUTDOWNS else self.run)(*command)

    def signal(self, name: str, *, begins: bool = False, ends: bool = False) -> None:
        """Sends a signal to the manager. `begins`: it starts jobs; `ends`: it ends the manager."""
        at_usec = self.recorder.action("signal", name)
        if begins or ends:
            self.begin(at_usec, f"signal {name}")
        if ends:
            self.recorder.phase("shutting-down")
        self.container.signal(signal_number(name))

    def begin(self, at_usec: int, cause: str) -> None:
        self.transactions.append(Transaction(at_usec, cause))


def signal_number(name: str) -> int:
    """Of SIGTERM, SIGRTMIN+3 and the like."""
    base, _, offset = name.partition("+")
    return signal.Signals[base].value + int(offset or 0)
