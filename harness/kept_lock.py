"""What a run was held to when it was made: the suite.lock of then, as far as the lines that it has kept tell of it.

A line that is advisory was not adopted. Where there is one, there was a lock, and what the run does not have was not in
it either; where there is none, all counts.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from harness import kept_run, suite_lock
from harness.suite_lock import SuiteLock


def lock(options: argparse.Namespace, kept: Path, entry: Mapping[str, Any]) -> SuiteLock | None:
    """For judging it again: the one that is named now, else that of then. Raises LockRefused, RunRefused."""
    return of([(kept, entry)]) if options.lock is None else suite_lock.read(options.lock)


def of(parts: Sequence[tuple[Path, Mapping[str, Any]]]) -> SuiteLock | None:
    """Of one, or of several that are parts of one.

    A case that is no more is left out: nobody wrote that lock anew to be held to it.
    """
    told, (first, entry) = [], parts[0]
    file, member = ("results", "vector") if "results" in entry else ("verdicts", "requirement")
    for kept, entry in parts:
        told += kept_run.checked(kept_run.file(kept, entry, file), file)
    if not any("advisory" in line for line in told):
        return None
    adopted = {line[member] for line in told if "advisory" not in line}
    return SuiteLock(first / "run.json", suite_lock.NAME, frozenset(adopted & set(suite_lock.known())))
