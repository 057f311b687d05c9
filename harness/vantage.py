"""A vantage: from where a manager is watched. The system manager of a container or of a machine, or a user manager
within a container."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from harness import tool
from harness.recorder import Ears, Ended, Recorder
from harness.scenario import Scenario
from harness.session import Manager, Session
from vm import machine as machines
from vm.claim import Claim
from vm.console import shown, tail
from vm.container import Container, Setup
from vm.deadline import Deadline, DeadlinePassed
from vm.environment import EnvironmentUnfit
from vm.image import Image
from vm.machine import Link, Machine, MachineFailed
from vm.plant import Plant
from vm.ports import Ports
from vm.probes import CALLER, SHARE, identity, machine_probes, system_probes, user_probes
from vm.qmp import QmpFailed
from vm.user_manager import UserManager
from vm.vsock_device import DeviceFailed
from vm.vsock_link import KernelLink, UserLink, kernel_refusal

SOCKET = f"{SHARE}/notify"


class HostNotBooted(Exception):
    """The container that a user manager was to run in did not come up: it is not what was under test."""


@dataclass(frozen=True)
class Stage:
    """What a boot is played on."""

    image: Image
    claim: Claim
    console: Path
    deadline: Deadline
    link: Link | None = None  # of a machine

    def session(self, manager: Manager, recorder: Recorder) -> Session:
        return Session(manager, recorder, self.deadline, self.image.major, self.claim.share)


def planted(scenario: Scenario, ports: Ports = Ports()) -> list[Plant]:
    """All that is laid over the image for it."""
    if scenario.vantage == "vm":
        probes = machine_probes(tool.mark(), tool.agent(), ports)
        if scenario.machine.calls:
            probes.append(Plant(CALLER, tool.caller().read_bytes(), 0o755))
        return [*identity(machines.HOSTNAME), *probes, *scenario.setup.plants]
    probes = (user_probes if scenario.vantage == "user" else system_probes)(tool.mark())
    return [*identity(scenario.setup.hostname), *probes, *scenario.setup.plants]


@contextlib.contextmanager
def link(scenario: Scenario, claim: Claim, vsock: str) -> Iterator[Link | None]:
    """The way between machine and host, ready before anybody listens on it. `vsock`: kernel, user or auto."""
    if scenario.vantage != "vm":
        yield None
        return
    machine = scenario.machine
    refusal = kernel_refusal() if vsock != "user" else None
    if vsock == "kernel" and refusal:
        raise EnvironmentUnfit(f"the kernel's vhost-vsock cannot be used: {refusal}", "modprobe vhost_vsock")
    if vsock == "kernel" and machine.needs_user_device:
        raise EnvironmentUnfit(f"{scenario.name} needs what only our own device does", "--vsock auto")
    by_kernel = vsock != "user" and not refusal and not machine.needs_user_device
    if by_kernel:
        made: Link = KernelLink()
    else:
        made = UserLink(tool.vsock_device(), claim.share, claim.cgroup, machine.faults)
    with made:
        yield made


def ears(scenario: Scenario, claim: Claim, way: Link | None) -> Ears:
    """Where the recorder listens for that scenario."""
    if way is None:
        return Ears(listen=[f"unix:{claim.share / 'notify'}"])
    # Where the credential points, by the socket type that is expected; and by the other, if one port can have both.
    listen = [way.endpoint(way.ports.notify, kind) for kind in way.kinds(scenario.machine.kind)]
    listen.append(way.endpoint(way.ports.stream, "stream"))
    return Ears(listen, [way.endpoint(way.ports.control, "stream")], scenario.transport)


def watch(scenario: Scenario, stage: Stage, recorder: Recorder) -> contextlib.AbstractContextManager[Session]:
    """Starts the manager under test; its messages go to the recorder."""
    return {"container": _container, "user": _user, "vm": _machine}[scenario.vantage](
        scenario, stage, recorder
    )


@contextlib.contextmanager
def _container(scenario: Scenario, stage: Stage, recorder: Recorder) -> Iterator[Session]:
    setup = _with_socket(scenario, SOCKET)
    recorder.action("notify-socket", SOCKET)
    started_usec = recorder.phase("started")
    with Container(stage.claim, stage.image, stage.console, setup) as container:
        session = stage.session(container, recorder)
        session.begin(started_usec, "boot")
        yield session
        container.require_started()


@contextlib.contextmanager
def _machine(scenario: Scenario, stage: Stage, recorder: Recorder) -> Iterator[Session]:
    assert stage.link is not None
    plants = planted(scenario, stage.link.ports)
    machine = Machine(stage.claim, stage.image, stage.console, stage.link, scenario.machine, plants)
    if machine.address is not None:
        recorder.action("notify-socket", machine.address)
    recorder.observe("device-offers", stage.link.offers())
    started_usec = recorder.phase("started")
    with shown(stage.console, MachineFailed, DeviceFailed, QmpFailed), machine:
        session = stage.session(machine, recorder)
        session.facts |= {"masked": machine.masked, "machine": machine.describe(), "kernel": machine.release}
        session.begin(started_usec, "boot")
        yield session
        machine.require_started()


@contextlib.contextmanager
def _user(scenario: Scenario, stage: Stage, recorder: Recorder) -> Iterator[Session]:
    """What the container's own manager says goes elsewhere, and only its READY=1 is of use."""
    elsewhere = stage.claim.share / "host"
    elsewhere.mkdir()
    stage.claim.share.chmod(0o777)  # the probes of that user write there
    setup = _with_socket(scenario, f"{SHARE}/host/notify")
    with Recorder(elsewhere, stage.claim.folder / "host.raw") as host:
        with Container(stage.claim, stage.image, stage.console, setup) as container:
            try:
                host.wait_for("READY", "1", stage.deadline, until=container.exited)
            except (DeadlinePassed, Ended) as end:
                container.require_started()
                raise HostNotBooted(f"{end}\n{tail(stage.console)}") from end
            recorder.action("notify-socket", SOCKET)
            started_usec = recorder.phase("started")
            with UserManager(container, stage.claim.cgroup, stage.deadline, scenario.user) as manager:
                session = stage.session(manager, recorder)
                session.begin(started_usec, "boot")
                yield session


def _with_socket(scenario: Scenario, address: str) -> Setup:
    environment = {"NOTIFY_SOCKET": address, **scenario.setup.environment}
    return replace(scenario.setup, plants=planted(scenario), environment=environment)
