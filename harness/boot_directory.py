"""A run of boots laid down whole: run.json and what it names, and all that is rendered from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from harness import run_directory, table
from harness.exit_code import ExitCode
from harness.page.page import render
from harness.report import papers
from harness.subject import Judged


def write(
    out: Path,
    started: datetime,
    boots: Sequence[Judged],
    skipped: Sequence[tuple[str, str]],
    code: ExitCode,
    profile: str | None,
    remarks: Sequence[str] = (),
    more: Mapping[str, Any] = run_directory.NOTHING,
) -> Path:
    """Says where the page is. `remarks`: why the run as a whole is worse than its boots. `more`: further members of
    run.json."""
    run_directory.write(out, started, boots, skipped, code, profile, remarks, more)
    if boots:
        with (out / "report.txt").open("w", encoding="utf-8") as file:
            table.show(boots, Console(file=file, width=160))
    papers.write(out)
    return render(out)
