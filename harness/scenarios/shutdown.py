"""Boot, and the ways down."""

from __future__ import annotations

from harness.scenario import Scenario, scenario
from harness.session import Session


@scenario(
    "halt", "Boots to the default target, then halts by SIGRTMIN+3, as a container manager would have it."
)
def halt(session: Session) -> None:
    session.ready()
    session.signal("SIGRTMIN+3", ends=True)
    session.gone()


@scenario("poweroff", "Boots to the default target, then powers off.")
def poweroff(session: Session) -> None:
    session.ready()
    session.ask("poweroff")
    session.gone()


@scenario("reboot", "Boots to the default target, then reboots.")
def reboot(session: Session) -> None:
    session.ready()
    session.ask("reboot")
    session.gone()


@scenario("reboot-argument", "Reboots with a parameter for the reboot call.")
def reboot_argument(session: Session) -> None:
    argument = "notifyspec-argument"
    session.ready()
    session.ask("reboot", argument, option=f"--reboot-argument={argument}")
    session.gone()


@scenario("exit-7", "Ends the container with exit status 7.")
def exit_7(session: Session) -> None:
    session.ready()
    session.ask("exit", "7")
    session.gone()


# The message that says that signals work came with version 256.
@scenario("signal-early", "Sends SIGRTMIN+3 the moment the signals level is told.", since=256)
def signal_early(session: Session) -> None:
    session.message("X_SYSTEMD_SIGNALS_LEVEL")
    session.signal("SIGRTMIN+3", ends=True)
    session.gone()


SCENARIOS: tuple[Scenario, ...] = (halt, poweroff, reboot, reboot_argument, exit_7, signal_early)
