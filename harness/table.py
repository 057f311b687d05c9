"""The verdicts as a table for the terminal: a requirement a row, a boot a column. It decides nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness import judgement
from harness.subject import Judged

STYLES = {"pass": "green", "fail": "bold red", "warn": "yellow", "inconclusive": "yellow", "skip": "dim"}


def show(boots: Sequence[Judged], console: Console) -> None:
    """All requirements that say something about one of the boots, then every failure in full."""
    levels = {row["id"]: row for row in map(json.loads, judgement.listing("requirements").splitlines())}
    verdicts = [{verdict["requirement"]: verdict for verdict in boot.verdicts} for boot in boots]
    table = Table(box=None, pad_edge=False)
    table.add_column("requirement", no_wrap=True)
    table.add_column("level")
    for boot in boots:
        table.add_column(f"{boot.image.name} {boot.scenario.name}", no_wrap=True)
    for requirement, row in levels.items():
        cells = [found.get(requirement) for found in verdicts]
        if any(cell and cell["verdict"] != "skip" or _seen(cell) for cell in cells):
            table.add_row(requirement, row["level"], *map(_cell, cells))
    console.print(table)
    for boot, found in zip(boots, verdicts, strict=True):
        for verdict in found.values():
            if verdict["verdict"] in ("fail", "warn", "inconclusive"):
                _explain(boot, verdict, levels[verdict["requirement"]], console)


def _seen(verdict: dict[str, Any] | None) -> bool:
    return bool(verdict and "seen" in verdict)


def _cell(verdict: dict[str, Any] | None) -> Text:
    if verdict is None:
        return Text("")
    if verdict["verdict"] == "skip" and _seen(verdict):
        return Text("as seen" if "so it was" in verdict["reason"] else "differs", style="dim")
    word = "-" if verdict["verdict"] == "skip" else verdict["verdict"]
    return Text(word, style=STYLES[verdict["verdict"]])


def _explain(boot: Judged, verdict: dict[str, Any], requirement: dict[str, Any], console: Console) -> None:
    source = requirement["source"]
    console.print()
    console.print(
        Text(f"{verdict['verdict']}: {verdict['requirement']}", style=STYLES[verdict["verdict"]]),
        Text(f" ({boot.name})"),
    )
    for word in ("expected", "seen", "reason"):
        if word in verdict:
            console.print(Text(f"  {word + ':':<9} {verdict[word]}"))
    if "lines" in verdict:
        console.print(Text(f"  {'lines:':<9} {', '.join(map(str, verdict['lines']))} of {verdict['trace']}"))
    console.print(Text(f"  {'source:':<9} {source['document']}, {source['section']}"))
