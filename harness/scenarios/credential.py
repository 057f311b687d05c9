"""The forms of the credential vmm.notify_socket, and what then really arrives: over which socket type, or nothing.

Where no READY=1 can reach the host, the system itself is asked whether it came up.
"""

from __future__ import annotations

from harness.scenario import Scenario
from harness.scenarios.machine import in_machine, power_off
from harness.scenarios.shutdown import poweroff
from harness.session import Session
from vm.container import Setup
from vm.machine import MachineSetup
from vm.plant import unit
from vm.probes import MARK

INSIDE = "/run/notifyspec/notify"
RELAY = f"""[Unit]
Description=Takes what is sent to a socket in the system, and passes it on
DefaultDependencies=no
Before=sysinit.target
[Service]
Type=notify
ExecStart={MARK} --relay {INSIDE} notify-unix
"""
RELAYED = Setup(plants=unit("notifyspec-relay.service", RELAY, wanted_by="sysinit.target"))


def comes_up(session: Session) -> None:
    session.comes_up()
    power_off(session)


def reports_inside(session: Session) -> None:
    session.observed("notify-unix")
    session.comes_up()
    power_off(session)


def given(credential: str | None, *faults: str) -> MachineSetup:
    return MachineSetup(credential=credential, faults=faults)


STREAM_ONLY = "no-seqpacket"

SCENARIOS: tuple[Scenario, ...] = (
    in_machine("vm-dgram", "Asks for SOCK_DGRAM.", comes_up, given("vsock-dgram:2:{notify}")),
    in_machine(
        "vm-auto-stream-only",
        "Asks for no socket type of a device that carries streams only.",
        comes_up,
        given("vsock:2:{notify}", STREAM_ONLY),
    ),
    in_machine(
        "vm-seqpacket-not-offered",
        "Asks for SOCK_SEQPACKET of a device that carries streams only.",
        comes_up,
        given("vsock-seqpacket:2:{notify}", STREAM_ONLY),
    ),
    in_machine(
        "vm-stream-only",
        "Asks for SOCK_STREAM of a device that carries nothing else.",
        poweroff.play,
        given("vsock-stream:2:{notify}", STREAM_ONLY),
    ),
    in_machine("vm-unix", "Names an AF_UNIX socket in the machine.", reports_inside, given(INSIDE), RELAYED),
    in_machine("vm-missing", "Gives no credential.", comes_up, given(None)),
    in_machine("vm-malformed", "Gives a credential that is no address.", comes_up, given("no-address")),
    in_machine(
        "vm-malformed-vsock", "Gives a vsock address without a port.", comes_up, given("vsock:no-number")
    ),
)
