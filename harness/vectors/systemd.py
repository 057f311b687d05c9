"""Vectors put before a real systemd: each is played by a service of a container that boots for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness import tool
from harness.vectors import units
from harness.vectors.hearing import SILENCE_S, Hearing, hearing
from harness.vectors.manager import SYSTEM, Manager
from harness.vectors.outcomes import Outcome
from harness.vectors.questions import Questions
from harness.vectors.vector import Vector
from vm.claim import Claim
from vm.console import tail
from vm.container import Container, Setup
from vm.deadline import Deadline, DeadlinePassed
from vm.image import Image

FIRST_WITH_TYPE = {"notify-reload": 253}
CRASHED = re.compile(r"Caught <\w+>|Freezing execution|Assertion .* failed")


@dataclass(frozen=True)
class Played:
    """What came of one boot: outcomes by vector, why some have none by our own fault, and why all others have none."""

    outcomes: dict[str, Outcome]
    trouble: str
    crashed: bool
    ours: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Confirmed:
    """An outcome for each vector, but for those that failed by a fault of ours."""

    outcomes: list[Outcome]
    ours: dict[str, str]


def confirm(vectors: Sequence[Vector], image: Image, folder: Path, manager: Manager = SYSTEM) -> Confirmed:
    """Vectors of which a boot says nothing are asked again, each in a boot of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    outcomes = {vector.id: _unknown_type(vector) for vector in vectors if _lacks_type(vector, image)}
    known = [each for each in vectors if each.id not in outcomes]
    whole = play(known, image, folder / "all.console", manager)
    outcomes |= whole.outcomes
    ours = dict(whole.ours)
    for number, vector in enumerate(vectors):
        if vector.id in outcomes or vector.id in ours:
            continue
        alone = play([vector], image, folder / f"{number}.console", manager)
        ours |= alone.ours
        if not alone.ours:
            outcomes |= alone.outcomes or {vector.id: _failed(vector, alone)}
    return Confirmed([outcomes[vector.id] for vector in vectors if vector.id in outcomes], ours)


def _lacks_type(vector: Vector, image: Image) -> bool:
    return image.major < FIRST_WITH_TYPE.get(vector.service["type"], 0)


def _unknown_type(vector: Vector) -> Outcome:
    kind = vector.service["type"]
    reason = f"this systemd has no service of type {kind}: it came with {FIRST_WITH_TYPE[kind]}"
    return {"vector": vector.id, "outcome": "unsupported", "reason": reason}


def _failed(vector: Vector, played: Played) -> Outcome:
    kind = "crash" if played.crashed else "hang"
    return {"vector": vector.id, "outcome": kind, "reason": played.trouble}


def play(vectors: Sequence[Vector], image: Image, console: Path, manager: Manager) -> Played:
    """Boots, and waits until every service has told what it saw, or nothing comes any more."""
    setup = Setup(
        plants=units.plants(vectors, tool.notifyspec_static(), manager),
        arguments=[f"systemd.unit={manager.boots}", "systemd.show_status=no"],
    )
    outcomes: dict[str, Outcome] = {}
    with image.in_use(), Claim() as claim, hearing(claim.share / units.RESULTS) as heard:
        (claim.share / units.TURN).touch()
        (claim.share / units.TURN).chmod(0o666)
        with Container(claim, image, console, setup) as container:
            heard.wait_for(len(vectors), container.exited)
            try:
                outcomes = _ask(container, manager, image, vectors, heard)
            except DeadlinePassed as late:
                heard.trouble = str(late)
            heard.take()  # of those that died while the manager was asked
            container.require_started()
    words = tail(console)
    crashed = CRASHED.search(words) is not None
    outcomes = {each: outcome for each, outcome in outcomes.items() if each not in heard.ours}
    return Played(outcomes, f"{heard.trouble}\n{words}".strip(), crashed, heard.ours)


def _ask(
    container: Container, manager: Manager, image: Image, vectors: Sequence[Vector], heard: Hearing
) -> dict[str, Outcome]:
    names = {units.name_of(number): vector.id for number, vector in enumerate(vectors)}
    hung = [{"vector": vector, "outcome": "hang", "reason": reason} for vector, reason in heard.hung.items()]
    lines = {name: heard.lines[vector] for name, vector in names.items() if vector in heard.lines}
    asked = Questions(container, manager, image, Deadline(SILENCE_S)).outcomes(lines) if lines else []
    return {each["vector"]: each for each in [*hung, *asked]}
