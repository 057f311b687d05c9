"""The AF_VSOCK ports of one machine: what is on the host's side of each, and the one on which its agent listens."""

from __future__ import annotations

from dataclasses import dataclass

HOST_CID = 2  # VMADDR_CID_HOST
LOOPBACK_CID = 1  # VMADDR_CID_LOCAL


@dataclass(frozen=True)
class Ports:
    base: int = 9000  # machines that share the host's ports, as through the kernel's device, need one each

    @property
    def notify(self) -> int:
        """Where the credential vmm.notify_socket points."""
        return self.base

    @property
    def control(self) -> int:
        """Where what is planted tells what it sees."""
        return self.base + 1

    @property
    def agent(self) -> int:
        """In the guest: runs commands."""
        return self.base + 2

    @property
    def dump(self) -> int:
        """Takes the last word of a system that goes down."""
        return self.base + 3

    @property
    def stream(self) -> int:
        """As `notify`, for streams: a port that is listened on for one socket type is taken for all."""
        return self.base + 4

    @property
    def echo(self) -> int:
        """Sends back what comes, where there is such a peer (vm/guest/echo.py)."""
        return self.base + 5

    @property
    def nowhere(self) -> int:
        """Nobody ever listens here."""
        return self.base + 9
