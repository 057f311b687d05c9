"""The signals of systemd(1) for a system manager, from version 256 on: since then a message says that they
work.

What systemd(1) says that a signal does is looked for in the system itself, and written down as an
observation. Which effect a signal must have is the judge's table (`notifyspec list signals`). SIGRTMIN+6 and
+16 want a loaded kernel to execute: they are left to the virtual machine.
"""

from __future__ import annotations

from harness.scenario import Play, Scenario, scenario
from harness.scenarios.running import new_life
from harness.scenarios.special_boot import QUIET_SHELLS
from harness.session import Session
from vm.container import Setup
from vm.plant import unit

SINCE = 256

# Debian ships none; the manager wants one to start.
KEYBOARD = unit("kbrequest.target", "[Unit]\nDescription=Keyboard request\n")


def target_starts(session: Session, name: str, target: str) -> None:
    here = session.here()
    session.signal(name, begins=True)
    session.message("X_SYSTEMD_UNIT_ACTIVE", target, after=here)
    session.effect(name, f"{target}={session.property('ActiveState', target)}")


def property_changes(session: Session, name: str, word: str, property_name: str) -> None:
    """Signals wait in front of all else that the manager has to do: the answer is younger than the effect."""
    session.signal(name)
    session.effect(name, f"{word}={session.property(property_name)}")


def property_returns(session: Session, name: str, word: str, property_name: str, configured: str) -> None:
    session.signal(name)
    now = session.property(property_name)
    session.effect(name, f"{word}={'configured' if now == configured else now}")


def reloads(session: Session, name: str) -> None:
    here = session.here()
    session.signal(name)
    session.reloaded(here)


def dump_is_logged(session: Session, name: str) -> None:
    """Follows the journal from before the signal on until a unit's state shows up in it."""
    shown = session.try_run("journalctl", "--lines=1", "--show-cursor", "--output=cat")
    if shown.returncode != 0:
        session.recorder.action("left-out", f"{name}: no journal")
        return
    cursor = shown.stdout.rpartition("-- cursor: ")[2].strip()
    follow = f"journalctl --follow --after-cursor='{cursor}' --output=cat"
    session.signal(name)
    session.run("sh", "-c", f"{follow} | grep --max-count=1 --quiet 'Unit Load State: '")
    session.effect(name, "dump=logged")


def log_settings(session: Session, level: str, target: str) -> None:
    property_changes(session, "SIGRTMIN+22", "log-level", "LogLevel")
    property_returns(session, "SIGRTMIN+23", "log-level", "LogLevel", level)
    property_changes(session, "SIGRTMIN+27", "log-target", "LogTarget")
    property_changes(session, "SIGRTMIN+28", "log-target", "LogTarget")
    property_returns(session, "SIGRTMIN+26", "log-target", "LogTarget", target)


@scenario(
    "signals-gentle",
    "Sends one after the other every signal that neither ends the system nor moves it to another target.",
    since=SINCE,
    setup=Setup(plants=KEYBOARD),
)
def gentle(session: Session) -> None:
    session.ready()
    log_settings(session, session.property("LogLevel"), session.property("LogTarget"))
    property_changes(session, "SIGRTMIN+20", "show-status", "ShowStatus")
    property_changes(session, "SIGRTMIN+21", "show-status", "ShowStatus")
    target_starts(session, "SIGWINCH", "kbrequest.target")
    target_starts(session, "SIGPWR", "sigpwr.target")
    session.look()
    dump_is_logged(session, "SIGUSR2")
    for name in ("SIGHUP", "SIGTERM", "SIGRTMIN+25"):
        reloads(session, name)


@scenario(
    "signal-rescue",
    "Goes into rescue mode by SIGRTMIN+1, and back to the default target by SIGRTMIN+0.",
    since=SINCE,
    setup=Setup(plants=QUIET_SHELLS),
)
def rescue(session: Session) -> None:
    session.ready()
    default = session.run("systemctl", "get-default").strip()
    target_starts(session, "SIGRTMIN+1", "rescue.target")
    session.settle()
    session.look()
    here = session.here()
    session.signal("SIGRTMIN+0", begins=True)
    session.message("X_SYSTEMD_UNIT_ACTIVE", default, after=here)
    session.effect("SIGRTMIN+0", f"default.target={session.property('ActiveState', 'default.target')}")
    session.look()


@scenario(
    "signal-emergency",
    "Goes into emergency mode by SIGRTMIN+2.",
    since=SINCE,
    setup=Setup(plants=QUIET_SHELLS),
)
def emergency(session: Session) -> None:
    session.ready()
    here = session.here()
    session.signal("SIGRTMIN+2", begins=True)
    session.message("X_SYSTEMD_UNIT_ACTIVE", "emergency.target", after=here)
    session.settle()
    session.effect("SIGRTMIN+2", f"emergency.service={session.property('ActiveState', 'emergency.service')}")
    session.look()


def ended_by(name: str) -> Play:
    """One signal, and then the end of the system."""

    def play(session: Session) -> None:
        session.ready()
        session.signal(name, ends=True)
        session.gone()

    return play


def ending(name: str, text: str) -> Scenario:
    return scenario(f"signal-{name.lower()}", text, since=SINCE)(ended_by(name))


def soft_rebooting(name: str, text: str, *, quiet_bus: bool = False) -> Scenario:
    """One signal, and then another life."""

    def play(session: Session) -> None:
        session.ready()
        if quiet_bus:
            session.run("systemctl", "stop", "dbus.socket", "dbus.service")
        here = session.here()
        session.signal(name, ends=True)
        new_life(session, here)

    return scenario(f"signal-{name.lower()}", text, since=SINCE)(play)


SCENARIOS: tuple[Scenario, ...] = (
    gentle,
    rescue,
    emergency,
    ending("SIGINT", "Asks for a reboot as the console's Ctrl-Alt-Del does."),
    ending("SIGRTMIN+4", "Powers off by signal."),
    ending("SIGRTMIN+5", "Reboots by signal."),
    soft_rebooting("SIGRTMIN+7", "Restarts userspace by signal."),
    ending("SIGRTMIN+13", "Halts by signal at once, without stopping units."),
    ending("SIGRTMIN+14", "Powers off by signal at once, without stopping units."),
    ending("SIGRTMIN+15", "Reboots by signal at once, without stopping units."),
    # With a bus, 257 waits 90 s in its second life for the answer of the bus daemon that it killed in its first.
    soft_rebooting("SIGRTMIN+17", "Restarts userspace by signal at once, without a bus.", quiet_bus=True),
)
