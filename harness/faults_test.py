"""Faults that the vsock device makes on request, with a real guest: what its programs then meet, and which requirement
is no longer met.

One machine is booted; each fault is that of a port of its own, behind which a recorder listens.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from harness import header, judgement, tool
from harness.boot import run_scenario
from harness.boot_test import left_by
from harness.recorder import Ears, Recorder
from harness.scenarios import SCENARIOS
from harness.session import Session
from vm import image
from vm.deadline import Deadline
from vm.environment import EnvironmentUnfit, require_container
from vm.machine import MachineSetup
from vm.ports import HOST_CID, Ports
from vm.probes import CALLER, CONTROL

pytestmark = pytest.mark.boots

FIRST_PORT = Ports().base + 100
PATIENCE_S = 3  # with systemd-notify, which itself waits for ever


@dataclass(frozen=True)
class Fault:
    text: str  # as on the command line, without a port
    cases: tuple[str, ...]  # of the exam, which are put
    answers: tuple[
        str, ...
    ]  # what the caller then meets, of each case; `|` between those that are a matter of time
    notified: int  # and with what systemd-notify ends
    missed: frozenset[str] = frozenset()  # requirements


GOOD, FAILED, HANGS = 0, 1, 124
HALF_CLOSES = ("half-close", "half-close-stream")
FAULTS = {
    "refuse": Fault(
        "refuse",
        ("seqpacket-offer", "order-stream"),
        ("seqpacket-offer ECONNRESET", "order-stream failed connect ECONNRESET"),
        FAILED,
        frozenset({"device.order-across-connections"}),
    ),
    "no-half-close": Fault(
        "no-half-close",
        HALF_CLOSES,
        ("half-close timeout", "half-close-stream timeout"),
        HANGS,
        frozenset({"device.half-close"}),
    ),
    "byte-back": Fault(
        "byte-back",
        HALF_CLOSES,
        ("half-close data", "half-close-stream data"),
        FAILED,
        frozenset({"receiver.vsock-closes-after-eof"}),
    ),
    "slow": Fault(
        "slow=1",
        ("half-close-stream",),
        ("half-close-stream timeout",),
        HANGS,
        frozenset({"device.half-close"}),
    ),
    "credit": Fault(
        "credit=64",
        ("boundary", "segments"),
        ("boundary failed send EMSGSIZE", "segments sent"),
        GOOD,
        frozenset({"device.message-boundary"}),
    ),
    "reset-after": Fault(
        "reset-after=60",
        ("order", "boundary"),
        # Whether the reset is there before the last of the three is put, is a race of device and guest.
        ("order sent 16", "boundary failed send EPIPE|boundary sent 3"),
        GOOD,
        frozenset({"device.message-boundary"}),
    ),
}
PORTS = {name: FIRST_PORT + number for number, name in enumerate(FAULTS)}


@dataclass(frozen=True)
class Seen:
    answers: tuple[str, ...]
    notified: int
    missed: frozenset[str]


def put(session: Session, name: str, folder: Path) -> Seen:
    fault, port = FAULTS[name], PORTS[name]
    link, control = session.manager._link, session.manager.ports.echo
    folder.mkdir()
    raw, trace = folder / "raw", folder / "trace.jsonl"
    ears = Ears(
        [link.endpoint(port, kind) for kind in ("seqpacket", "stream")],
        [link.endpoint(control, "stream")],
        "vsock-seqpacket",
    )
    with Recorder(folder, raw, ears) as recorder:
        recorder.action("notify-socket", f"vsock-seqpacket:{HOST_CID}:{port}")
        recorder.observe("device-offers", link.offers())
        recorder.phase("started")
        ways = [str(number) for number in (HOST_CID, port, port, session.manager.ports.nowhere)]
        session.run(CALLER, *ways, *fault.cases)
        notify = f"NOTIFY_SOCKET=vsock-stream:{HOST_CID}:{port} timeout {PATIENCE_S} systemd-notify STATUS=1"
        notified = session.try_run("sh", "-c", notify)
        recorder.finish()
    header.complete(raw, trace, {"systemd": str(session.systemd), "vantage": "vm", "scenario": "faults"})
    events = [json.loads(line) for line in trace.read_text(encoding="utf-8").splitlines()[1:]]
    _, verdicts = judgement.judge(
        trace, profile=f"systemd-{session.systemd}", asked=["--role=device,receiver"]
    )
    return Seen(
        tuple(event["value"] for event in events if event.get("subject") == "exam"),
        notified.returncode,
        frozenset(each["requirement"] for each in verdicts if each["verdict"] in ("fail", "warn")),
    )


@pytest.fixture(scope="module")
def seen(tmp_path_factory) -> dict[str, Seen]:
    folder = tmp_path_factory.mktemp("faults")
    met = {}

    def play(session):
        session.ready()
        # What the caller meets is told to whoever records it.
        told_to = session.run("cat", CONTROL).strip()
        elsewhere = f"vsock-stream:{HOST_CID}:{session.manager.ports.echo}"
        session.run("sh", "-c", f"echo {elsewhere} > {CONTROL}")
        for name in FAULTS:
            met[name] = put(session, name, folder / name)
        session.run("sh", "-c", f"echo {told_to} > {CONTROL}")

    machine = MachineSetup(
        faults=[f"{fault.text}@{PORTS[name]}" for name, fault in FAULTS.items()], calls=True
    )
    try:
        require_container()
        tool.notifyspec(), tool.mark(), tool.agent(), tool.caller(), tool.vsock_device()
        scenario = replace(SCENARIOS["vm-poweroff"], play=play, machine=machine)
        run = run_scenario(scenario, image.find("257"), folder, Deadline(60))
    except EnvironmentUnfit as unfit:  # who asks for boots and gets none has not tested
        pytest.fail(str(unfit))
    assert run.trouble is None, f"{run.trouble}\n{run.console_tail}"
    assert left_by(os.getpid()) == ([], [])
    return met


@pytest.mark.parametrize("name", FAULTS)
def test_the_guests_programs_meet_it(seen, name):
    fault = FAULTS[name]

    met = zip(seen[name].answers, fault.answers, strict=True)
    assert not [(answer, foreseen) for answer, foreseen in met if answer not in foreseen.split("|")]
    assert seen[name].notified == fault.notified


@pytest.mark.parametrize("name", FAULTS)
def test_the_judge_sees_it(seen, name):
    assert seen[name].missed == FAULTS[name].missed
