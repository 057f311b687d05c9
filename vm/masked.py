"""What a machine leaves out of its boot, so that it is up in seconds under emulation: it is still real systemd, with
less to do. Each trace names it (`masked`); `whole` machines mask nothing.

A unit is masked as systemctl mask does it, a generator by a link of its name (systemd.unit(5), systemd.generator(7)).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from vm.plant import UNITS, Plant

GENERATORS = "/etc/systemd/system-generators"

DEVICES = (
    "systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udevd-varlink.socket "
    "systemd-udev-trigger.service systemd-udev-load-credentials.service systemd-hwdb-update.service "
    "kmod-static-nodes.service systemd-tmpfiles-setup-dev-early.service systemd-tmpfiles-setup-dev.service"
).split()
SESSIONS = (
    "dbus.service dbus.socket systemd-logind.service systemd-logind-varlink.socket systemd-user-sessions.service"
).split()
LOG = (
    "systemd-journald.service systemd-journald.socket systemd-journald-dev-log.socket "
    "systemd-journald-audit.socket systemd-journald-varlink@.socket systemd-journal-flush.service "
    "systemd-journal-catalog-update.service systemd-journalctl.socket syslog.socket"
).split()
LOGINS = (
    "getty@tty1.service serial-getty@ttyS0.service getty-static.service console-getty.service "
    "ssh.service ssh.socket sshd-keygen.service sshd-unix-local.socket sshd-vsock.socket"
).split()
MOUNTS = (
    "dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount "
    "sys-kernel-config.mount sys-fs-fuse-connections.mount tmp.mount run-lock.mount "
    "proc-sys-fs-binfmt_misc.automount proc-sys-fs-binfmt_misc.mount"
).split()
SET_UP = (
    "ldconfig.service modprobe@configfs.service modprobe@dm_mod.service modprobe@drm.service "
    "modprobe@efi_pstore.service modprobe@fuse.service modprobe@loop.service systemd-battery-check.service "
    "systemd-binfmt.service systemd-boot-random-seed.service systemd-confext.service systemd-firstboot.service "
    "systemd-hibernate-clear.service systemd-machine-id-commit.service systemd-modules-load.service "
    "systemd-network-generator.service systemd-networkd.service systemd-networkd.socket "
    "systemd-pcrmachine.service systemd-pcrphase.service systemd-pcrphase-sysinit.service systemd-pcrproduct.service "
    "systemd-pcrnvdone.service systemd-pstore.service systemd-random-seed.service systemd-remount-fs.service "
    "systemd-sysctl.service systemd-sysext.service systemd-sysusers.service systemd-timesyncd.service "
    "systemd-tmpfiles-setup.service systemd-tpm2-setup.service systemd-tpm2-setup-early.service "
    "systemd-update-done.service systemd-update-utmp.service systemd-update-utmp-runlevel.service "
    "systemd-vconsole-setup.service e2scrub_reap.service dracut-shutdown.service systemd-repart.service "
    "systemd-factory-reset-request.service"
).split()
LATER = (
    "apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer e2scrub_all.timer "
    "systemd-tmpfiles-clean.timer systemd-ask-password-console.path systemd-ask-password-wall.path "
    "systemd-ask-password.socket systemd-creds.socket systemd-factory-reset.socket systemd-hostnamed.socket "
    "systemd-importd.socket systemd-initctl.socket systemd-machined.socket systemd-mute-console.socket "
    "systemd-pcrextend.socket systemd-pcrlock.socket systemd-repart.socket systemd-sysext.socket "
    "systemd-bootctl.socket systemd-sysinstall.socket systemd-sysinstall.service"
).split()

MASKED = frozenset((*DEVICES, *SESSIONS, *LOG, *LOGINS, *MOUNTS, *SET_UP, *LATER))


def present(root: Path, units: Iterable[str]) -> list[str]:
    """Those of the units that this root has, and then its generators: naming what is not there says nothing."""
    folder = root / "usr/lib/systemd"
    return sorted(
        [unit for unit in units if (folder / "system" / _template(unit)).exists()]
        + [path.name for path in (folder / "system-generators").glob("*")]
    )


def _template(unit: str) -> str:
    """The file of getty@tty1.service is getty@.service."""
    name, at, rest = unit.partition("@")
    return f"{name}@.{rest.rpartition('.')[2]}" if at else unit


def masks(names: Iterable[str]) -> list[Plant]:
    """The links that mask them: units by their suffix, generators by having none of a unit."""
    return [Plant(f"{UNITS if '.' in name else GENERATORS}/{name}", link="/dev/null") for name in names]
