"""The exam of a vsock device, and of the recorder behind it: a planted program calls the host, case by case.

The cases and what each of them tells are in vm/guest/caller.cc.
"""

from __future__ import annotations

from harness.scenario import Scenario
from harness.scenarios.machine import in_machine, power_off
from harness.scenarios.special_boot import HOLD, hold
from harness.session import Session
from vm.machine import MachineSetup
from vm.ports import HOST_CID
from vm.probes import CALLER

STREAM_CASES = ("order-stream", "half-close-stream", "refused", "segments", "stalled")
SEQPACKET_CASES = ("boundary", "order", "half-close", "refused-seqpacket", "each")
OFFER = "seqpacket-offer"


def examine(session: Session, *cases: str) -> None:
    ports = session.manager.ports
    ways = [str(number) for number in (HOST_CID, ports.notify, ports.stream, ports.nowhere)]

    def call(case: str) -> None:
        session.recorder.action("exam", case)
        session.run(CALLER, *ways, case)

    # A stranger's READY=1 says something only while the manager has not said its own.
    hold(session, meanwhile=lambda: call("unprivileged"))
    for case in cases:
        call(case)
    power_off(session)


def whole(session: Session) -> None:
    examine(session, *SEQPACKET_CASES, *STREAM_CASES, OFFER)


def streams(session: Session) -> None:
    examine(session, *STREAM_CASES, OFFER)


SCENARIOS: tuple[Scenario, ...] = (
    in_machine(
        "vm-exam",
        "Puts the vsock device and the recorder to the test from inside.",
        whole,
        MachineSetup(calls=True),
        HOLD,
    ),
    in_machine(
        "vm-exam-stream-only",
        "The same, on a device that carries streams only.",
        streams,
        MachineSetup(credential="vsock-stream:2:{notify}", faults=("no-seqpacket",), calls=True),
        HOLD,
    ),
)
