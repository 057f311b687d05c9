"""What becomes of a machine in trouble: named as ours or theirs, and nothing is left behind."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace

import pytest

from harness import judgement, sameness, tool
from harness.boot import run_scenario
from harness.boot_test import left_by
from harness.record import TRACES
from harness.scenario import Scenario
from harness.scenarios import SCENARIOS
from vm import image, machine
from vm.deadline import Deadline
from vm.environment import EnvironmentUnfit, require_container
from vm.machine import MachineFailed
from vm.plant import Plant
from vm.vsock_device import DeviceFailed

pytestmark = pytest.mark.boots
PLAIN = SCENARIOS["vm-poweroff"]
LOUD, KERNEL = ["loglevel=7"], r"its console:.*\[ +[0-9]+\.[0-9]{6}\] "


@pytest.fixture(scope="module")
def system():
    """Any version will do: what is tested here is ours."""
    try:
        require_container()
        tool.notifyspec(), tool.mark(), tool.vsock_device()
        return image.find("257")
    except EnvironmentUnfit as unfit:  # who asks for boots and gets none has not tested
        pytest.fail(str(unfit))


@pytest.fixture(autouse=True)
def nothing_is_left():
    yield
    assert left_by(os.getpid()) == ([], [])


def differing(*, plants: list[Plant] = [], play=None, **machine_setup: object) -> Scenario:
    setup = replace(PLAIN.setup, plants=plants)
    return replace(
        PLAIN, setup=setup, machine=replace(PLAIN.machine, **machine_setup), play=play or PLAIN.play
    )


@pytest.fixture(scope="module")
def reported(system, tmp_path_factory):
    """The same boot over either socket type."""
    names = {"seqpacket": "vm-poweroff", "stream": "vm-poweroff-stream"}
    folder = tmp_path_factory.mktemp("reported")
    return {kind: run_scenario(SCENARIOS[name], system, folder, Deadline(60)) for kind, name in names.items()}


@pytest.mark.parametrize("kind", ["seqpacket", "stream"])
def test_a_machine_reports_and_is_asked(reported, kind):
    run = reported[kind]

    header, *events = map(json.loads, run.trace.read_text().splitlines())
    assert run.trouble is None
    assert header["transport"] == f"vsock-{kind}" and header["hostname"] == machine.HOSTNAME
    assert header["machine_id"] == machine.MACHINE_ID and "manager_pid" not in header
    assert "systemd-udevd.service" in header["masked"]
    messages = [event for event in events if event["kind"] == "message"]
    assert {event["socket_type"] for event in messages} == {kind}
    assert {event["peer_cid"] for event in messages} == {3}
    assert [each["cause"] for each in header["transactions"]] == ["boot", "poweroff"]
    assert "umount.target" in header["transactions"][1]["entered"]


def test_over_either_socket_type_it_tells_the_same_as_when_it_was_recorded(reported):
    told = {kind: sameness.told(sameness.rows(judgement.decode(run.trace))) for kind, run in reported.items()}

    for kind, run in reported.items():
        golden = (TRACES / "257" / run.trace.name).with_suffix(".fields.jsonl")
        assert told[kind] == sameness.told(sameness.rows(golden.read_text(encoding="utf-8")))
    assert told["seqpacket"] == told["stream"]


def test_an_emulated_guest_does_not_go_by_a_clock_whose_pace_it_had_to_measure(system, tmp_path):
    seen = {}

    def play(session):
        session.ready()
        seen["clock"] = session.run("cat", "/sys/devices/system/clocksource/clocksource0/current_clocksource")
        seen["accelerator"] = session.manager.accelerator.name

    run = run_scenario(differing(play=play), system, tmp_path, Deadline(60))

    assert run.trouble is None
    assert seen["accelerator"] == "kvm" or seen["clock"].strip() == "hpet"


def test_a_guest_that_never_speaks_is_given_up_at_the_deadline(system, tmp_path):
    silent = Plant("/etc/notifyspec/silent", b"#!/bin/sh\necho nothing to say\nexec sleep infinity\n", 0o755)
    scenario = differing(plants=[silent], arguments=["rdinit=/etc/notifyspec/silent"])

    run = run_scenario(scenario, system, tmp_path, Deadline(20))

    assert run.hung and "nothing to say" in run.console_tail


def test_a_first_process_that_dies_is_theirs(system, tmp_path):
    brief = Plant("/etc/notifyspec/brief", b"#!/bin/sh\nexit 3\n", 0o755)
    scenario = differing(plants=[brief], arguments=["rdinit=/etc/notifyspec/brief"])

    run = run_scenario(scenario, system, tmp_path, Deadline(60))

    assert not run.hung and run.trouble == "the system under test ended before it came"
    assert "Attempted to kill init" in run.console.read_text(errors="replace")


def test_a_kernel_that_panics_is_ours(system, tmp_path):
    scenario = differing(arguments=["rdinit=/no/such/init", "init=/no/such/init", "root=/dev/nothing"])

    with pytest.raises(MachineFailed, match="(?s)the guest's kernel panics; its console:.*Kernel panic"):
        run_scenario(scenario, system, tmp_path, Deadline(60))


def test_too_little_memory_on_this_machine_is_ours(system, tmp_path):
    with pytest.raises(MachineFailed, match="QEMU ended with exit status 1: .*(memory|ram)"):
        run_scenario(differing(memory_mib=1 << 30), system, tmp_path, Deadline(60))


def test_a_qemu_that_is_killed_is_ours(system, tmp_path):
    def play(session):
        session.observed("process", "generator")
        session.manager._process.kill()
        session.ready()

    with pytest.raises(MachineFailed, match=f"(?s)QEMU ended with signal 9.*; {KERNEL}"):
        run_scenario(differing(play=play, arguments=LOUD), system, tmp_path, Deadline(60))


def test_a_device_that_is_killed_is_ours_and_noticed_at_once(system, tmp_path):
    def play(session):
        session.observed("process", "generator")
        session.manager._link._device.process.kill()
        session.ready()

    with pytest.raises(DeviceFailed, match=f"(?s)the vsock device has ended.*; {KERNEL}"):
        run_scenario(differing(play=play, arguments=LOUD), system, tmp_path, Deadline(60))


def test_a_device_that_lost_something_unasked_is_ours(system, tmp_path, monkeypatch):
    """Ours loses nothing here, so a device that says so stands in for one that does."""
    loser = tmp_path / "loser"
    count = 's/guest_to_host.:0/guest_to_host":7/'
    loser.write_text(f"#!/bin/sh\n{tool.vsock_device()} \"$@\" | sed --unbuffered '{count}'\n")
    loser.chmod(0o755)
    monkeypatch.setattr(tool, "vsock_device", lambda: loser)

    with pytest.raises(DeviceFailed, match="(?s)lost 7 bytes from the guest and 0 to it.*connections"):
        run_scenario(PLAIN, system, tmp_path / "out", Deadline(60))


def test_a_second_qemu_on_the_same_device_is_turned_away_and_the_first_goes_on(system, tmp_path):
    second = []

    def play(session):
        session.observed("process", "generator")
        device = session.share / "vhost-user"
        call = ["qemu-system-x86_64", "-nodefaults", "-display", "none", "-accel", "tcg", "-m", "64M"]
        call += ["-machine", "q35,memory-backend=m", "-object", "memory-backend-memfd,id=m,share=on,size=64M"]
        call += ["-chardev", f"socket,id=v,path={device}", "-device", "vhost-user-vsock-pci,chardev=v", "-S"]
        second.append(subprocess.run(call, capture_output=True, text=True, timeout=30, check=False))
        PLAIN.play(session)

    run = run_scenario(differing(play=play), system, tmp_path, Deadline(60))

    assert run.trouble is None
    assert second[0].returncode != 0 and "vhost" in second[0].stderr


def test_an_image_without_a_kernel_says_how_it_gets_one(system, tmp_path):
    bare = replace(system, root=tmp_path)

    with pytest.raises(EnvironmentUnfit, match="holds no kernel.*try: chroot"):
        run_scenario(PLAIN, bare, tmp_path / "out", Deadline(60))


def test_the_kernels_device_is_not_pretended_to_be_there(system, tmp_path):
    faulty = differing(faults=("no-seqpacket",))

    with pytest.raises(EnvironmentUnfit, match="vhost-vsock cannot be used|our own device"):
        run_scenario(faulty, system, tmp_path, Deadline(60), vsock="kernel")
