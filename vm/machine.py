"""A machine: a real systemd that QEMU boots from an image, with the image's own kernel and the root as initramfs.

`with Machine(...) as machine` starts it and returns at once, as a Container does and for the same use. On every way
out QEMU is killed; the claim then waits for the last of it. It must be left by the thread that entered it.
"""

from __future__ import annotations

import os
import select
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vm import agent, initramfs, kernel, qemu
from vm.claim import Claim
from vm.container import COMMAND
from vm.deadline import Deadline
from vm.enclosure import enclosed
from vm.environment import require_program
from vm.image import Image
from vm.masked import MASKED, masks, present
from vm.plant import Plant, lay
from vm.ports import Ports
from vm.probes import SHUTDOWN_DUMP
from vm.qmp import Qmp, QmpFailed
from vm.vsock_link import KernelLink, UserLink

Link = UserLink | KernelLink

HOSTNAME = "notifyspec-machine"
MACHINE_ID = "6e6f74696679737065632d6d61636869"
MEMORY_MIB = 1024

# What is left out here is work of the kernel's that no requirement is about.
QUICK = (
    "console=ttyS0 quiet loglevel=3 panic=-1 rdinit=/sbin/init mitigations=off audit=0 apparmor=0 selinux=0 "
    "tsc=reliable no_timer_check cryptomgr.notests random.trust_cpu=on nowatchdog ipv6.disable=1 "
    "initcall_blacklist=crypto_kdf108_init,init_encrypted,jent_mod_init TERM=dumb systemd.show_status=no"
)
UNTOUCHED = "console=ttyS0 quiet panic=-1 rdinit=/sbin/init"
PANIC, INIT_DIED = "Kernel panic - not syncing", "Attempted to kill init"


class MachineFailed(Exception):
    """QEMU, its vsock device or the guest's kernel failed: what was seen is no word of systemd's."""


@dataclass(frozen=True)
class MachineSetup:
    """How one boot differs from the plainest."""

    credential: str | None = "vsock:2:{notify}"  # vmm.notify_socket; {notify} is the port; None: not given
    faults: Sequence[str] = ()  # of our own vsock device; the kernel's makes none
    calls: bool = False  # vm/guest/caller.cc is planted, too
    user_device: bool = False  # the scenario does what only our own device allows
    unmasked: Sequence[str] = ()  # units that this boot needs, though a quick one does without
    whole: bool = False  # nothing masked, and the kernel with its defaults
    all_files: bool = False  # the whole root, not only what a boot needs of it
    arguments: Sequence[str] = ()  # of the kernel
    memory_mib: int = MEMORY_MIB  # or more, where the archives need it
    archives: Sequence[Path] = ()  # cpio archives that go over the image, before what is planted

    @property
    def needs_user_device(self) -> bool:
        return self.user_device or bool(self.faults)

    @property
    def kind(self) -> str:
        """The socket type over which messages are to come: an address without one tries SEQPACKET at last."""
        return "stream" if (self.credential or "").startswith("vsock-stream:") else "seqpacket"


class Machine:
    def __init__(
        self,
        claim: Claim,
        image: Image,
        console: Path,
        link: Link,
        setup: MachineSetup,
        plants: Sequence[Plant] = (),
    ) -> None:
        self._claim = claim
        self._image = image
        self._console = console
        self._link = link
        self._setup = setup
        self._plants = plants
        self._kernel = kernel.of(image)
        self._qmp: Qmp | None = None
        self.masked = [] if setup.whole else present(image.root, MASKED - {*setup.unmasked})
        self.accelerator = qemu.accelerator(self._kernel.file)
        self.pid = None  # of the manager, as seen from here: a guest's processes have none
        self._offset_usec: int | None = None

    @property
    def ports(self) -> Ports:
        """Of its AF_VSOCK link."""
        return self._link.ports

    @property
    def release(self) -> str:
        """Of the guest's kernel."""
        return self._kernel.release

    def describe(self) -> str:
        """`qemu 7.2.22, tcg, vsock user`."""
        return f"qemu {qemu.version()}, {self.accelerator.name}, vsock {self._link.name}"

    def __enter__(self) -> Machine:
        require_program("cpio", "cpio")
        initrd = self._initrd()
        ours, theirs = socket.socketpair()
        self._qmp_socket = ours
        self._dumps = self._link.listen(self._link.ports.dump)
        self._log = self._claim.folder / "qemu.log"
        call = enclosed(self._qemu(initrd, theirs.fileno()), cgroup=self._claim.cgroup)
        with theirs, self._log.open("wb") as log:
            self._process = subprocess.Popen(
                call,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        # Without its device a machine goes on, and waits for ever.
        self._ends = select.epoll()
        self._pidfds = [os.pidfd_open(self._process.pid), *self._link.pidfds()]
        for pidfd in self._pidfds:
            self._ends.register(pidfd, select.EPOLLIN)
        self.exited = self._ends.fileno()
        return self

    def _initrd(self) -> Path:
        """The image's archive with what is planted behind it, in memory if /run is."""
        lay([*masks(self.masked), *self._plants], self._claim.plant)
        extra = self._claim.folder / "plants.cpio"
        initramfs.pack_folder(self._claim.plant, extra)
        whole = self._setup.whole or self._setup.all_files
        base = initramfs.whole(self._image) if whole else initramfs.slim(self._image, self._kernel)
        initrd = self._claim.folder / "initrd"
        initramfs.join([base, *self._setup.archives, extra], initrd)
        return initrd

    def _qemu(self, initrd: Path, qmp: int) -> list[str]:
        memory = f"{max(self._setup.memory_mib, initramfs.memory_mib(initrd))}M"
        call = [qemu.PROGRAM, *qemu.BARE, *self.accelerator.arguments, "-name", "notifyspec"]
        call += ["-machine", "q35,memory-backend=memory", "-m", memory]
        # The vsock device reads and writes the guest's memory itself.
        call += ["-object", f"memory-backend-memfd,id=memory,share=on,size={memory}"]
        # A kernel that panics reboots, too, and would for ever.
        call += ["-action", "reboot=shutdown", *self._link.arguments()]
        call += ["-chardev", f"socket,id=qmp,fd={qmp}", "-mon", "chardev=qmp,mode=control"]
        call += ["-chardev", f"file,id=console,path={self._console}", "-serial", "chardev:console"]
        if (address := self.address) is not None:
            call += ["-smbios", f"type=11,value=io.systemd.credential:vmm.notify_socket={address}"]
        call += ["-kernel", str(self._kernel.file), "-initrd", str(initrd)]
        options = UNTOUCHED if self._setup.whole else QUICK
        told = [options, *self.accelerator.kernel, f"systemd.machine_id={MACHINE_ID}", *self._setup.arguments]
        return [*call, "-append", " ".join(told)]

    @property
    def address(self) -> str | None:
        """What the credential vmm.notify_socket says."""
        ports = self._link.ports
        credential = self._setup.credential
        return credential and credential.format(notify=ports.notify)

    def signal(self, number: int, deadline: Deadline) -> None:
        """To the manager."""
        self.run(["sh", "-c", f"kill -{number} 1"], deadline)

    def run(
        self, command: Sequence[str], deadline: Deadline, environment: Mapping[str, str] = {}
    ) -> subprocess.CompletedProcess[str]:
        """Runs it in the machine and waits for its end. Raises NoAgent where it does not answer."""
        return agent.run(self._connect, command, {**COMMAND, **environment}, deadline)

    def _connect(self, deadline: Deadline) -> socket.socket:
        return self._link.connect(self._link.ports.agent, deadline)

    def clock_offset_usec(self, deadline: Deadline) -> int:
        """What lies between the guest's CLOCK_MONOTONIC and ours. Too great by the time of one answer, some
        milliseconds: what the guest stamps is then taken to be later than it was, never earlier.
        """
        if self._offset_usec is None:
            uptime_s = float(self.run(["cat", "/proc/uptime"], deadline).stdout.split()[0])
            self._offset_usec = time.monotonic_ns() // 1000 - round(uptime_s * 1e6)
        return self._offset_usec

    def press_power_button(self, deadline: Deadline) -> None:
        self._monitor(deadline).ask("system_powerdown", deadline)

    def let_reboot(self, allowed: bool, deadline: Deadline) -> None:
        """Whether a reboot brings the machine back; else it ends it. One reboot may ask for more than one reset: do
        not take this back before the machine has spoken again.
        """
        self._monitor(deadline).ask("set-action", deadline, reboot="reset" if allowed else "shutdown")

    def await_reset(self, deadline: Deadline) -> None:
        """Waits until it starts anew."""
        monitor = self._monitor(deadline)
        while not monitor.heard("RESET"):
            self._take_dumps(deadline, until=(monitor.fileno(),))
            monitor.listen(deadline)

    def forget_clock(self) -> None:
        """It has another one since it started anew."""
        self._offset_usec = None

    def _monitor(self, deadline: Deadline) -> Qmp:
        try:
            if self._qmp is None:
                self._qmp = Qmp(self._qmp_socket, deadline)
            return self._qmp
        except QmpFailed as failure:
            raise MachineFailed(f"{failure}: {self._words()}") from failure

    def wait(self, deadline: Deadline) -> int:
        """Waits for the machine's end; says QEMU's exit status."""
        self._take_dumps(deadline, until=(self.exited,))
        self._link.require_alive()
        return self._process.wait()

    def _take_dumps(self, deadline: Deadline, until: tuple[int, ...]) -> None:
        """Waits for one of these descriptors, and takes the last word of a system that goes down meanwhile."""
        listening = self._dumps.fileno()
        while True:
            ready = deadline.wait(*until, listening)
            if ready & {*until}:
                return
            with self._dumps.accept()[0] as connection:
                (self._claim.share / SHUTDOWN_DUMP).write_bytes(agent.read_all(connection, deadline))

    def require_started(self) -> None:
        """Raises MachineFailed where what was seen says nothing of systemd: QEMU, its device or the kernel broke."""
        status = self._process.poll()
        if status is not None and status != 0:
            ending = f"signal {-status}" if status < 0 else f"exit status {status}"
            raise MachineFailed(f"QEMU ended with {ending}: {self._words()}")
        self._link.require_alive()
        console = self._console.read_text(errors="replace")
        if PANIC in console and INIT_DIED not in console:
            raise MachineFailed("the guest's kernel panics")

    def _words(self) -> str:
        return self._log.read_text(errors="replace").strip() or "without a word"

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._ends.close()
        for pidfd in self._pidfds:
            os.close(pidfd)
        self._dumps.close()
        self._qmp_socket.close()
