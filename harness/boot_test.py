"""Whatever ends a boot, the trace is whole and nothing is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from harness import tool
from harness.boot import run_scenario
from harness.scenarios import SCENARIOS
from vm import cgroup, image
from vm.claim import BASE, sweep
from vm.deadline import Cancelled, Deadline
from vm.environment import EnvironmentUnfit, require_container
from vm.plant import Plant, unit

pytestmark = pytest.mark.boots


@pytest.fixture(scope="module")
def system():
    """Any version will do: what is tested here is ours."""
    try:
        require_container()
        tool.notifyspec(), tool.mark()
        return image.find("257")
    except EnvironmentUnfit as unfit:  # who asks for boots and gets none has not tested
        pytest.fail(str(unfit))


# Whoever runs these tests may ignore SIGINT, as a shell does for what it starts in the background.
CHILD = """
import signal
import sys
from pathlib import Path
from harness.boot import run_scenario
from harness.recorder import Recorder
from harness.scenarios import SCENARIOS
from vm import image
signal.signal(signal.SIGINT, signal.default_int_handler)
tell = Recorder._take
def loud(self, data):
    tell(self, data)
    sys.stdout.buffer.write(data)
    sys.stdout.flush()
Recorder._take = loud
try:
    run_scenario(SCENARIOS[sys.argv[1]], image.find("257"), Path(sys.argv[2]))
except KeyboardInterrupt:
    sys.exit(42)
"""


def child(folder: Path, scenario: str = "halt") -> subprocess.Popen[str]:
    """A harness that we may kill; it prints what its recorder hears."""
    command = [sys.executable, "-c", CHILD, scenario, str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def read_until(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if words in line:
            return
    pytest.fail(f"never heard {words}")


def left_by(pid: int) -> tuple[list[Path], list[Path]]:
    """Folders and cgroups of that owner."""
    groups = cgroup.own_cgroup().glob(f"notifyspec-{pid}-*")
    return sorted(BASE.glob(f"{pid}-*")), sorted(groups)


@pytest.mark.parametrize(
    "moment", ["listening", '"started"', "HOSTNAME", "sysinit.target", '"ready"', '"SIGRTMIN+3"']
)
def test_a_harness_that_is_killed_leaves_nothing_that_lives(system, tmp_path, moment):
    mounts = Path("/proc/self/mountinfo").read_text()
    process = child(tmp_path)
    read_until(process, moment)

    process.kill()
    process.wait()

    folders, groups = left_by(process.pid)
    for group in groups:
        cgroup.await_empty(group, 5)  # the kernel does its part; nobody of ours helps it here
    assert Path("/proc/self/mountinfo").read_text() == mounts
    sweep()
    assert left_by(process.pid) == ([], [])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_harness_that_is_asked_to_end_cleans_up_itself(system, tmp_path, number):
    process = child(tmp_path)
    read_until(process, "sysinit.target")

    process.send_signal(number)

    assert process.wait() == (42 if number == signal.SIGINT else 128 + number)
    assert left_by(process.pid) == ([], [])


def test_two_boots_at_the_same_time_do_not_meet(system, tmp_path):
    processes = [child(tmp_path / str(number)) for number in range(2)]
    for process in processes:
        process.communicate()

    assert [process.returncode for process in processes] == [0, 0]
    for number, process in enumerate(processes):
        trace = (tmp_path / str(number) / "container-unix-dgram-halt.jsonl").read_text()
        assert "X_SYSTEMD_SHUTDOWN=halt" in trace
        assert left_by(process.pid) == ([], [])


SILENT = Plant("/usr/lib/systemd/systemd", b"#!/bin/sh\necho nothing to say\nexec sleep infinity\n", 0o755)


def test_a_system_that_says_nothing_is_given_up_at_the_deadline(system, tmp_path):
    halt = SCENARIOS["halt"]
    silent = replace(halt, setup=replace(halt.setup, plants=[SILENT]))

    run = run_scenario(silent, system, tmp_path, Deadline(3))

    assert run.hung and run.seconds < 6
    assert "nothing to say" in run.console_tail
    events = [json.loads(line) for line in run.trace.read_text().splitlines()[1:]]
    assert [each["action"] for each in events if each["kind"] == "action"][-1] == "deadline"
    assert left_by(os.getpid()) == ([], [])


def test_a_system_that_ends_at_once_is_not_waited_for(system, tmp_path):
    halt = SCENARIOS["halt"]
    brief = Plant(SILENT.path, b"#!/bin/sh\nexit 3\n", 0o755)

    run = run_scenario(
        replace(halt, setup=replace(halt.setup, plants=[brief])), system, tmp_path, Deadline(30)
    )

    assert not run.hung and run.seconds < 10
    assert run.trouble == "the system under test ended before it came"


def test_a_container_that_cannot_be_started_is_no_fault_of_systemd(system, tmp_path):
    halt = SCENARIOS["halt"]
    broken = replace(halt, setup=replace(halt.setup, machine_id="no-such-id"))

    with pytest.raises(EnvironmentUnfit, match="Invalid UUID"):
        run_scenario(broken, system, tmp_path)
    assert left_by(os.getpid()) == ([], [])


def test_another_thread_can_call_it_off(system, tmp_path):
    deadline = Deadline(30)
    deadline.cancel()

    with pytest.raises(Cancelled):
        run_scenario(SCENARIOS["halt"], system, tmp_path, deadline)
    assert left_by(os.getpid()) == ([], [])


def test_the_header_says_what_the_system_says(system, tmp_path):
    run = run_scenario(SCENARIOS["halt"], system, tmp_path)

    header = json.loads(run.trace.read_text().splitlines()[0])
    assert run.trouble is None
    assert header["hostname"] == "notifyspec-container"
    assert header["systemd"] == system.systemd
    assert [each["cause"] for each in header["transactions"]] == ["boot", "signal SIGRTMIN+3"]
    assert "basic.target" in header["targets"]["multi-user.target"]
    boot, halt = header["transactions"]
    assert {"basic.target", "multi-user.target"} <= set(boot["entered"])
    assert "basic.target" in halt["left"] and "umount.target" in halt["entered"]


def test_what_nobody_asked_for_after_the_boot_is_not_of_the_boot(system, tmp_path):
    def play(session):
        session.ready()
        session.run("systemctl", "start", "notifyspec-late.target")  # as a timer might, unknown to the trace
        session.look()
        session.signal("SIGRTMIN+3", ends=True)
        session.gone()

    halt = SCENARIOS["halt"]
    late = unit("notifyspec-late.target", "[Unit]\nDescription=Late\nAfter=multi-user.target\n")
    setup = replace(halt.setup, plants=late)
    run = run_scenario(replace(halt, setup=setup, play=play), system, tmp_path)

    transactions = json.loads(run.trace.read_text().splitlines()[0])["transactions"]
    assert run.trouble is None
    assert [each["cause"] for each in transactions] == ["boot", "later", "signal SIGRTMIN+3"]
    assert transactions[1]["entered"] == ["notifyspec-late.target"] and transactions[1]["after"] == {}
    assert "graphical.target" in transactions[2]["left"], "the manager unloads it"


RENAMES = """[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=hostname notifyspec-renamed
"""


def test_the_name_in_the_header_is_the_one_with_which_the_system_came_up(system, tmp_path):
    halt = SCENARIOS["halt"]
    renames = unit("notifyspec-renames.service", RENAMES, wanted_by="sysinit.target")
    seen = []

    def play(session):
        session.ready()
        seen.append(session.facts["hostname"])

    run = run_scenario(replace(halt, setup=replace(halt.setup, plants=renames), play=play), system, tmp_path)

    assert run.trouble is None and seen == ["notifyspec-renamed"]
    assert json.loads(run.trace.read_text().splitlines()[0])["hostname"] == "notifyspec-container"
