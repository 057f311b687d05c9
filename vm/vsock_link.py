"""The AF_VSOCK link between one machine and this host: our own device in user space, or the kernel's vhost-vsock.

Both give the same: arguments for QEMU, endpoints for the recorder (`notifyspec record --listen`), a listening socket
for a port, and connections into the guest.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

from vm.deadline import Deadline
from vm.environment import EnvironmentUnfit
from vm.ports import HOST_CID, Ports
from vm.vsock_device import VsockDevice

VHOST = Path("/dev/vhost-vsock")
SET_GUEST_CID = 0x4008AF60  # VHOST_VSOCK_SET_GUEST_CID, linux/vhost.h
KINDS = {"stream": socket.SOCK_STREAM, "seqpacket": socket.SOCK_SEQPACKET}


class UserLink:
    """`notifyspec-vsock`: needs nothing of the kernel, and makes faults on request."""

    name = "user"
    ports = Ports()
    cid = 3

    def __init__(self, program: Path, folder: Path, cgroup: Path, faults: Sequence[str] = ()) -> None:
        self._program = program
        self._folder = folder
        self._cgroup = cgroup
        self._faults = faults

    def endpoint(self, port: int, kind: str) -> str:
        """Where to listen for what the guest connects to on that port."""
        return f"unix-{kind}:{self._path(port, kind)}"

    def kinds(self, first: str) -> list[str]:
        """The socket types for which one port can be listened on at the same time."""
        return sorted(KINDS, key=lambda kind: kind != first)

    def listen(self, port: int) -> socket.socket:
        """Streams to that port."""
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        listener.bind(str(self._path(port, "stream")))
        listener.listen()
        return listener

    def offers(self) -> str:
        """The socket types that the guest is offered."""
        return "stream" if "no-seqpacket" in self._faults else "stream seqpacket"

    def _path(self, port: int, kind: str) -> Path:
        return self._folder / f"{port}-{kind}"

    def _faulty(self) -> set[int]:
        """Ports that a fault names: there is something behind each."""
        return {int(port) for fault in self._faults if (port := fault.partition("@")[2])}

    def __enter__(self) -> UserLink:
        ports = self.ports
        call = [str(self._program), f"--socket={self._folder / 'vhost-user'}", f"--cid={self.cid}"]
        call += [f"--connect=stream:{self._folder / 'guest'}"]
        for port in sorted(
            {ports.notify, ports.stream, ports.control, ports.dump, ports.echo, *self._faulty()}
        ):
            for kind in KINDS:
                call += [f"--forward={port}={kind}:{self._path(port, kind)}"]
        call += [f"--fault={fault}" for fault in self._faults]
        self._device = VsockDevice(call, self._folder, self._cgroup)
        self._device.__enter__()
        return self

    def pidfds(self) -> list[int]:
        """Readable when the device has ended; they are the caller's to close."""
        return [self._device.pidfd()]

    def arguments(self) -> list[str]:
        return [
            *("-chardev", f"socket,id=vsock,path={self._folder / 'vhost-user'}"),
            *("-device", "vhost-user-vsock-pci,chardev=vsock"),
        ]

    def require_alive(self) -> None:
        """Raises DeviceFailed where the device is gone: what the guest then does is no word of systemd's."""
        self._device.require_alive()

    def require_nothing_lost(self, *, played: bool) -> None:
        """Once it was left: raises DeviceFailed where the device lost anything without a fault that asks for it."""
        if not self._faults:
            self._device.require_nothing_lost(played=played)

    def connect(self, port: int, deadline: Deadline) -> socket.socket:
        """A stream to that port of the guest."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        try:
            connection.connect(str(self._folder / "guest"))
            connection.sendall(f"CONNECT {port}\n".encode())
            answer = b""
            while not answer.endswith(b"\n"):
                deadline.wait(connection.fileno())
                piece = connection.recv(1)
                if not piece:
                    raise ConnectionRefusedError(f"nobody listens on port {port} of the machine")
                answer += piece
        except BaseException:
            connection.close()
            raise
        return connection

    def __exit__(self, *_: object) -> None:
        self._device.__exit__()


class KernelLink:
    """The kernel's vhost-vsock. CIDs and ports are the whole host's: each machine takes those that nobody has."""

    name = "kernel"

    def __enter__(self) -> KernelLink:
        self._cids = contextlib.ExitStack()
        self.cid = self._cids.enter_context(_free_cid())
        self.ports = Ports(20000 + self.cid % 1000 * 10)
        return self

    def endpoint(self, port: int, kind: str) -> str:
        return f"vsock-{kind}:{HOST_CID}:{port}"

    def kinds(self, first: str) -> list[str]:
        return [first]  # AF_VSOCK has one space of ports for all types

    def listen(self, port: int) -> socket.socket:
        listener = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        listener.bind((socket.VMADDR_CID_ANY, port))
        listener.listen()
        return listener

    def offers(self) -> str:
        return "stream seqpacket"

    def pidfds(self) -> list[int]:
        return []

    def arguments(self) -> list[str]:
        self._cids.close()  # QEMU takes it now
        return ["-device", f"vhost-vsock-pci,guest-cid={self.cid}"]

    def require_alive(self) -> None:
        """It is as alive as the kernel."""

    def require_nothing_lost(self, *, played: bool) -> None:
        """The kernel counts nothing."""

    def connect(self, port: int, deadline: Deadline) -> socket.socket:
        connection = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        try:
            connection.settimeout(deadline.remaining())
            connection.connect((self.cid, port))
            connection.settimeout(None)
        except BaseException:
            connection.close()
            raise
        return connection

    def __exit__(self, *_: object) -> None:
        self._cids.close()


@contextlib.contextmanager
def _free_cid() -> Iterator[int]:
    """A CID that no other guest of this host has, held until the block ends."""
    descriptor = os.open(VHOST, os.O_RDWR | os.O_CLOEXEC)
    try:
        yield _claim_cid(descriptor)
    finally:
        os.close(descriptor)


def _claim_cid(descriptor: int) -> int:
    for cid in range(1000 + os.getpid() % 1000, 3000):
        with contextlib.suppress(OSError):
            fcntl.ioctl(descriptor, SET_GUEST_CID, struct.pack("Q", cid))
            return cid
    raise EnvironmentUnfit("every CID that was tried belongs to a guest", "ending guests of this host")


def kernel_refusal() -> str | None:
    """Why this kernel's vhost-vsock cannot be used; nothing where it can."""
    try:
        descriptor = os.open(VHOST, os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        return f"{VHOST}: {error.strerror}"
    os.close(descriptor)
    try:
        socket.socket(socket.AF_VSOCK, socket.SOCK_SEQPACKET).close()
    except OSError as error:
        return f"AF_VSOCK, SOCK_SEQPACKET: {error.strerror}"
    return None
