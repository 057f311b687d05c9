"""The vsock device under load: what a real guest sends over it comes back whole, in order, once, on its own connection.

One machine is booted; in it the courier carries bytes to an echo on the host, over each socket type.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from harness import tool
from harness.boot import run_scenario
from harness.boot_test import left_by
from harness.scenarios import SCENARIOS
from vm import image
from vm.deadline import Deadline
from vm.environment import EnvironmentUnfit, require_container
from vm.guest.echo import Echo
from vm.plant import Plant
from vm.ports import HOST_CID
from vm.probes import COURIER

pytestmark = pytest.mark.boots
KIB = 1024


@dataclass(frozen=True)
class Load:
    kind: str
    connections: int
    messages: int  # of each
    size: int  # of each message, in bytes

    def arguments(self) -> list[str]:
        return [self.kind, *(str(number) for number in (self.connections, self.messages, self.size))]


LOADS = {
    "256-seqpacket-connections": Load("seqpacket", 256, 4, 4 * KIB),
    "256-streams": Load("stream", 256, 4, 4 * KIB),
    "64-KiB-messages": Load("seqpacket", 4, 16, 64 * KIB),
    "a-16-MiB-stream": Load("stream", 1, 256, 64 * KIB),
}


@dataclass(frozen=True)
class Carried:
    status: int
    words: str
    most_open: int
    sizes: list[list[int]]  # of what the host received, by connection


@pytest.fixture(scope="module")
def carried(tmp_path_factory) -> dict[str, Carried]:
    seen = {}

    def play(session):
        session.ready()
        port = session.manager.ports.echo
        for name, load in LOADS.items():
            endpoint = session.manager._link.endpoint(port, load.kind)
            path = Path(endpoint.removeprefix(f"unix-{load.kind}:"))
            with Echo(path, load.kind) as echo:
                done = session.try_run(COURIER, str(HOST_CID), str(port), *load.arguments())
            words = (done.stdout + done.stderr).strip()
            seen[name] = Carried(done.returncode, words, echo.most_open, [peer.sizes for peer in echo.peers])
            path.unlink()

    plain = SCENARIOS["vm-poweroff"]
    try:
        require_container()
        tool.notifyspec(), tool.mark(), tool.agent(), tool.vsock_device()
        plants = [Plant(COURIER, tool.courier().read_bytes(), 0o755)]
        scenario = replace(plain, play=play, setup=replace(plain.setup, plants=plants))
        folder = tmp_path_factory.mktemp("carriage")
        run = run_scenario(scenario, image.find("257"), folder, Deadline(240), vsock="user")
    except EnvironmentUnfit as unfit:  # who asks for boots and gets none has not tested
        pytest.fail(str(unfit))
    assert run.trouble is None, f"{run.trouble}\n{run.console_tail}"
    assert left_by(os.getpid()) == ([], [])
    return seen


@pytest.mark.parametrize("name", LOADS)
def test_all_comes_back_as_it_went(carried, name):
    assert (carried[name].status, carried[name].words) == (0, "all came back")


@pytest.mark.parametrize("name", LOADS)
def test_the_host_has_every_connection_at_once_and_all_of_it(carried, name):
    load, seen = LOADS[name], carried[name]

    assert seen.most_open == load.connections
    assert [sum(sizes) for sizes in seen.sizes] == [load.messages * load.size] * load.connections


@pytest.mark.parametrize("name", [name for name, load in LOADS.items() if load.kind == "seqpacket"])
def test_the_host_has_each_message_whole(carried, name):
    load, seen = LOADS[name], carried[name]

    assert seen.sizes == [[load.size] * load.messages] * load.connections
