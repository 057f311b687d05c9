"""A vantage: from where a manager is watched. The system manager of a container, or a user manager within
one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from harness import tool
from harness.recorder import Ended, Recorder
from harness.scenario import Scenario
from harness.session import Session
from vm.claim import Claim
from vm.container import Container, Setup
from vm.deadline import Deadline, DeadlinePassed
from vm.image import Image
from vm.plant import Plant
from vm.probes import SHARE, identity, system_probes, user_probes
from vm.user_manager import UserManager


SOCKET = f"{SHARE}/notify"


class HostNotBooted(Exception):
    """The container that a user manager was to run in did not come up: it is not what was under test."""


@dataclass(frozen=True)
class Stage:
    """What a boot is played on."""

    image: Image
    claim: Claim
    console: Path
    recorder: Recorder
    deadline: Deadline

    def session(self, manager: Container | UserManager) -> Session:
        return Session(manager, self.recorder, self.deadline, self.image.major, self.claim.share)


def planted(scenario: Scenario) -> list[Plant]:
    """All that is laid over the image for it."""
    probes = user_probes if scenario.vantage == "user" else system_probes
    return [*identity(scenario.setup.hostname), *probes(tool.mark()), *scenario.setup.plants]


def watch(scenario: Scenario, stage: Stage) -> contextlib.AbstractContextManager[Session]:
    """Starts the manager under test; its messages go to the stage's recorder."""
    return (_user if scenario.vantage == "user" else _container)(scenario, stage)


@contextlib.contextmanager
def _container(scenario: Scenario, stage: Stage) -> Iterator[Session]:
    setup = _with_socket(scenario, SOCKET)
    stage.recorder.action("notify-socket", SOCKET)
    started_usec = stage.recorder.phase("started")
    with Container(stage.claim, stage.image, stage.console, setup) as container:
        session = stage.session(container)
        session.begin(started_usec, "boot")
        yield session
        container.require_started()


@contextlib.contextmanager
def _user(scenario: Scenario, stage: Stage) -> Iterator[Session]:
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
                raise HostNotBooted(f"{end}\n{container.console_tail()}") from end
            stage.recorder.action("notify-socket", SOCKET)
            started_usec = stage.recorder.phase("started")
            with UserManager(container, stage.claim.cgroup, stage.deadline, scenario.user) as manager:
                session = stage.session(manager)
                session.begin(started_usec, "boot")
                yield session


def _with_socket(scenario: Scenario, address: str) -> Setup:
    environment = {"NOTIFY_SOCKET": address, **scenario.setup.environment}
    return replace(scenario.setup, plants=planted(scenario), environment=environment)
