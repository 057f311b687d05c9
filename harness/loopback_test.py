"""The recorder and real senders on real AF_VSOCK sockets, and what the judge says of them."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from harness import judgement, loopback, tool
from harness.boot import run_scenario
from harness.boot_test import left_by
from harness.exit_code import ExitCode
from harness.loopback import Call
from harness.scenarios import SCENARIOS
from vm import image
from vm.deadline import Deadline
from vm.environment import EnvironmentUnfit, require_container
from vm.machine import MachineSetup
from vm.ports import LOOPBACK_CID

pytestmark = pytest.mark.boots

SENT = {
    "sender.vsock-privileged-port",
    "sender.vsock-one-connection-per-message",
    "sender.private-extension-prefixed",
}
EXAMINED = {
    "receiver.vsock-accepts-each-message",
    "receiver.vsock-joins-stream-segments",
    "receiver.vsock-closes-after-eof",
    "receiver.vsock-stalled-peer-does-not-block",
    "receiver.vsock-unprivileged-port-distrusted",
    "device.message-boundary",
    "device.order-across-connections",
    "device.half-close",
    "device.refuses-unlistened-port",
}
FALLBACK, FORCED = {"sender.vsock-fallback-to-seqpacket"}, {"sender.vsock-type-forced"}

# What must be met, and not merely not be missed, by the form of the address.
CALLS = {
    "vsock-seqpacket": (Call("vsock-seqpacket", loopback.EXAM), "seqpacket", SENT | FORCED | EXAMINED),
    "vsock-stream": (Call("vsock-stream"), "stream", SENT | FORCED),
    "vsock": (Call("vsock"), "seqpacket", SENT | FALLBACK),
    "vsock-dgram": (Call("vsock-dgram"), None, FORCED),
}


@pytest.fixture(scope="module")
def traces(tmp_path_factory) -> dict[str, Path]:
    """Of one machine, in which the recorder is started anew for each form of the address."""
    folder = tmp_path_factory.mktemp("loopback")
    written = {}

    def play(session):
        session.ready()
        loopback.open_loopback(session)
        for form, (call, _, _) in CALLS.items():
            written[form] = folder / f"{form}.jsonl"
            written[form].write_text(loopback.record(session, call))

    plain = SCENARIOS["vm-poweroff"]
    setup = replace(plain.setup, plants=loopback.planted(call for call, _, _ in CALLS.values()))
    scenario = replace(plain, play=play, setup=setup, machine=MachineSetup(calls=True))
    try:
        require_container()
        tool.notifyspec(), tool.mark(), tool.agent(), tool.vsock_device()
        run = run_scenario(scenario, image.find("257"), folder, Deadline(240))
    except EnvironmentUnfit as unfit:  # who asks for boots and gets none has not tested
        pytest.fail(str(unfit))
    assert run.trouble is None, f"{run.trouble}\n{run.console_tail}"
    assert left_by(os.getpid()) == ([], [])
    return written


@pytest.mark.parametrize("form", CALLS)
def test_over_real_sockets_everything_that_can_be_asked_is_met(traces, form):
    _, _, wanted = CALLS[form]

    code, verdicts = judgement.judge(
        traces[form], profile="systemd-257", asked=["--role=device,receiver,sender"]
    )

    missed = {each["requirement"]: each["seen"] for each in verdicts if each["verdict"] in ("fail", "warn")}
    met = {each["requirement"] for each in verdicts if each["verdict"] == "pass"}
    assert missed == {}
    assert (met, code) == (wanted, ExitCode.CONFORMS)


@pytest.mark.parametrize("form", CALLS)
def test_what_root_sends_comes_from_a_privileged_port_over_the_type_that_was_asked_for(traces, form):
    _, kind, _ = CALLS[form]

    _, *events = map(json.loads, traces[form].read_text().splitlines())

    messages = [each for each in events if each["kind"] == "message" and each["peer_port"] < 1024]
    assert [each["data"] for each in messages] == (["READY=1", "STATUS=Over AF_VSOCK."] if kind else [])
    assert {(each["peer_cid"], each["socket_type"]) for each in messages} <= {(LOOPBACK_CID, kind)}


def test_every_case_of_the_exam_was_put_and_heard(traces):
    _, *events = map(json.loads, traces["vsock-seqpacket"].read_text().splitlines())

    answers = [each["value"] for each in events if each.get("subject") == "exam"]
    assert [answer.split()[0] for answer in answers] == list(loopback.EXAM)
    assert not [answer for answer in answers if " failed " in answer]
