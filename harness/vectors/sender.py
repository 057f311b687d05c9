"""Vectors put before real senders and before the reference: what each sent, graded, and for libsystemd recorded.

What a vector records of a systemd is what its libsystemd sent; where the library has no such call, its systemd-notify.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness import implementation, tool
from harness.adapter import Adapter
from harness.scratch import scratch
from harness.sending import Sending
from harness.vectors import confirmation
from harness.vectors.confirmation import Confirmation, Grade
from harness.vectors.outcomes import Outcome, Outcomes
from harness.vectors.vector import Vector
from vm.image import Image

REFERENCE = "reference"
TMP = Path("/tmp")
LIBRARY, COMMAND = "libsystemd", "systemd-notify"
TIME = re.compile(r"^(MONOTONIC_USEC=)\d+$", re.MULTILINE)


def reference(vectors: Sequence[Vector], out: Path) -> list[Confirmation]:
    """Of our own sender."""
    name, version, outcomes = _run([tool.notifyspec(), "send"], vectors, out / REFERENCE)
    return [
        Confirmation(REFERENCE, vectors, _grade(Outcomes(name, version, "sender", outcomes), vectors, out))
    ]


def real(vectors: Sequence[Vector], image: Image, out: Path) -> list[Confirmation]:
    """Of a systemd: its library, whose word is recorded, and its command."""
    vectors = [vector for vector in vectors if "unobserved" not in vector.content]
    seen = {name: _inside(name, vectors, image, out) for name in (LIBRARY, COMMAND)}
    whole = [
        theirs if ours["outcome"] == "unsupported" and theirs["outcome"] == "concluded" else ours
        for ours, theirs in zip(seen[LIBRARY], seen[COMMAND], strict=True)
    ]
    graded = {
        name: _grade(
            Outcomes("systemd", image.systemd, "sender", outcomes), vectors, out, f"{image.name}-{name}"
        )
        for name, outcomes in ((LIBRARY, whole), (COMMAND, seen[COMMAND]))
    }
    return [
        Confirmation(image.name, vectors, _timeless(vectors, graded[LIBRARY]), str(image.major)),
        # A command can do less than a library: what it cannot is no news.
        Confirmation(
            f"{image.name} {COMMAND}", vectors, [each for each in graded[COMMAND] if _was_asked(each)]
        ),
    ]


def _was_asked(grade: Grade) -> bool:
    return "as_described" in grade or grade["verdict"] != "skip"


def _inside(name: str, vectors: Sequence[Vector], image: Image, out: Path) -> list[Outcome]:
    # Below /tmp, where the root of the system under test has room for what is shared with it.
    with scratch(TMP) as share, image.in_use():
        command = implementation.read(name).start(image, share)
        return _run(command, vectors, out / f"{image.name}-{name}", share)[2]


def _run(
    command: Sequence[str | Path], vectors: Sequence[Vector], logs: Path, share: Path | None = None
) -> tuple[str, str, list[Outcome]]:
    """Name and version of the sender, and an outcome a vector."""
    logs.mkdir(parents=True, exist_ok=True)
    with scratch(TMP) as own:
        folder = (share or own) / "n"
        with Sending(lambda: Adapter(command, logs / "adapter.log"), folder) as sending:
            outcomes = list(sending.outcomes({vector.id: vector.content for vector in vectors}))
            sending.stop()
            return sending.who["name"], sending.who["version"], outcomes


def _grade(outcomes: Outcomes, vectors: Sequence[Vector], out: Path, name: str = REFERENCE) -> list[Grade]:
    only = [word for vector in vectors for word in ("--only", vector.id)]
    return confirmation.grade(outcomes.write(out / f"sender-{name}.jsonl"), *only)


def _timeless(vectors: Sequence[Vector], grades: Sequence[Grade]) -> list[Grade]:
    """With ${usec} for the time that a sender has put into a message of its own: it is another each time."""
    timed = {
        vector.id
        for vector in vectors
        if any(step["call"] == "reloading" for step in vector.content["steps"])
    }
    return [_without_time(grade) if grade["vector"] in timed else grade for grade in grades]


def _without_time(grade: Grade) -> Grade:
    conclusion: dict[str, Any] = dict(grade.get("conclusion", {}))
    if "arrived" not in conclusion:
        return grade
    conclusion["arrived"] = [
        each | {"data": TIME.sub(r"\1${usec}", each["data"])} if "data" in each else each
        for each in conclusion["arrived"]
    ]
    return grade | {"conclusion": conclusion}
