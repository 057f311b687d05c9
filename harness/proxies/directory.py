"""What a run of proxies leaves behind: the same folder as a run of others, with other things in it.

run.json                     what was run, and what came of it
traces/ comparisons/ grades/ for each proxy and case: what went in and came out, the difference, what was judged of it
results/                     for each case, what came of it, held to what was expected
proxies.md                   which fields come through, as a table
junit.xml, report.txt        the same for machines and for terminals
report.md, badge.svg         the same for a pull request, and in few words
index.html                   the same for people
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from harness import judgement, result_lines, run_directory
from harness.exit_code import ExitCode
from harness.graded import Graded, tell
from harness.proxies import page, table
from harness.proxies.table import Column
from harness.report import papers
from harness.left import Left, rows


def write(
    out: Path,
    started: datetime,
    graded: Sequence[Graded],
    columns: Sequence[Column],
    left: Mapping[str, Sequence[Left]],
    code: ExitCode,
    remarks: Sequence[str] = (),
    more: Mapping[str, Any] = run_directory.NOTHING,
) -> None:
    """`left`: by kind (`skipped`, `faulty`, `broken`), what came to no outcome."""
    run = {
        "format": run_directory.FORMAT,
        "suite": judgement.version(),
        "started": started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "host": {"kernel": platform.release(), "machine": platform.machine()},
        "exit_code": int(code),
        "remarks": list(remarks),
        "boots": [],
        "implementations": [],
        "proxies": [_entry(each) for each in graded],
        **rows(left),
        **more,
    }
    (out / "requirements.jsonl").write_text(judgement.listing("requirements"), encoding="utf-8")
    for each in graded:
        write_lines(out / "grades" / f"{each.file}.jsonl", each.grades)
        write_lines(out / "results" / f"{each.file}.jsonl", _results(each))
    run_directory.close(out, run)
    (out / "proxies.md").write_text(table.markdown(columns), encoding="utf-8")
    with (out / "report.txt").open("w", encoding="utf-8") as file:
        _report(graded, columns, left, Console(file=file, soft_wrap=True, width=160))
    page.render(run, graded, columns, out)
    papers.write(out)


def _results(graded: Graded) -> Iterator[dict[str, object]]:
    grades = {each["vector"]: each for each in graded.grades}
    for result in graded.results:
        yield result_lines.told(graded, result, grades[result.vector])


def write_lines(path: Path, lines: Iterable[Mapping[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def _report(
    graded: Sequence[Graded], columns: Sequence[Column], left: Mapping[str, Sequence[Left]], console: Console
) -> None:
    for each in graded:
        tell(each, f"{each.name}: ", console)
    for kind, some in left.items():
        for each in some:
            console.print(f"{kind}: {each.name}: {each.reason}", markup=False, highlight=False)
    table.show(columns, console)


def _entry(each: Graded) -> dict[str, object]:
    return {
        "name": each.name,
        "asked": each.implementation.asked(each.name),
        "version": each.outcomes.version,
        "exit_code": int(each.code),
        "seconds": round(each.seconds, 3),
        "counts": dict(each.counts),
        "expectations": each.account.troubles,
        "documented": list(each.implementation.documented),
        "traces": f"traces/{each.file}",
        "comparisons": f"comparisons/{each.file}",
        "grades": f"grades/{each.file}.jsonl",
        "results": f"results/{each.file}.jsonl",
    }
