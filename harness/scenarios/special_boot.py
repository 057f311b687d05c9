"""Boots that are not the plain one."""

from __future__ import annotations

from collections.abc import Callable

from harness.scenario import Scenario, scenario
from harness.session import Session
from vm.container import Setup
from vm.plant import Plant, drop_in, unit
from vm.probes import MARK

# Both would run a shell on a console that nobody sits at, and go on to the default target when it ends.
QUIET = """[Service]
ExecStart=
ExecStart=-sleep infinity
StandardInput=null
"""
QUIET_SHELLS: tuple[Plant, ...] = (drop_in("rescue.service", QUIET), drop_in("emergency.service", QUIET))

RELEASE = "/run/notifyspec-release"
HELD = f"""[Unit]
Description=Holds the default transaction open until it is released
[Service]
Type=oneshot
TimeoutStartSec=infinity
ExecStart=mkfifo {RELEASE}
ExecStart={MARK} held notifyspec-held.service
ExecStart=/bin/sh -c 'read released < {RELEASE}'
"""
HOLD = Setup(plants=unit("notifyspec-held.service", HELD, wanted_by="multi-user.target"))


@scenario(
    "rescue",
    "Boots into rescue mode, then halts.",
    setup=Setup(plants=QUIET_SHELLS, arguments=["systemd.unit=rescue.target"]),
)
def rescue(session: Session) -> None:
    session.ready()
    session.ask("halt")
    session.gone()


@scenario(
    "emergency",
    "Boots into emergency mode, then halts.",
    setup=Setup(plants=QUIET_SHELLS, arguments=["systemd.unit=emergency.target"]),
)
def emergency(session: Session) -> None:
    session.ready()
    session.ask("halt")
    session.gone()


def hold(session: Session, meanwhile: Callable[[], None] = lambda: None) -> None:
    session.recorder.action("hold", "notifyspec-held.service")
    session.observed("held")
    # Each answer shows that the manager had time to send READY=1, were it of a mind to.
    session.look()
    for _ in range(3):
        session.try_run("systemctl", "is-system-running")
    meanwhile()
    session.recorder.action("release", "notifyspec-held.service")
    session.run("sh", "-c", f"echo released > {RELEASE}")
    session.ready()


@scenario(
    "hold-ready",
    "Holds a oneshot of the default transaction open, asks the manager this and that, and lets it go.",
    setup=HOLD,
)
def hold_ready(session: Session) -> None:
    hold(session)


@scenario(
    "refused",
    "Boots a systemd that needs cgroup2 with the legacy hierarchy alone.",
    since=258,
    setup=Setup(nspawn_environment={"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "0"}),
)
def refused(session: Session) -> None:
    session.recorder.observe("refused", "legacy cgroup hierarchy")
    session.gone()


SCENARIOS: tuple[Scenario, ...] = (rescue, emergency, hold_ready, refused)
