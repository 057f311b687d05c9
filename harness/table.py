"""The verdicts as a table for the terminal: a requirement a row, a boot a column, or counts where there are many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness import citation, judgement
from harness.subject import Judged

Verdict = dict[str, Any]
MOST_COLUMNS = 5  # more boots than this do not fit beside each other
STYLES = {"pass": "green", "fail": "bold red", "warn": "yellow", "inconclusive": "yellow", "skip": "dim"}


def show(boots: Sequence[Judged], console: Console) -> None:
    """The requirements that say something of one of the boots, then every failure in full."""
    levels = {row["id"]: row for row in judgement.requirements()}
    verdicts = [{verdict["requirement"]: verdict for verdict in boot.verdicts} for boot in boots]
    rows = {
        requirement: [found.get(requirement) for found in verdicts]
        for requirement in levels
        if any(requirement in found for found in verdicts)
    }
    told = {requirement: cells for requirement, cells in rows.items() if any(map(_says_something, cells))}
    table = Table(box=None, pad_edge=False)
    table.add_column("requirement", no_wrap=True)
    table.add_column("level")
    columns = _by_boot if len(boots) <= MOST_COLUMNS else _by_count
    for column in columns(boots, []):
        table.add_column(column, no_wrap=True)
    for requirement, cells in told.items():
        table.add_row(requirement, levels[requirement]["level"], *columns(boots, cells))
    console.print(table)
    if len(told) < len(rows):
        console.print(
            Text(f"{len(rows) - len(told)} more requirements say nothing of these boots: see the page")
        )
    for boot, found in zip(boots, verdicts, strict=True):
        for verdict in found.values():
            if verdict["verdict"] in ("fail", "warn", "inconclusive"):
                _explain(boot, verdict, levels[verdict["requirement"]], console)


def _by_boot(boots: Sequence[Judged], cells: Sequence[Verdict | None]) -> list[Text]:
    """A column a boot; without cells, their heads."""
    if not cells:
        return [Text(f"{boot.image.name} {boot.scenario.name}") for boot in boots]
    return [_cell(cell) for cell in cells]


def _by_count(boots: Sequence[Judged], cells: Sequence[Verdict | None]) -> list[Text]:
    """A column a verdict, with how many boots; without cells, their heads."""
    if not cells:
        return [Text(word) for word in (*STYLES, "as seen", "differs")]
    counts = Counter(_cell(cell).plain.replace("-", "skip") for cell in cells)
    return [
        Text(str(counts[word] or ""), style=STYLES.get(word, "dim"))
        for word in (*STYLES, "as seen", "differs")
    ]


def _says_something(verdict: Verdict | None) -> bool:
    return bool(verdict and (verdict["verdict"] != "skip" or "seen" in verdict))


def _cell(verdict: Verdict | None) -> Text:
    if verdict is None:
        return Text("")
    if verdict["verdict"] == "skip" and "seen" in verdict:
        return Text("as seen" if verdict["as_described"] else "differs", style="dim")
    word = "-" if verdict["verdict"] == "skip" else verdict["verdict"]
    return Text(word, style=STYLES[verdict["verdict"]])


def _explain(boot: Judged, verdict: Verdict, requirement: dict[str, Any], console: Console) -> None:
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
    console.print(Text(f"  {'source:':<9} {citation.words(requirement['source'])}"))
