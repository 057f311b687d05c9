"""The gate for proxies: each is put between payload and listener, judged, and laid beside the others in a table.

It leaves the traces of both sides, what `notifyspec compare` says of them, and the table as text, Markdown and page.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from harness import part
from harness.exit_code import ExitCode
from harness.graded import Graded
from harness.implementation_gate import ImplementationGate
from harness.proxies import directory, table, trial
from harness.proxies.graded import grade, known_ids
from harness.proxies.table import Column
from harness.wanted_trials import WantedTrial
from vm import image as images

PATIENCE_S = 15.0


def main(
    options: argparse.Namespace, wanted: Sequence[WantedTrial], root: Path, console: Console
) -> ExitCode:
    """Raises OSError where the folder for the run cannot be had."""
    return ProxyGate(options, root, console).run(wanted)


class ProxyGate(ImplementationGate):
    def __init__(self, options: argparse.Namespace, root: Path, console: Console) -> None:
        super().__init__(options, root, console)
        self.columns: list[Column] = []

    def put(self, wanted: WantedTrial) -> tuple[Graded, Column] | None:
        put = self.selection.proxy_cases(wanted.name)
        if not put:
            return None
        image = images.find(wanted.image) if wanted.image else None
        file = wanted.name.replace("/", "-")
        patience = self.options.deadline or PATIENCE_S
        tried = trial.run(wanted.implementation, image, put, self.out / "traces" / file, patience)
        for name, lines in tried.lines.items():
            directory.write_lines(self.out / "comparisons" / file / f"{name}.jsonl", lines)
        graded = grade(
            tried,
            wanted.name,
            wanted.implementation,
            put,
            strict=self.options.strict,
            lock=self.lock(wanted),
            selection=self.selection,
        )
        return graded, table.column(wanted.name, tried)

    def take(self, made: tuple[Graded, Column]) -> Graded:
        graded, column = made
        self.columns.append(column)
        return graded

    def known_ids(self, graded: Graded) -> list[str]:
        return known_ids()

    def write(self, code: ExitCode) -> None:
        more = part.of(self.options)
        directory.write(
            self.out, self.started, self.graded, self.columns, self.left, code, self.remarks, more
        )
        if self.columns:
            table.show(self.columns, self.console)
        page = os.path.relpath(self.out / "index.html")
        self.console.print(f"page: {page}", highlight=False, soft_wrap=True)
