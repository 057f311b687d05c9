"""What is done to a running system."""

from __future__ import annotations

from harness.recorder import Place
from harness.scenario import Scenario, scenario
from harness.scenarios.special_boot import QUIET_SHELLS
from harness.session import Session
from vm.container import Setup
from vm.plant import drop_in
from vm.probes import SHARE


def told(session: Session, here: Place) -> None:
    """Waits until the manager has told of its reload; older ones do not."""
    if session.systemd >= 254:
        session.reloaded(here)


@scenario("daemon-reload", "Reloads the manager's configuration.")
def daemon_reload(session: Session) -> None:
    session.ready()
    here = session.here()
    session.ask("daemon-reload")
    told(session, here)


@scenario("daemon-reexec", "Has the manager execute itself anew.")
def daemon_reexec(session: Session) -> None:
    session.ready()
    here = session.here()
    session.ask("daemon-reexec")
    told(session, here)


@scenario("isolate", "Isolates to rescue mode and back.", setup=Setup(plants=QUIET_SHELLS))
def isolate(session: Session) -> None:
    session.ready()
    for target in ("rescue.target", "multi-user.target"):
        session.ask("isolate", target)
        session.settle()
        session.look()


@scenario("set-hostname", "Changes the host name of the running system.")
def set_hostname(session: Session) -> None:
    session.ready()
    name = "notifyspec-renamed"
    session.recorder.action("set-hostname", name)
    session.run("hostnamectl", "set-hostname", name)
    session.recorder.observe("hostname", session.run("uname", "-n").strip())
    # Whatever it may have to say of it, it has said before its answer to this.
    session.look()


def new_life(session: Session, here: Place) -> None:
    """Waits for a soft reboot's second life, and asks it who it is."""
    reloading, sent_usec = session.message_sent("RELOADING", "1", after=here)
    session.take_shutdown_dump()
    session.begin(sent_usec, "boot")
    session.message("READY", "1", after=reloading)
    session.introduce()


@scenario("soft-reboot", "Restarts userspace, not the container.", since=254)
def soft_reboot(session: Session) -> None:
    session.ready()
    here = session.here()
    session.ask("soft-reboot")
    new_life(session, here)


SSH = """[Unit]
Wants=ssh-access.target
Before=ssh-access.target
"""


@scenario(
    "ssh-access",
    "Boots with an SSH server ahead of ssh-access.target, and connects once that is told.",
    since=256,
    setup=Setup(plants=[drop_in("ssh.service", SSH)]),
)
def ssh_access(session: Session) -> None:
    session.message("X_SYSTEMD_UNIT_ACTIVE", "ssh-access.target")
    # In the container's network, where nothing else listens.
    banner = session.run("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/22 && head -n 1 <&3")
    session.recorder.observe("ssh", banner.strip())
    session.ready()


TOOLS = (
    ("systemctl", "is-active", "basic.target"),
    ("systemctl", "is-active", "no-such.service"),
    ("systemd-notify", "--ready", "--status=not the manager"),
    ("systemd-notify", "--stopping"),
    ("journalctl", "--lines=1"),
    ("systemd-analyze", "--version"),
)


@scenario(
    "foreign-senders", "Runs other tools of systemd that send to the manager's own notify socket, then halts."
)
def foreign_senders(session: Session) -> None:
    session.ready()
    for tool in TOOLS:
        session.recorder.action("run", " ".join(tool))
        session.try_run("env", f"NOTIFY_SOCKET={SHARE}/notify", *tool)
    session.ask("halt")
    session.gone()


SCENARIOS: tuple[Scenario, ...] = (
    daemon_reload,
    daemon_reexec,
    isolate,
    set_hostname,
    soft_reboot,
    ssh_access,
    foreign_senders,
)
