"""A run directory as it was left, read to be judged again; what is broken is refused by name of the file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from harness import run_directory

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


def tell_flips(now: Iterable[tuple[str, str]], before: Mapping[str, str], console: Console) -> None:
    for name, verdict in now:
        if before.get(name, verdict) != verdict:
            console.print(Text(f"  the suite changed: {name}: {before[name]}, now {verdict}", style="yellow"))
