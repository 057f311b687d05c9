"""Runs vectors against bugs, over real sockets, several bugs at a time; a kill is what the correct one does otherwise.

A vector kills a bug where the conclusion of the variant is none that the vector allows, or the variant crashes or
hangs, and the correct implementation is as the vector has it. Judging is left to `notifyspec grade`.
"""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from harness import judgement, tool
from harness.adapter import Adapter
from harness.keeper import PR_SET_PDEATHSIG
from harness.kill.bug import CORRECT, Bug
from harness.sending import Sending
from harness.vectors import receiver
from harness.vectors.outcomes import Outcomes
from harness.vectors.vector import FOLDER, Vector

Kills = tuple[str, ...]


class NotCorrect(Exception):
    """The implementation that bugs are planted in is not as every vector has it: no kill would prove anything."""


def against_vectors(role: str, name: str, vectors: Sequence[Vector], folder: Path) -> Kills:
    """The vectors that a variant of the reference is not as they have it."""
    make = _sender_outcomes if role == "sender" else _receiver_outcomes
    file = make(name, vectors, folder).write(folder / "outcomes.jsonl")
    only = [word for each in vectors for word in ("--only", each.id)]
    grades = judgement.grade(file, FOLDER, *only)
    return tuple(each["vector"] for each in grades if each.get("as_described") is False)


def _end_with(owner: int) -> None:
    """In a process of the pool: where its owner is killed outright, nobody else would tell it. What ends the owner in
    good order is no affair of its own."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != owner:
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _receiver_outcomes(name: str, vectors: Sequence[Vector], folder: Path) -> Outcomes:
    return receiver.run([tool.notifyspec(), "receive", "--bug", name], vectors, folder)


def _sender_outcomes(name: str, vectors: Sequence[Vector], folder: Path) -> Outcomes:
    command = [tool.notifyspec(), "send", "--bug", name]
    folder.mkdir(parents=True, exist_ok=True)
    with Sending(lambda: Adapter(command, folder / "adapter.log"), folder / "n") as sending:
        outcomes = list(sending.outcomes({each.id: each.content for each in vectors}))
        sending.stop()
        return Outcomes(sending.who["name"], sending.who["version"], "sender", outcomes)


def matrix(
    bugs: Sequence[Bug], vectors: Mapping[str, Sequence[Vector]], folder: Path
) -> Iterator[tuple[Bug, Kills]]:
    """Each bug with its kills, in order. `vectors` by role. Raises NotCorrect before the first."""
    correct = [Bug(role, CORRECT, "") for role in sorted({bug.role for bug in bugs})]
    with ProcessPoolExecutor(os.cpu_count(), initializer=_end_with, initargs=(os.getpid(),)) as pool:
        runs = [
            pool.submit(
                against_vectors, bug.role, bug.name, vectors[bug.role], folder / bug.id.replace("/", "-")
            )
            for bug in [*correct, *bugs]
        ]
        try:
            for bug, run in zip(correct, runs, strict=False):
                if run.result():
                    raise NotCorrect(f"the correct {bug.role} is not as {', '.join(run.result())} has it")
            for bug, run in zip(bugs, runs[len(correct) :], strict=True):
                yield bug, run.result()
        finally:
            for run in runs:
                run.cancel()
