"""Judging again what a run of proxies has kept: the traces of both sides are compared anew, and nothing is run.

A case that came to no comparison then (a hang, say) comes to none now, and is left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from rich.console import Console

from harness import flips, implementation, judgement, kept_lock, kept_run, run_directory
from harness.exit_code import ExitCode, worst
from harness.graded import Graded, answer, tell, tell_remarks
from harness.page.trial_run import LEFT
from harness.proxies import case as cases
from harness.proxies import directory, table
from harness.proxies.case import ROLE
from harness.proxies.graded import grade
from harness.proxies.trial import Tried
from harness.suite_lock import SuiteLock


def main(
    kept: Path,
    entries: Sequence[Mapping[str, Any]],
    options: argparse.Namespace,
    root: Path,
    console: Console,
) -> ExitCode:
    """Raises RunRefused, and OSError where the folder for the new verdicts cannot be had."""
    started = datetime.now(timezone.utc)
    out = run_directory.create(options.out, root)
    tried = {each["name"]: compared(kept, each, Tried(each["version"])) for each in entries}
    locks = {each["name"]: kept_lock.lock(options, kept, each) for each in entries}
    graded = [_graded(kept, each, tried[each["name"]], locks[each["name"]], console) for each in entries]
    code = worst(each.code for each in graded)
    remarks = [remark for each in graded for remark in each.remarks]
    tell_remarks(remarks, console)
    columns = [table.column(name, each) for name, each in tried.items()]
    directory.write(out, started, graded, columns, dict.fromkeys(LEFT, ()), code, remarks)
    console.print(answer(code), highlight=False)
    return code


def compared(kept: Path, entry: Mapping[str, Any], tried: Tried) -> Tried:
    """With the cases of which both traces were kept."""
    traces = kept_run.file(kept, entry, "traces")
    for path in sorted(kept_run.file(kept, entry, "comparisons").glob("*.jsonl")):
        went_in, came_out = traces / f"{path.stem}.in.jsonl", traces / f"{path.stem}.out.jsonl"
        with kept_run.readable(traces):
            tried.lines[path.stem] = judgement.compare(went_in, came_out, entry["documented"])
        if len(kept_run.lines(went_in)) > 1:  # a payload that was told of no socket has sent nothing
            tried.sockets.add(path.stem)
    return tried


def _graded(
    kept: Path, entry: Mapping[str, Any], tried: Tried, lock: SuiteLock | None, console: Console
) -> Graded:
    name = entry["name"]
    put = [each for each in cases.read() if each.name in tried.lines]
    graded = grade(tried, name, implementation.owner(name, ROLE), put, lock=lock)
    tell(graded, f"{name}: ", console)
    grades = kept_run.lines(kept_run.file(kept, entry, "grades"))
    before = {each["vector"]: each["word"] for each in grades if {"vector", "word"} <= each.keys()}
    flips.tell(((each.vector, each.word) for each in graded.results), before, console)
    return graded
