"""The probes: what is planted in every system under test, so that it says of itself what messages cannot
prove.

Each tells the recorder through its control socket (vm/guest/mark.cc), or writes a file beside that socket. A
trace names them all in `planted`.
"""

from __future__ import annotations

from pathlib import Path

from vm.plant import UNITS, Plant, unit
from vm.snapshot import TARGETS

SHARE = "/run/host/notifyspec"
MARK = "/etc/notifyspec/mark"
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
StandardOutput=truncate:{share}/{dump}
ExecStart=/bin/sh -c "systemctl {option} show {targets} && echo && echo {whole}"
"""


def _shutdown(option: str) -> str:
    targets = " ".join(f"'{word}'" for word in TARGETS)
    return SHUTDOWN.format(share=SHARE, dump=SHUTDOWN_DUMP, option=option, targets=targets, whole=WHOLE)


def system_probes(mark: Path) -> list[Plant]:
    """For a system manager."""
    return [
        Plant(MARK, mark.read_bytes(), 0o755),
        Plant("/etc/systemd/system-generators/notifyspec-generator", link=MARK),
        *unit("notifyspec-first.service", FIRST, UNITS, wanted_by="sysinit.target"),
        *unit("notifyspec-socket.service", SOCKET, UNITS, wanted_by="multi-user.target"),
        *unit("notifyspec-shutdown.service", _shutdown("--system"), UNITS, wanted_by="final.target"),
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
