"""The vectors that a run put before its implementations, a line each, so that the folder can be read without the suite.

What was recorded of real systemd is left out: it is the suite's own, and no part of what was put.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from harness.graded import Graded
from harness.vectors import vector

Line = dict[str, Any]
SUITES_OWN = ("systemd", "stays", "unobserved")


def lines(graded: Sequence[Graded]) -> Iterator[Line]:
    put = {each["vector"] for one in graded for each in one.grades if "vector" in each}
    for role in sorted({each.outcomes.role for each in graded}):
        for each in vector.read(role):
            if each.id in put:
                kept = {name: value for name, value in each.content.items() if name not in SUITES_OWN}
                yield {"vector": each.id, "role": role, **kept}
