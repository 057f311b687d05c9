"""The loopback: senders and the recorder in one machine, which call each other by its kernel's own AF_VSOCK (CID 1).

Few machines that run tests have vsock_loopback, and every machine that we boot has. So `notifyspec record` listens in
there on real AF_VSOCK sockets, the exam puts it and the kernel's transport to the test, and systemd-notify, as root,
is the manager that reports.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harness import tool
from harness.scenarios.exam import OFFER, SEQPACKET_CASES, STREAM_CASES
from harness.session import Session
from vm.plant import Plant
from vm.ports import LOOPBACK_CID, Ports
from vm.probes import CALLER, CONTROL, MARK

RECORDER = "/etc/notifyspec/notifyspec"
FOLDER = "/run/notifyspec-loopback"
PORTS = Ports()
PRIVILEGED = '"peer_port":([0-9]{1,3}|10[01][0-9]|102[0-3]),'  # below 1024, as the recorder prints it
EXAM = ("unprivileged", *SEQPACKET_CASES, *STREAM_CASES, OFFER)


@dataclass(frozen=True)
class Call:
    """One record in the machine: how the recorder is addressed, and whether it is put to the test."""

    form: str  # vsock, vsock-seqpacket, vsock-stream, vsock-dgram
    exam: Sequence[str] = ()

    @property
    def port(self) -> int:
        return PORTS.stream if self.form == "vsock-stream" else PORTS.notify

    @property
    def address(self) -> str:
        return f"{self.form}:{LOOPBACK_CID}:{self.port}"

    @property
    def script(self) -> str:
        return f"/etc/notifyspec/loopback-{self.form}"

    @property
    def arrives(self) -> bool:
        """No transport of this kernel has datagrams."""
        return self.form != "vsock-dgram"


def planted(calls: Iterable[Call]) -> list[Plant]:
    scripts = [Plant(call.script, _script(call).encode()) for call in calls]
    return [Plant(RECORDER, tool.notifyspec_static().read_bytes(), 0o755), *scripts]


def open_loopback(session: Session) -> None:
    """From now on what is planted tells the recorder in the machine what it sees."""
    session.run("modprobe", "vsock_loopback")
    session.run("sh", "-c", f"echo vsock-stream:{LOOPBACK_CID}:{PORTS.control} > {CONTROL}")


def record(session: Session, call: Call) -> str:
    """Says the trace of that record."""
    session.run("sh", "-e", call.script, str(session.systemd))
    return session.run("cat", f"{FOLDER}/trace")


def _script(call: Call) -> str:
    """The first line that the recorder prints says that it listens; then each event comes, which is how its READY=1
    is waited for: that of a privileged port, for a stranger sends one before.
    """
    cid, ports = LOOPBACK_CID, PORTS
    ways = f"{cid} {ports.notify} {ports.stream} {ports.nowhere}"
    listen = f"--listen=vsock-seqpacket:{cid}:{ports.notify} --listen=vsock-stream:{cid}:{ports.stream}"
    lines = [
        f"rm -rf {FOLDER}; mkdir {FOLDER}; cd {FOLDER}; mkfifo heard",
        f"{RECORDER} record {listen} --control=vsock-stream:{cid}:{ports.control} --live --output=trace"
        " --systemd=$1 --vantage=vm > heard &",
        "recorder=$!; exec 3<heard; read -r listening <&3",
        _tell(kind="action", action="notify-socket", argument=call.address),
        f"{MARK} device-offers 'stream seqpacket'",
        _tell(kind="phase", phase="started"),
        # The whole exam comes later: here nothing reads yet what the recorder prints of each message.
        *(f"{CALLER} {ways} {case}" for case in call.exam[:1]),
    ]
    if call.arrives:
        lines += [
            _send(call.address, "READY=1"),
            f"grep -m1 -E '{PRIVILEGED}.*\"READY\"' <&3",
            _tell(kind="phase", phase="ready"),
            _send(call.address, "STATUS=Over AF_VSOCK."),
        ]
    else:
        lines += [f"{_send(call.address, 'READY=1')} && exit 1", f"{MARK} booted multi-user.target"]
    lines += [
        "cat <&3 >/dev/null & reader=$!",
        *(f"{CALLER} {ways} {case}" for case in call.exam[1:]),
        "kill $recorder; wait $recorder; exec 3<&-; wait $reader",
    ]
    return "\n".join(lines)


def _send(address: str, text: str) -> str:
    return f"NOTIFY_SOCKET={address} systemd-notify --no-block '{text}'"


def _tell(**event: str) -> str:
    """Events of the harness come from the machine, too: there is the recorder's clock."""
    return _send(f"vsock-stream:{LOOPBACK_CID}:{PORTS.control}", json.dumps(event))
