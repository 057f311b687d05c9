"""A trial: one implementation, in one place, before all vectors of its role.

The adapter is proved before it is believed: what nobody knows it must say that it cannot do, the simplest case must
pass, and a case that nobody meets must fail. What comes of a trial are outcomes; nothing is judged here but the proof.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness import judgement, managed
from harness.adapter import Adapter, AdapterFault, Fault
from harness.implementation import Implementation
from harness.sending import Sending
from harness.vectors import receiver, vector
from harness.vectors.outcomes import Outcomes
from harness.vectors.vector import Vector
from vm.environment import EnvironmentUnfit
from vm.image import Image

PROOFS = vector.FOLDER.parent / "proofs"
PROVED = {"right": "pass", "wrong": "fail"}


@dataclass(frozen=True)
class Trial:
    implementation: Implementation
    image: Image | None  # inside whose root it runs; here, if none

    @property
    def name(self) -> str:
        """As a person names it."""
        name = self.implementation.name
        return f"{name}/{self.image.name}" if self.image else name

    @property
    def file(self) -> str:
        """Of its files."""
        return self.name.replace("/", "-")


@dataclass(frozen=True)
class Tried:
    trial: Trial
    outcomes: Outcomes
    seconds: float
    proof: Mapping[str, str]  # what the adapter was asked to prove itself, and what it came to


def run(trial: Trial, vectors: Sequence[Vector], logs: Path, patience_s: float) -> Tried:
    """Raises EnvironmentUnfit where it cannot run, and AdapterFault where its adapter cannot be trusted."""
    began = time.monotonic()
    logs.mkdir(parents=True, exist_ok=True)
    if trial.implementation.manager:
        return _boot(trial, vectors, logs, began)
    with _command(trial) as (command, share):
        proof = _outcomes(
            trial, command, vector.read(trial.implementation.role, PROOFS), share, logs, patience_s
        )
        proved = _prove(proof, share)
        outcomes = _outcomes(trial, command, vectors, share, logs, patience_s)
    return Tried(trial, outcomes, time.monotonic() - began, proved)


def _boot(trial: Trial, vectors: Sequence[Vector], logs: Path, began: float) -> Tried:
    """It is booted, and proved as an adapter is, but for what nobody knows: it is asked nothing."""
    which, image = trial.implementation.manager, trial.image
    if image is None:
        raise EnvironmentUnfit(f"{trial.name} is booted from an image", f"the name of one: {trial.name}/257")
    with image.in_use():
        proof = managed.outcomes(which, image, vector.read("receiver", PROOFS), logs / "proof")
        proved = _prove(proof, logs)
        outcomes = managed.outcomes(which, image, vectors, logs)
    return Tried(trial, outcomes, time.monotonic() - began, proved)


@contextlib.contextmanager
def _command(trial: Trial) -> Iterator[tuple[list[str], Path]]:
    # Below /tmp, where the root of an image has room for what is shared with it.
    with contextlib.ExitStack() as held:
        share = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="notifyspec-", dir="/tmp")))
        if trial.image is not None:
            held.enter_context(trial.image.in_use())
        yield trial.implementation.start(trial.image, share), share


def _outcomes(
    trial: Trial, command: list[str], vectors: Sequence[Vector], share: Path, logs: Path, patience_s: float
) -> Outcomes:
    if trial.implementation.role == "receiver":
        folders = (vector.FOLDER, PROOFS)
        return receiver.run(command, vectors, logs, folders=folders, patience_s=patience_s)

    def adapter() -> Adapter:
        return Adapter(command, logs / "adapter.log", patience_s=patience_s)

    with Sending(adapter, share / "n") as sending:
        outcomes = list(sending.outcomes({each.id: each.content for each in vectors}))
        sending.stop()
        return Outcomes(sending.who["name"], sending.who["version"], "sender", outcomes)


def _prove(proof: Outcomes, share: Path) -> dict[str, str]:
    # Else an adapter would not have come here.
    proved = {} if proof.implementation == "systemd" else {"an unknown request": "refused"}
    grades = judgement.grade(proof.write(share / "proof.jsonl"), PROOFS)
    for grade in grades:
        if "vector" not in grade:
            continue
        wanted = PROVED[grade["vector"].rpartition("/")[2]]
        if grade["verdict"] != wanted:
            seen = grade.get("seen") or grade.get("reason", "")
            reason = f'the case {grade["vector"]} must come to "{wanted}", and came to "{grade["verdict"]}": {seen}'
            raise AdapterFault(Fault.NONSENSE, f"it cannot be believed: {reason}")
        proved[grade["vector"]] = grade["verdict"]
    return proved
