"""What a system manager tells from within a virtual machine, over AF_VSOCK: the third vantage.

The credential vmm.notify_socket points to the host. Which forms of it are taken, and over which socket type messages
then come, is asked in harness/scenarios/credential.py.
"""

from __future__ import annotations

from harness.scenario import Play, Scenario, scenario
from harness.scenarios.running import daemon_reload
from harness.scenarios.shutdown import poweroff as _poweroff
from harness.scenarios.shutdown import reboot_argument as _reboot_argument
from harness.scenarios.signals import KEYBOARD, ended_by, gentle
from harness.scenarios.special_boot import HOLD, hold
from harness.session import Session
from vm.container import Setup
from vm.machine import MachineSetup
from vm.masked import DEVICES, LOG, SESSIONS
from vm.plant import Plant, unit
from vm.probes import MARK

SINCE = 254  # sd_notify over AF_VSOCK, and the credential
PLAIN = MachineSetup()
SEQPACKET = MachineSetup(credential="vsock-seqpacket:2:{notify}")
STREAM = MachineSetup(credential="vsock-stream:2:{notify}")


def in_machine(
    name: str,
    text: str,
    play: Play,
    machine: MachineSetup = PLAIN,
    setup: Setup = Setup(),
    since: int = SINCE,
) -> Scenario:
    return scenario(name, text, since=since, vantage="vm", machine=machine, setup=setup)(play)


def reload(session: Session) -> None:
    daemon_reload.play(session)
    power_off(session)


def power_off(session: Session) -> None:
    session.ask("poweroff")
    session.gone()


def reboot(session: Session) -> None:
    """The machine comes back, and its clock begins anew."""
    session.ready()
    session.manager.let_reboot(True, session.deadline)
    session.ask("reboot")
    session.restarted()
    session.ready(after=session.here())
    session.manager.let_reboot(False, session.deadline)
    power_off(session)


def press(session: Session) -> None:
    """The button is an input device, which udev must have found and logind must have opened."""
    session.ready()
    logind = session.property("MainPID", "systemd-logind.service")
    while "/dev/input/event" not in session.run("sh", "-c", f"readlink /proc/{logind}/fd/*"):
        session.run("udevadm", "settle")
    session.press_power_button()
    session.gone()


def hold_ready(session: Session) -> None:
    hold(session)
    power_off(session)


def signals(session: Session) -> None:
    gentle.play(session)
    power_off(session)


def late(session: Session) -> None:
    """A socket that is moved away cannot be reached; what listens on it does not notice."""
    notify = session.share / f"{session.manager.ports.notify}-seqpacket"
    away = notify.with_suffix(".away")
    notify.rename(away)
    session.observed("process", "generator")
    session.recorder.action("listen")
    away.rename(notify)
    session.ready()
    power_off(session)


IN_INITRD, IN_ROOT = "ConditionPathExists=/etc/initrd-release", "ConditionPathExists=!/etc/initrd-release"
SYSROOT = f"""[Unit]
{IN_INITRD}
DefaultDependencies=no
Before=initrd-root-fs.target
[Mount]
What=tmpfs
Where=/sysroot
Type=tmpfs
"""
# The initramfs is both: what is copied has no /etc/initrd-release and so is no initrd any more.
FILL = f"""[Unit]
{IN_INITRD}
DefaultDependencies=no
Requires=sysroot.mount
After=sysroot.mount
Before=initrd-root-fs.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=sh -c "cp --archive /bin /etc /lib* /root /sbin /usr /var /sysroot"
ExecStart=mkdir --parents /sysroot/dev /sysroot/proc /sysroot/run /sysroot/sys /sysroot/tmp
ExecStart=rm /sysroot/etc/initrd-release
"""
TELL = """[Unit]
{condition}
DefaultDependencies=no
Before=sysinit.target
[Service]
Type=oneshot
ExecStart={mark} {words}
"""
INITRD = Setup(
    plants=[
        Plant("/etc/initrd-release", b"ID=notifyspec\nNAME=notifyspec\nVERSION_ID=1\n"),
        Plant("/sysroot/.keep"),
        *unit("sysroot.mount", SYSROOT, wanted_by="initrd-root-fs.target"),
        *unit("notifyspec-fill.service", FILL, wanted_by="initrd-root-fs.target"),
        *unit(
            "notifyspec-initrd.service",
            TELL.format(condition=IN_INITRD, mark=MARK, words="initrd entered"),
            wanted_by="sysinit.target",
        ),
        *unit(
            "notifyspec-root.service",
            TELL.format(condition=IN_ROOT, mark=MARK, words="switched-root yes"),
            wanted_by="sysinit.target",
        ),
    ]
)


def switch_root(session: Session) -> None:
    session.observed("initrd", "entered")
    session.transactions[0].cause = "initrd"
    reloading, sent_usec = session.message_sent("RELOADING", "1")
    session.begin(sent_usec, "boot")
    switched = session.observed("switched-root", "yes", after=reloading)
    session.ready(after=switched)
    power_off(session)


SCENARIOS: tuple[Scenario, ...] = (
    in_machine(
        "vm-poweroff",
        "Boots a machine that reports over SOCK_SEQPACKET, then powers it off.",
        _poweroff.play,
        SEQPACKET,
    ),
    in_machine("vm-auto", "The same, to an address that names no socket type.", _poweroff.play),
    in_machine("vm-poweroff-stream", "The same, over SOCK_STREAM.", _poweroff.play, STREAM),
    in_machine("vm-reboot", "Reboots a machine, which comes back and reports again.", reboot),
    in_machine("vm-reboot-argument", "Reboots with a parameter for the reboot call.", _reboot_argument.play),
    in_machine("vm-daemon-reload", "Reloads the manager's configuration in a machine.", reload),
    in_machine("vm-daemon-reload-stream", "The same, over SOCK_STREAM.", reload, STREAM),
    in_machine(
        "vm-power-button",
        "Presses the machine's ACPI power button.",
        press,
        MachineSetup(unmasked=(*DEVICES, *SESSIONS)),
    ),
    in_machine("vm-initrd", "Boots an initrd, which switches root.", switch_root, PLAIN, INITRD),
    in_machine("vm-hold-ready", "Holds a oneshot of the default transaction open.", hold_ready, PLAIN, HOLD),
    in_machine(
        "vm-signals",
        "Sends the signals that neither end the system nor move it to another target.",
        signals,
        MachineSetup(unmasked=LOG),
        Setup(plants=KEYBOARD),
        since=256,
    ),
    in_machine("vm-signal-sigrtmin+4", "Powers off by signal.", ended_by("SIGRTMIN+4"), since=256),
    in_machine(
        "vm-slow-receiver",
        "The supervisor takes a tenth of a second for each message.",
        _poweroff.play,
        MachineSetup(faults=("delay-close=100",)),
    ),
    in_machine(
        "vm-late-receiver",
        "The supervisor begins to listen when the system is on its way already.",
        late,
        MachineSetup(user_device=True),
    ),
    in_machine(
        "vm-whole", "Boots all of the image, with nothing masked.", _poweroff.play, MachineSetup(whole=True)
    ),
)
