"""Whether two boots told the same: a way to compare traces whatever carried them.

Left out is what is each boot's own: times, and a STATUS of how long a job has been waited for. Targets that no After=
orders come in any order, as the job queue has them, and READY=1 among them: those are compared as a set.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

Row = list[str]  # of one message, its fields as NAME=VALUE

UNORDERED = ("X_SYSTEMD_UNIT_", "READY=", "STATUS=Ready")


@dataclass(frozen=True)
class Told:
    in_any_order: list[str]
    in_order: list[str]


def rows(decoded: str) -> list[Row]:
    """Of what `notifyspec decode --lines` prints; of a time only its name."""
    lines = [json.loads(line) for line in decoded.split("\n") if line]
    return [[_word(field["name"], field["value"]) for field in line["fields"]] for line in lines]


def _word(name: str, value: str) -> str:
    return f"{name}=" if name == "MONOTONIC_USEC" else f"{name}={value}"


def waits(row: Row) -> bool:
    """A manager that has waited for a job for seconds says so in a STATUS: on a busy machine it waits."""
    return len(row) == 1 and row[0].startswith("STATUS=") and " running (" in row[0]


def told(of: Iterable[Row]) -> Told:
    words = [word for row in of if not waits(row) for word in row]
    return Told(sorted(words), [word for word in words if not word.startswith(UNORDERED)])
