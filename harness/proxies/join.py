"""The shards of a run of proxies laid together: traces, what was compared of them, and what came to nothing."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from harness import kept_run
from harness.adapter import AdapterFault, Fault
from harness.exit_code import ExitCode
from harness.graded import Graded
from harness.implementation import Implementation
from harness.kept_run import RunRefused
from harness.proxies import case as cases
from harness.proxies import directory, table
from harness.proxies.graded import grade
from harness.proxies.rejudge import compared
from harness.proxies.table import Column
from harness.proxies.trial import Tried
from harness.shards import Shards
from harness.suite_lock import SuiteLock

Parts = Sequence[tuple[Path, Mapping[str, Any]]]


def joined(
    parts: Parts, owner: Implementation, out: Path, *, strict: bool, lock: SuiteLock | None
) -> tuple[Graded, Column]:
    name = parts[0][1]["name"]
    tried = Tried(parts[0][1]["version"])
    asked: set[str] = set()
    for kept, entry in parts:
        results = kept_run.checked(kept_run.file(kept, entry, "results"), "results")
        if twice := asked & (these := {each["vector"] for each in results}):
            raise RunRefused(f"{kept}: {min(twice)} is in another shard, too")
        asked |= these
        compared(kept, entry, tried)
        _come_to_nothing(results, tried)
        tried.seconds += entry["seconds"]
        for folder in ("traces", "comparisons"):
            if (source := kept_run.file(kept, entry, folder)).is_dir():
                shutil.copytree(source, out / entry[folder], dirs_exist_ok=True)
    put = [each for each in cases.read() if each.name in {*tried.lines, *tried.faults, *tried.unsupported}]
    graded = grade(tried, name, owner, put, strict=strict, lock=lock)
    return _only(graded, asked), table.column(name, tried)


def _come_to_nothing(results: Sequence[Mapping[str, Any]], tried: Tried) -> None:
    whole = {each.id: each.name for each in cases.read()}
    for line in results:
        if (case := whole.get(line["vector"])) is None:
            continue
        if line["word"] == "unsupported":
            tried.unsupported[case] = line["seen"]
        else:
            tried.faults[case] = AdapterFault(Fault(line["word"]), line["seen"])


def _only(graded: Graded, asked: set[str]) -> Graded:
    """Without what a filter had left out of a case."""
    graded.grades = [each for each in graded.grades if each["vector"] in asked]
    graded.results = [each for each in graded.results if each.vector in asked]
    return graded


def write(
    out: Path, found: Shards, graded: Sequence[Graded], columns: Sequence[Column], code: ExitCode
) -> None:
    directory.write(out, found.started, graded, columns, found.left(), code, found.remarks, found.host)
