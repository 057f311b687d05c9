"""The gate for proxies: each is put between payload and listener, judged, and laid beside the others in a table.

It leaves the traces of both sides, what `notifyspec compare` says of them, and the table as text, Markdown and page.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rich.console import Console

from harness import judgement, junit, run_directory
from harness.exit_code import ExitCode
from harness.graded import Graded, tell
from harness.implementation_gate import ImplementationGate
from harness.proxies import case as cases
from harness.proxies import table, trial
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

    def put(self, wanted: WantedTrial) -> Graded | None:
        put = cases.read(self.options.only)
        if not put:
            return None
        image = images.find(wanted.image) if wanted.image else None
        file = wanted.name.replace("/", "-")
        patience = self.options.deadline or PATIENCE_S
        tried = trial.run(wanted.implementation, image, put, self.out / "traces" / file, patience)
        self.columns.append(table.column(wanted.name, tried))
        for name, lines in tried.lines.items():
            _write_lines(self.out / "comparisons" / file / f"{name}.jsonl", lines)
        return grade(tried, wanted.name, wanted.implementation, put, strict=self.options.strict)

    def known_ids(self, graded: Graded) -> list[str]:
        return known_ids()

    def write(self, code: ExitCode) -> None:
        (self.out / "run.json").write_text(
            json.dumps(self._run_json(code), indent=1) + "\n", encoding="utf-8"
        )
        for each in self.graded:
            _write_lines(self.out / "grades" / f"{each.file}.jsonl", each.grades)
        (self.out / "junit.xml").write_text(junit.write(self.graded, self.left), encoding="utf-8")
        with (self.out / "report.txt").open("w", encoding="utf-8") as file:
            self._report(Console(file=file, soft_wrap=True, width=160))
        table.write(self.columns, self.out)
        if self.columns:
            table.show(self.columns, self.console)
            page = os.path.relpath(self.out / "proxies.html")
            self.console.print(f"table: {page}", highlight=False, soft_wrap=True)

    def _run_json(self, code: ExitCode) -> dict[str, object]:
        return {
            "format": run_directory.FORMAT,
            "suite": judgement.version(),
            "started": self.started.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "host": {"kernel": platform.release(), "machine": platform.machine()},
            "exit_code": int(code),
            "boots": [],
            "implementations": [],
            "proxies": [_entry(each) for each in self.graded],
            **{
                kind: [{"name": name, "reason": reason} for name, reason in rows]
                for kind, rows in self.left.items()
            },
        }

    def _report(self, console: Console) -> None:
        for each in self.graded:
            tell(each, f"{each.name}: ", console)
        for kind, rows in self.left.items():
            for name, reason in rows:
                console.print(f"{kind}: {name}: {reason}", markup=False, highlight=False)
        table.show(self.columns, console)


def _write_lines(path: Path, lines: Iterable[Mapping[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def _entry(each: Graded) -> dict[str, object]:
    return {
        "name": each.name,
        "version": each.outcomes.version,
        "exit_code": int(each.code),
        "seconds": round(each.seconds, 3),
        "counts": dict(each.counts),
        "expectations": each.account.troubles,
        "documented": list(each.implementation.documented),
        "traces": f"traces/{each.file}",
        "grades": f"grades/{each.file}.jsonl",
    }
