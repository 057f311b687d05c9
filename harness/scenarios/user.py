"""What a user manager tells: the second vantage."""

from __future__ import annotations

from harness.scenario import Scenario, scenario
from harness.scenarios.running import told
from harness.scenarios.signals import (
    SINCE,
    dump_is_logged,
    log_settings,
    reloads,
)
from harness.session import Session
from vm.probes import SHARE
from vm.user_manager import UserSetup


@scenario("user-boot", "Starts a user manager.", vantage="user")
def boot(session: Session) -> None:
    settled(session)


def settled(session: Session) -> None:
    """A user manager says READY=1 at basic.target already: wait until it has nothing left to do, too."""
    session.ready()
    session.try_run(*session.systemctl, "is-system-running", "--wait")
    session.look()


@scenario("user-exit", "Ends the user manager.", vantage="user")
def leave(session: Session) -> None:
    settled(session)
    session.ask("exit")
    session.gone()


@scenario("user-exit-7", "Ends the user manager with exit status 7.", vantage="user")
def exit_7(session: Session) -> None:
    settled(session)
    session.ask("exit", "7")
    session.gone()


@scenario("user-reload", "Reloads the user manager's configuration.", vantage="user")
def reload(session: Session) -> None:
    settled(session)
    here = session.here()
    session.ask("daemon-reload")
    told(session, here)


@scenario("user-reexec", "Has the user manager execute itself anew.", vantage="user")
def reexec(session: Session) -> None:
    settled(session)
    here = session.here()
    session.ask("daemon-reexec")
    told(session, here)


@scenario(
    "user-refused",
    "Starts a user manager that has no place for its sockets.",
    vantage="user",
    user=UserSetup(environment={"NOTIFY_SOCKET": f"{SHARE}/notify"}),
)
def refused(session: Session) -> None:
    session.recorder.observe("refused", "no XDG_RUNTIME_DIR")
    session.gone()


@scenario(
    "user-signals-gentle",
    "Sends one after the other every signal that does not end a user manager.",
    since=SINCE,
    vantage="user",
)
def gentle(session: Session) -> None:
    settled(session)
    log_settings(session, session.property("LogLevel"), session.property("LogTarget"))
    dump_is_logged(session, "SIGUSR2")
    for name in ("SIGHUP", "SIGRTMIN+25"):
        reloads(session, name)


def ending(name: str) -> Scenario:
    def play(session: Session) -> None:
        settled(session)
        session.signal(name, ends=True)
        session.gone()

    text = f"Ends the user manager by {name}."
    return scenario(f"user-signal-{name.lower()}", text, since=SINCE, vantage="user")(play)


SCENARIOS: tuple[Scenario, ...] = (
    boot,
    leave,
    exit_7,
    reload,
    reexec,
    refused,
    gentle,
    ending("SIGTERM"),
    ending("SIGINT"),
    ending("SIGRTMIN+24"),
)
