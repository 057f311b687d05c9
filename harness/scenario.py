"""A scenario: one thing to do with a booted manager, and how the system is set up for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.session import Session
from vm.container import Setup
from vm.machine import MachineSetup
from vm.user_manager import UserSetup

Play = Callable[[Session], None]


@dataclass(frozen=True)
class Scenario:
    name: str
    text: str  # what is done, in one sentence
    play: Play
    since: int  # systemd version that can do it
    vantage: str  # container, user, vm
    setup: Setup  # of the container; what is planted, also of the machine
    user: UserSetup  # of the user manager, where that is the vantage
    machine: MachineSetup  # of the machine, where that is the vantage

    @property
    def transport(self) -> str:
        """As the header of the trace names it."""
        return f"vsock-{self.machine.kind}" if self.vantage == "vm" else "unix-dgram"


def scenario(
    name: str,
    text: str,
    *,
    since: int = 0,
    vantage: str = "container",
    setup: Setup = Setup(),
    user: UserSetup = UserSetup(),
    machine: MachineSetup = MachineSetup(),
) -> Callable[[Play], Scenario]:
    """Makes a scenario of the function that plays it."""

    def make(play: Play) -> Scenario:
        return Scenario(name, text, play, since, vantage, setup, user, machine)

    return make
