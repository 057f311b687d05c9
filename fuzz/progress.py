"""How far a campaign is: a line for each target, live where somebody looks on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.table import Table

from fuzz.engine import Campaign


class Progress:
    def __init__(self, campaigns: Sequence[Campaign], console: Console) -> None:
        self._campaigns = campaigns
        self._console = console
        self._live = Live(
            self.table(), console=console, refresh_per_second=2, transient=not console.is_terminal
        )

    @contextmanager
    def shown(self) -> Iterator[None]:
        with self._live:
            yield
        if not self._console.is_terminal:
            self._console.print(self.table())

    def go_on(self) -> None:
        if self._console.is_terminal:
            self._live.update(self.table())

    def end_of(self, campaign: Campaign) -> None:
        if not self._console.is_terminal:
            name, count = campaign.target.name, campaign.executions
            self._console.print(f"{name}: {count} executions in {campaign.seconds:.0f} s", highlight=False)

    def table(self) -> Table:
        table = Table(box=None, pad_edge=False)
        for head in ("target", "executions", "per second", "edges", "corpus", "findings"):
            table.add_column(head, justify="left" if head == "target" else "right")
        for each in self._campaigns:
            last = each.points[-1] if each.points else None
            rate = round(last.executions / last.seconds) if last and last.seconds else 0
            row = (last.executions, rate, last.edges, last.corpus) if last else ("", "", "", "")
            table.add_row(each.target.name, *map(str, row), str(len(each.findings) or ""))
        return table
