"""A session: one manager under test, and all that a scenario may do with it and see of it.

What is done is written into the trace before it is done. Nothing here judges: a message that does not come
ends the session, and the trace says so.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
from pathlib import Path

from harness.recorder import START, Event, Place, Recorder, trusted_fields
from harness.transaction import Transaction
from vm.container import Container
from vm.deadline import Deadline
from vm.machine import Machine
from vm.probes import SHUTDOWN_DUMP, WHOLE
from vm.snapshot import ACTIVE_UNITS, TARGETS, Snapshot
from vm.user_manager import UserManager

Manager = Container | UserManager | Machine

SHUTDOWNS = ("halt", "poweroff", "reboot", "kexec", "exit", "soft-reboot")


class NotPlayed(Exception):
    """The scenario could not be played to its end: a command in the system failed."""


class Session:
    def __init__(
        self,
        manager: Manager,
        recorder: Recorder,
        deadline: Deadline,
        systemd: int,
        share: Path,
    ) -> None:
        self.manager = manager
        self.recorder = recorder
        self.deadline = deadline
        self.systemd = systemd  # major version
        self.share = share
        self.systemctl = ["systemctl", "--user" if isinstance(manager, UserManager) else "--system"]
        self.transactions: list[Transaction] = []
        self.facts: dict[str, object] = {}

    # Waiting.

    def message(self, name: str, value: str | None = None, *, after: Place = START) -> Place:
        """Waits for a message; says the place behind it."""
        return self.recorder.wait_for(name, value, self.deadline, after=after, until=self.manager.exited)

    def message_sent(self, name: str, value: str, *, after: Place = START) -> tuple[Place, int]:
        """As message(); says also when it was sent, which is before we woke for it. CLOCK_MONOTONIC."""
        sent: list[float] = []

        def wanted(event: Event) -> bool:
            if [name, value] not in [field[:2] for field in trusted_fields(event)]:
                return False
            sent.append(event["t"])
            return True

        place = self.recorder.wait(wanted, self.deadline, after=after, until=self.manager.exited)
        return place, self.recorder.t0_usec + round(sent[-1] * 1e6)

    def observed(self, subject: str, value: str | None = None, *, after: Place = START) -> Place:
        """Waits for what a probe tells."""
        return self.recorder.wait_observation(
            subject, value, self.deadline, after=after, until=self.manager.exited
        )

    def here(self) -> Place:
        """From now on: for `after`."""
        return self.recorder.here()

    def ready(self, *, after: Place = START) -> None:
        """Waits for READY=1, and asks the booted system what it is."""
        self.message("READY", "1", after=after)
        self.recorder.phase("ready")
        self.introduce()

    def comes_up(self) -> None:
        """Waits until the system is up, by its own word, where no message tells; and asks it what it is."""
        self.observed("agent", "listening")
        self.try_run(*self.systemctl, "is-system-running", "--wait")
        self.introduce()
        default = self.run(*self.systemctl, "get-default").strip()
        if self.property("ActiveState", default) == "active":
            self.recorder.observe("booted", default)

    def restarted(self) -> None:
        """Waits until the machine begins anew."""
        self.manager.await_reset(self.deadline)
        started_usec = self.recorder.phase("started")
        self.take_shutdown_dump()
        self.manager.forget_clock()
        self.begin(started_usec, "boot")

    def introduce(self) -> None:
        """Asks the system for its name, its id and its units."""
        self._name_manager()
        asked = self.run(
            "sh", "-c", f"uname -n; cat /etc/machine-id; {' '.join(self.systemctl)} show-environment"
        )
        hostname, machine_id, *variables = asked.splitlines()
        self.facts |= {"hostname": hostname, "machine_id": machine_id}
        environment = dict(line.partition("=")[::2] for line in variables)
        self.recorder.observe("manager-environment", environment.get("NOTIFY_SOCKET", ""))
        self.look()

    def look(self) -> None:
        """Takes snapshots of the units: a manager remembers only when each was last entered and left."""
        for which in (ACTIVE_UNITS, TARGETS):
            self.transactions[-1].snapshots.append(self._snapshot(self.run(*self.systemctl, "show", *which)))
        self.look_for_finish()

    def _snapshot(self, shown: str) -> Snapshot:
        return Snapshot(shown, self.manager.clock_offset_usec(self.deadline))

    def _name_manager(self) -> None:
        """As messages name it; over AF_VSOCK they name no process."""
        if (pid := self.manager.pid) is not None:
            self.facts["manager_pid"] = pid

    def look_for_finish(self) -> None:
        """When the last job of the boot was done: what comes later is not of the boot."""
        boot = next(each for each in reversed(self.transactions) if each.cause == "boot")
        if boot.finished_usec is not None:
            return
        stamped = int(self.property("FinishTimestampMonotonic") or 0)
        finished_usec = stamped and stamped + self.manager.clock_offset_usec(self.deadline)
        if finished_usec >= boot.asked_usec:  # else not finished yet, or of the life before a soft reboot
            boot.finished_usec = finished_usec

    def property(self, name: str, unit: str | None = None) -> str:
        """Of the manager itself, or of a unit."""
        return self.run(
            *self.systemctl, "show", "--value", f"--property={name}", *([unit] if unit else [])
        ).strip()

    def settle(self) -> None:
        """Waits until no stop job is left, by asking for the same once more: that joins the job, and
        waits."""
        while True:
            jobs = [
                line.split() for line in self.run(*self.systemctl, "list-jobs", "--no-legend").splitlines()
            ]
            stopping = [job[1] for job in jobs if len(job) == 4 and job[2] == "stop"]
            if not stopping:
                return
            self.run(*self.systemctl, "stop", *stopping)

    def reloaded(self, after: Place) -> None:
        """Waits until the manager has said that it reloads, and then that it is ready again."""
        self.message("READY", "1", after=self.message("RELOADING", "1", after=after))

    def gone(self) -> None:
        """Waits until the manager has ended, and keeps its exit status."""
        status = self.manager.wait(self.deadline)
        self.recorder.phase("gone")
        self.recorder.observe("exit-status", str(status))
        self.take_shutdown_dump()

    def take_shutdown_dump(self) -> None:
        """The targets as the last probe saw them, if it came to that."""
        with contextlib.suppress(FileNotFoundError):
            dump = self.share / SHUTDOWN_DUMP
            shown = dump.read_text()
            dump.unlink()
            ending = self.transactions[-1]
            ending.snapshots.append(self._snapshot(shown))
            # One that was cut short says nothing of what is not in it.
            if WHOLE in shown and not isinstance(self.manager, UserManager):
                ending.dump = ending.snapshots[-1]

    # Doing.

    def run(self, *command: str) -> str:
        """Runs it in the system, and wants it to succeed."""
        done = self.try_run(*command)
        if done.returncode != 0:
            words = done.stderr.strip() or done.stdout.strip()
            raise NotPlayed(f"`{' '.join(command)}` ended with {done.returncode}: {words}")
        return done.stdout

    def try_run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs it in the system, however it ends."""
        return self.manager.run(command, self.deadline)

    def ask(self, verb: str, argument: str | None = None, *, option: str | None = None) -> None:
        """Asks the manager with systemctl, and waits until it has answered."""
        at_usec = self.recorder.action(verb, argument)
        if verb in (*SHUTDOWNS, "isolate", "start"):
            self.begin(at_usec, verb if argument is None else f"{verb} {argument}")
        command = [*self.systemctl, verb, *([word] if (word := option or argument) else [])]
        if verb not in SHUTDOWNS:
            self.run(*command)
            return
        self.recorder.phase("shutting-down")
        # On the way down systemctl itself may be killed before it has its answer.
        self.try_run(*command)

    def signal(self, name: str, *, begins: bool = False, ends: bool = False) -> None:
        """Sends a signal to the manager. `begins`: it starts jobs; `ends`: it ends the manager."""
        self._name_manager()
        at_usec = self.recorder.action("signal", name)
        if begins or ends:
            self.begin(at_usec, f"signal {name}")
        if ends:
            self.recorder.phase("shutting-down")
        self.manager.signal(signal_number(name), self.deadline)

    def effect(self, signal_name: str, seen: str) -> None:
        """What the system itself shows of a signal's effect."""
        self.recorder.observe("signal-effect", f"{signal_name} {seen}")

    def press_power_button(self) -> None:
        at_usec = self.recorder.action("power-button")
        self.begin(at_usec, "power-button")
        self.recorder.phase("shutting-down")
        self.manager.press_power_button(self.deadline)

    def begin(self, at_usec: int, cause: str) -> None:
        self.transactions.append(Transaction(at_usec, cause))


def signal_number(name: str) -> int:
    """Of SIGTERM, SIGRTMIN+3 and the like."""
    base, _, offset = name.partition("+")
    return signal.Signals[base].value + int(offset or 0)
