"""One boot: plays a scenario on an image, and leaves a whole trace and a clean machine, whatever happens."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from harness import header, transaction
from harness.recorder import Ended, Recorder
from harness.scenario import Scenario
from harness.session import NotPlayed, Session
from harness.termination import terminable
from harness.vantage import Stage, ears, link, planted, watch
from vm.agent import NoAgent
from vm.claim import Claim
from vm.console import tail
from vm.deadline import Deadline, DeadlinePassed
from vm.image import Image
from vm.leader import NoLeader

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

    @property
    def console_tail(self) -> str:
        """The last lines that the system wrote on its console."""
        return tail(self.console)


def run_scenario(
    scenario: Scenario, image: Image, folder: Path, deadline: Deadline | None = None, vsock: str = "auto"
) -> Run:
    """Boots, plays, kills. The files are <vantage>-<transport>-<scenario>.{jsonl,console} in `folder`.

    `vsock`: whose device a machine has: kernel, user or auto. Raises what harness/ours.py lists: those are our
    failures, never the system's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{scenario.vantage}-{scenario.transport}-{scenario.name}"
    console, raw, trace = (folder / f"{name}.{suffix}" for suffix in ("console", "raw", "jsonl"))
    began = time.monotonic()
    deadline = deadline or Deadline(DEADLINE_S)
    with terminable(), image.in_use(), Claim() as claim, link(scenario, claim, vsock) as way:
        with Recorder(claim.share, raw, ears(scenario, claim, way)) as recorder:
            stage = Stage(image, claim, console, deadline, way)
            with watch(scenario, stage, recorder) as session:
                hung, trouble = _play(scenario, session)
            recorder.finish()
    if way is not None:
        way.require_nothing_lost(played=trouble is None)
    _write(raw, trace, session, _facts(scenario, image))
    return Run(scenario.name, image.name, trace, console, time.monotonic() - began, hung, trouble)


def _play(scenario: Scenario, session: Session) -> tuple[bool, str | None]:
    """Says whether it hung, and why it was not played to its end."""
    try:
        scenario.play(session)
    except DeadlinePassed as late:
        session.recorder.action("deadline")
        return True, str(late)
    except Ended as end:
        return False, str(end)
    except (NotPlayed, NoLeader, NoAgent) as trouble:
        return False, str(trouble)
    return False, None


def _facts(scenario: Scenario, image: Image) -> dict[str, object]:
    return {
        "systemd": image.systemd,
        "vantage": scenario.vantage,
        "distribution": image.distribution,
        "scenario": scenario.name,
        "planted": [plant.path for plant in planted(scenario)],
    }


def _write(raw: Path, trace: Path, session: Session, facts: dict[str, object]) -> None:
    """The recorder's own file becomes the trace."""
    facts |= session.facts
    if any(each.snapshots for each in session.transactions):
        transaction.fill(session.transactions)
        facts["targets"] = transaction.boot_order(session.transactions)
        facts["transactions"] = session.transactions
    header.complete(raw, trace, facts)
    raw.unlink()
