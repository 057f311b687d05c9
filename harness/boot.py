"""One boot: plays a scenario on an image, and leaves a whole trace and a clean machine, whatever happens."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from pathlib import Path

from harness import header, tool, transaction
from harness.recorder import Ended, Recorder
from harness.scenario import Scenario
from harness.session import NotPlayed, Session
from harness.termination import terminable
from vm.claim import Claim
from vm.container import Container, NoLeader, Setup
from vm.deadline import Deadline, DeadlinePassed
from vm.image import Image
from vm.probes import SHARE, identity, system_probes
from vm.snapshot import target_order

DEADLINE_S = float(os.environ.get("NOTIFYSPEC_DEADLINE") or 60)


@dataclass(frozen=True)
class Run:
    """What came of one boot. Whether it conforms is for `notifyspec judge` to say of the trace."""

    scenario: str
    image: str
    trace: Path
    console: Path
    seconds: float
    hung: bool  # the deadline passed: the trace has action `deadline`
    trouble: str | None  # why the scenario was not played to its end, if it was not
    console_tail: str


def run_scenario(scenario: Scenario, image: Image, folder: Path, deadline: Deadline | None = None) -> Run:
    """Boots, plays, kills. The files are <vantage>-unix-dgram-<scenario>.{jsonl,console} in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{scenario.vantage}-unix-dgram-{scenario.name}"
    console, raw, trace = (folder / f"{name}.{suffix}" for suffix in ("console", "raw", "jsonl"))
    began = time.monotonic()
    deadline = deadline or Deadline(DEADLINE_S)
    setup = _furnished(scenario.setup)
    with terminable(), image.in_use(), Claim() as claim, Recorder(claim.share, raw) as recorder:
        started_usec = recorder.phase("started")
        with Container(claim, image, console, setup) as container:
            session = Session(container, recorder, deadline, image.major, claim.share)
            session.begin(started_usec, "boot")
            hung, trouble = _play(scenario, session)
            tail = container.console_tail()
        recorder.finish()
    facts = session.facts | {
        "systemd": image.systemd,
        "distribution": image.distribution,
        "scenario": scenario.name,
        "vantage": scenario.vantage,
        "planted": [plant.path for plant in setup.plants],
    }
    _write(raw, trace, session, facts)
    return Run(scenario.name, image.name, trace, console, time.monotonic() - began, hung, trouble, tail)


def _furnished(setup: Setup) -> Setup:
    """With what every boot has: the socket, the probes, an identity."""
    plants = [*identity(setup.hostname, setup.machine_id), *system_probes(tool.mark()), *setup.plants]
    return replace(
        setup, plants=plants, environment={"NOTIFY_SOCKET": f"{SHARE}/notify", **setup.environment}
    )


def _play(scenario: Scenario, session: Session) -> tuple[bool, str | None]:
    """Says whether it hung, and why it was not played to its end."""
    try:
        scenario.play(session)
    except DeadlinePassed as late:
        session.recorder.action("deadline")
        return True, str(late)
    except (Ended, NotPlayed, NoLeader) as end:
        return False, str(end)
    return False, None


def _write(raw: Path, trace: Path, session: Session, facts: dict[str, object]) -> None:
    """The recorder's own file becomes the trace."""
    if session.snapshots:
        facts["targets"] = target_order(session.snapshots)
        transaction.fill(
            session.transactions, {each for shot in session.snapshots for each in shot.changes()}
        )
        facts["transactions"] = session.transactions
    header.complete(raw, trace, facts)
    raw.unlink()
