"""The probes: what is planted in every system under test, so that it says of itself what messages cannot
prove.

Each tells the recorder through its control socket (vm/guest/mark.cc), or writes a file beside that socket. A
trace names them all in `planted`.
"""

from __future__ import annotations

from pathlib import Path

from vm.plant import UNITS, Plant, unit
from vm.ports import HOST_CID, Ports
from vm.snapshot import TARGETS

SHARE = "/run/host/notifyspec"
MARK = "/etc/notifyspec/mark"
AGENT = "/etc/notifyspec/agent"
CALLER = "/etc/notifyspec/caller"
COURIER = "/etc/notifyspec/courier"
CONTROL = "/etc/notifyspec/control"  # where it says where the recorder's control socket is
SHUTDOWN_DUMP = "targets-at-shutdown"
WHOLE = "Whole=yes"  # the last line of that file
USER_UNITS = "/etc/systemd/user"

# Before anything else that a unit can be before: the text promises the signals level ahead of every process.
FIRST = f"""[Unit]
Description=Tells when the first unit began to run
DefaultDependencies=no
Before=sysinit.target local-fs-pre.target systemd-journald.service systemd-udevd.service basic.target
[Service]
Type=oneshot
ExecStart={MARK} process unit
"""

SOCKET = f"""[Unit]
Description=Tells which notify socket a service sees
[Service]
Type=oneshot
ExecStart={MARK} --environment notify-socket NOTIFY_SOCKET
"""

# The last moment at which the manager can still be asked: all but the final unit has stopped. Other slices than the
# root are on their way out with the rest.
SHUTDOWN = """[Unit]
Description=Writes down which targets were left and entered on the way down
DefaultDependencies=no
After=shutdown.target umount.target final.target
Before=systemd-halt.service systemd-poweroff.service systemd-reboot.service systemd-kexec.service
Before=systemd-soft-reboot.service systemd-exit.service
[Service]
Slice=-.slice
Type=oneshot
{output}
"""

# Runs commands in a machine. It stays to the end, and is there once the system has reached sysinit.target.
AGENT_UNIT = """[Unit]
Description=Runs what the harness asks for
ConditionPathExists=!/etc/initrd-release
DefaultDependencies=no
IgnoreOnIsolate=yes
Before=sysinit.target
[Service]
Type=notify
ExecStart={agent} {port}
ExecStartPost={mark} agent listening
"""


def _shutdown(option: str, ports: Ports | None = None) -> str:
    """In a container the file lies beside the control socket; a machine shares none, and sends it."""
    targets = " ".join(f"'{word}'" for word in TARGETS)
    ask = f"systemctl {option} show {targets} && echo && echo {WHOLE}"
    if ports is None:
        output = f'StandardOutput=truncate:{SHARE}/{SHUTDOWN_DUMP}\nExecStart=/bin/sh -c "{ask}"'
    else:
        output = f'ExecStart=/bin/sh -c "({ask}) | {MARK} --copy {ports.dump}"'
    return SHUTDOWN.format(output=output)


def system_probes(mark: Path) -> list[Plant]:
    """For a system manager."""
    return [
        Plant(MARK, mark.read_bytes(), 0o755),
        Plant("/etc/systemd/system-generators/notifyspec-generator", link=MARK),
        *unit("notifyspec-first.service", FIRST, UNITS, wanted_by="sysinit.target"),
        *unit("notifyspec-socket.service", SOCKET, UNITS, wanted_by="multi-user.target"),
        *unit("notifyspec-shutdown.service", _shutdown("--system"), UNITS, wanted_by="final.target"),
    ]


def machine_probes(mark: Path, agent: Path, ports: Ports) -> list[Plant]:
    """For a system manager in a machine."""
    shutdown = unit(
        "notifyspec-shutdown.service", _shutdown("--system", ports), UNITS, wanted_by="final.target"
    )
    unit_text = AGENT_UNIT.format(agent=AGENT, port=ports.agent, mark=MARK)
    return [
        *(plant for plant in system_probes(mark) if "notifyspec-shutdown" not in plant.path),
        *shutdown,
        Plant(CONTROL, f"vsock-stream:{HOST_CID}:{ports.control}\n".encode()),
        Plant(AGENT, agent.read_bytes(), 0o755),
        *unit("notifyspec-agent.service", unit_text, UNITS, wanted_by="sysinit.target"),
    ]


def user_probes(mark: Path) -> list[Plant]:
    """For a user manager."""
    return [
        Plant(MARK, mark.read_bytes(), 0o755),
        Plant("/etc/systemd/user-generators/notifyspec-generator", link=MARK),
        *unit("notifyspec-first.service", FIRST, USER_UNITS, wanted_by="basic.target"),
        *unit("notifyspec-socket.service", SOCKET, USER_UNITS, wanted_by="default.target"),
        *unit("notifyspec-shutdown.service", _shutdown("--user"), USER_UNITS, wanted_by="exit.target"),
    ]


def identity(hostname: str) -> list[Plant]:
    """The name is given by file, the id by the container manager: an empty file asks for that."""
    return [Plant("/etc/hostname", f"{hostname}\n".encode()), Plant("/etc/machine-id", b"")]
