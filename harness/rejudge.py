"""Judging again what a run has kept, with today's suite: what flips is the doing of the suite.

Outcomes of implementations are graded and traces of boots are judged anew; nothing is run. Vectors that are newer than
the run are counted and left out, and so are outcomes of vectors that are no more. What counts is what --lock has
adopted, or else what the run itself was held to (kept_lock.py). The folder itself stays as it is: what comes of it is a
run directory of its own, whole, with page and reports.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from harness import (
    boot_directory,
    flips,
    implementation,
    kept_boot,
    kept_lock,
    kept_run,
    run_directory,
    trial_directory,
)
from harness.exit_code import ExitCode, worst
from harness.graded import Graded, answer, grade, tell, tell_remarks
from harness.page.trial_run import LEFT
from harness.proxies import rejudge as proxies
from harness.suite_lock import NOTHING_COUNTS, SuiteLock
from harness.vectors import vector
from harness.vectors.outcomes import Outcomes


def main(options: argparse.Namespace, root: Path, console: Console) -> ExitCode:
    """Raises RunRefused, and OSError where the folder for the new verdicts cannot be had."""
    kept: Path = options.rejudge
    run = kept_run.read(kept)
    profile = options.profile or run.get("profile")
    started = datetime.now(timezone.utc)
    if run.get("proxies"):
        return proxies.main(kept, run["proxies"], options, root, console)
    entries, boots = run.get("implementations", []), run["boots"]
    if not entries and not boots:
        console.print("nothing was run there that could be judged")
        return ExitCode.NOTHING_RAN
    out = run_directory.create(options.out, root)
    locks = [kept_lock.lock(options, kept, each) for each in boots or entries]
    if boots:
        code = _boots(kept, boots, locks, out, started, profile, console)
    else:
        graded = [
            _implementation(kept, each, lock, out, profile, console)
            for each, lock in zip(entries, locks, strict=True)
        ]
        code = worst(each.code for each in graded)
        remarks = [remark for each in graded for remark in each.remarks]
        tell_remarks(remarks, console)
        trial_directory.write(out, started, graded, dict.fromkeys(LEFT, ()), code, profile, remarks)
    console.print(f"page: {os.path.relpath(out / 'index.html')}", highlight=False, soft_wrap=True)
    console.print(answer(code), highlight=False)
    return code


def _implementation(
    kept: Path,
    entry: Mapping[str, Any],
    lock: SuiteLock | None,
    out: Path,
    profile: str | None,
    console: Console,
) -> Graded:
    header, *lines = outcomes_of(kept, entry)
    name = entry["name"]
    known = {each.id: each for each in vector.read(header["role"])}
    gone = [line["vector"] for line in lines if line["vector"] not in known]
    lines = [line for line in lines if line["vector"] in known]
    outcomes = Outcomes(header["implementation"], header["version"], header["role"], lines)
    put = [known[line["vector"]] for line in lines]
    with kept_run.readable(kept_run.file(kept, entry, "outcomes")):
        owner = implementation.owner(name, header["role"])
        graded = grade(outcomes, name, owner, put, out, profile, lock=lock)
    tell(graded, f"{name}: ", console)
    for count, words in ((len(gone), "are no more"), (len(known) - len(put), "were not put then")):
        if count:
            console.print(Text(f"  {count} vectors {words}"))
    before = {
        each["vector"]: each["verdict"]
        for each in kept_run.checked(kept_run.file(kept, entry, "grades"), "grades")
        if "vector" in each
    }
    now = ((each["vector"], each["verdict"]) for each in graded.grades if "vector" in each)
    flips.tell(now, before, console)
    return graded


def outcomes_of(kept: Path, entry: Mapping[str, Any]) -> kept_run.Lines:
    """Each line as the schema has it, the head first, and as many as were counted."""
    path = kept_run.file(kept, entry, "outcomes")
    found = kept_run.checked(path, "outcome")
    for number, line in enumerate(found or [{}], 1):
        if ("format" in line) != (number == 1):
            raise kept_run.RunRefused(
                f"{path}:{number}: {'the head' if number == 1 else 'no other head'} expected"
            )
    kept_run.require_count(kept, entry, "outcomes", len(found) - 1)
    return found


def _boots(
    kept: Path,
    entries: Sequence[Mapping[str, Any]],
    locks: Sequence[SuiteLock | None],
    out: Path,
    started: datetime,
    profile: str | None,
    console: Console,
) -> ExitCode:
    boots = [
        kept_boot.judge(kept, each, out, profile, lock) for each, lock in zip(entries, locks, strict=True)
    ]
    for judged, entry in zip(boots, entries, strict=True):
        console.print(Text(f"{judged.name}: {answer(judged.code)}"))
        verdicts = kept_run.lines(kept_run.file(kept, entry, "verdicts"))
        before = {each["requirement"]: each["verdict"] for each in verdicts}
        flips.tell(((each["requirement"], each["verdict"]) for each in judged.verdicts), before, console)
    # A boot of which no requirement speaks takes nothing away from the others.
    codes = [each.code for each in boots if each.code is not ExitCode.NOTHING_RAN]
    remarks = sorted({words for lock in locks if lock for words in lock.untrue()})
    codes += [ExitCode.BASELINE] * bool(remarks)
    told = [each for judged in boots for each in judged.verdicts]
    if told and all("advisory" in each for each in told):
        remarks.append(NOTHING_COUNTS)
    tell_remarks(remarks, console)
    code = worst(codes)
    boot_directory.write(out, started, boots, (), code, profile, remarks)
    return code
