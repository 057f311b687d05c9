"""What was asked for and came to no outcome, with the reason: a row of `skipped`, `faulty` or `broken` in run.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Left:
    name: str
    asked: str  # the NAME by which it is asked for again
    reason: str


def rows(left: Mapping[str, Sequence[Left]]) -> dict[str, list[dict[str, str]]]:
    return {kind: [asdict(each) for each in some] for kind, some in left.items()}
