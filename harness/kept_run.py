"""A run directory as it was left, read to be judged again; what is broken is refused by name of the file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from harness import run_directory
from harness.expectations import GOOD
from harness.page.trial_run import APART

Lines = list[dict[str, Any]]


class RunRefused(Exception):
    """The folder holds no run, or one that is broken: the file is named."""


def read(kept: Path) -> dict[str, Any]:
    """Its run.json."""
    path = kept / "run.json"
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as failure:
        raise RunRefused(f"{path}: {failure}") from None
    if not isinstance(value, dict) or "format" not in value:
        raise RunRefused(f"{path}: no run of format {run_directory.FORMAT}")
    if value["format"] != run_directory.FORMAT:
        found = value["format"]
        raise RunRefused(
            f"{path}: no run of format {run_directory.FORMAT}, the only one known here, but {found!r}"
        )
    return value


def member(kept: Path, entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str):
        raise RunRefused(f"{kept / 'run.json'}: {name}: a string expected")
    return value


def lines(path: Path) -> Lines:
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    except (OSError, ValueError) as failure:
        raise RunRefused(f"{path}: {failure}") from None


def not_met(folder: Path, run: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Of the run in that folder, by implementation or boot, the cases that were not met and that nobody had foreseen;
    all of them, "*", where it came to no outcome. Raises RunRefused."""
    try:
        return _not_met(folder, run)
    except (KeyError, TypeError, AttributeError) as wrong:
        raise RunRefused(f"{folder / 'run.json'}: {wrong} is missing or of another kind") from None


def _not_met(folder: Path, run: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for entry in [*run.get("implementations", []), *run.get("proxies", [])]:
        results = lines(folder / member(folder, entry, "results"))
        bad = {each["vector"] for each in results if each["word"] not in GOOD and not APART & each.keys()}
        found[entry["name"]] = frozenset(bad | set(entry.get("unput", ())))
    for entry in run.get("boots", []):
        bad_boot = entry["outcome"] not in ("pass", "warn")
        found[f"{entry['image']}/{entry['scenario']}"] = frozenset("*" if bad_boot else "")
    for kind in ("faulty", "broken", "skipped"):
        found |= {each["name"]: frozenset("*") for each in run.get(kind, [])}
    return {name: ids for name, ids in found.items() if ids}


def names(run: Mapping[str, Any], bad: Iterable[str]) -> list[str]:
    """NAMEs by which those are asked for."""
    entries = [*run.get("implementations", []), *run.get("proxies", [])]
    asked = {entry["name"]: entry.get("asked", entry["name"]) for entry in entries}
    return [asked.get(name, name) for name in bad]
