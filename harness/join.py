"""The shards of a run made into the run that they are the parts of, as if it had been made at once.

What each has kept is laid together and graded as a whole, so that its words, page and reports are those of one run; the
exit code is the worst. Nothing is run, and the folders stay as they are.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from harness import (
    boot_directory,
    implementation,
    kept_boot,
    kept_lock,
    kept_run,
    rejudge,
    run_directory,
    shards,
    suite_lock,
    table,
    trial_directory,
    wanted_trials,
)
from harness.exit_code import ExitCode, worst
from harness.graded import Graded, answer, grade, tell, tell_remarks
from harness.implementation import Implementation
from harness.kept_run import RunRefused
from harness.proxies import join as proxies
from harness.shards import Entry, Shards
from harness.suite_lock import SuiteLock
from harness.vectors import vector
from harness.vectors.outcomes import Outcomes
from vm.recipe import recipes

Parts = Sequence[tuple[Path, Entry]]


def main(options: argparse.Namespace, root: Path, console: Console) -> ExitCode:
    """Raises RunRefused, LockRefused, and OSError where the folder for the joined run cannot be had."""
    found = shards.read(options.join)
    named = None if options.lock is None else suite_lock.read(options.lock)
    out = run_directory.create(options.out, root)
    if found.kind == "boots":
        code = _boots(found, named, out, console)
    else:
        code = _implementations(found, named, out, console)
    tell_remarks(found.remarks, console)
    console.print(f"page: {os.path.relpath(out / 'index.html')}", highlight=False, soft_wrap=True)
    console.print(answer(code), highlight=False)
    return code


def _implementations(found: Shards, named: SuiteLock | None, out: Path, console: Console) -> ExitCode:
    graded, columns = [], []
    for name, parts in found.entries.items():
        _require_one_version(name, parts)
        owner = _owner(name, parts, "proxy" if found.kind == "proxies" else parts[0][1]["role"])
        lock = named or _lock(found, parts, owner)
        strict = "--strict" in found.of
        if found.kind == "proxies":
            each, column = proxies.joined(parts, owner, out, strict=strict, lock=lock)
            columns.append(column)
        else:
            each = _joined(parts, owner, out, found.profile, strict=strict, lock=lock)
        tell(each, f"{name}: ", console)
        graded.append(each)
    # What is expected is held to the whole anew, and says itself whether it is true.
    codes = [code for code in found.codes if code is not ExitCode.BASELINE or not graded]
    code = worst([*codes, *(each.code for each in graded)])
    if found.kind == "proxies":
        proxies.write(out, found, graded, columns, code)
    else:
        trial_directory.write(
            out, found.started, graded, found.left(), code, found.profile, found.remarks, found.host
        )
    return code


def _joined(
    parts: Parts,
    owner: Implementation,
    out: Path,
    profile: str | None,
    *,
    strict: bool,
    lock: SuiteLock | None,
) -> Graded:
    lines: dict[str, Any] = {}
    put: set[str] = set()
    for kept, entry in parts:
        for line in rejudge.outcomes_of(kept, entry)[1:]:
            if lines.setdefault(line["vector"], line) is not line:
                raise RunRefused(f"{kept}: {line['vector']} is in another shard, too")
        put |= {*lines, *entry["unput"]}
    entry = parts[0][1]
    vectors = [each for each in vector.read(entry["role"]) if each.id in put]
    outcomes = Outcomes(
        entry["implementation"],
        entry["version"],
        entry["role"],
        [lines[each.id] for each in vectors if each.id in lines],
    )
    seconds = sum(each["seconds"] for _, each in parts)
    with kept_run.readable(parts[0][0]):
        return grade(
            outcomes,
            entry["name"],
            owner,
            vectors,
            out,
            profile,
            seconds=seconds,
            proof=entry["proof"],
            strict=strict,
            lock=lock,
        )


def _require_one_version(name: str, parts: Parts) -> None:
    for kept, entry in parts:
        if (version := entry["version"]) != (first := parts[0][1]["version"]):
            raise RunRefused(f"{kept}: {name} is {version} there, and {first} in {parts[0][0]}")


def _owner(name: str, parts: Parts, role: str) -> Implementation:
    """Whose expectations are to hold."""
    kept, entry = parts[0]
    asked = entry.get("asked", name)
    for each in wanted_trials.resolve(asked, list(recipes())):
        if each.name == name and each.implementation.role == role:
            return each.implementation
    if (owner := implementation.owner(name, role)).folder.is_dir():
        return owner
    raise RunRefused(f"{kept}: {asked} is not here: join from the folder where the shards were run")


def _lock(found: Shards, parts: Parts, owner: Implementation) -> SuiteLock | None:
    """As the shards had it: one that was named then, or the one beside the adapter."""
    return kept_lock.of(parts) if "--lock" in found.of else suite_lock.beside(owner.folder)


def _boots(found: Shards, named: SuiteLock | None, out: Path, console: Console) -> ExitCode:
    boots, names = [], set()
    for kept, run in zip(found.folders, found.runs, strict=True):
        for entry in run["boots"]:
            if entry["name"] in names:
                raise RunRefused(f"{kept}: {entry['name']} is in another shard, too")
            names.add(entry["name"])
            lock = named or kept_lock.of([(kept, entry)])
            told = kept_run.checked(kept_run.file(kept, entry, "verdicts"), "verdicts")
            asked = [f"--only={each['requirement']}" for each in told]
            boots.append(kept_boot.judge(kept, entry, out, found.profile, lock, asked))
    codes = [each.code for each in boots if each.code is not ExitCode.NOTHING_RAN]
    # Of a boot that hung, whose failure that is was found out then.
    code = worst([*found.codes, *(each for each in codes if each is ExitCode.CONFORMS)])
    left = [(each.name, each.reason) for some in found.left().values() for each in some]
    boot_directory.write(out, found.started, boots, left, code, found.profile, found.remarks, found.host)
    if boots:
        table.show(boots, console)
    return code
