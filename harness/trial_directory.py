"""What a run of implementations leaves behind: the same folder as a run of boots, with other things in it.

run.json                     what was run, and what came of it
outcomes/ grades/ logs/      for each implementation: what it did, what was judged of it, what its adapter said
results/                     for each vector, what came of it, held to what was expected
cases.jsonl                  the vectors themselves, as they were put
junit.xml, report.txt        the same for machines and for terminals
report.md, badge.svg         the same for a pull request, and in few words
index.html                   the same for people
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from harness import case_lines, judgement, result_lines, run_directory
from harness.exit_code import ExitCode
from harness.graded import Graded, options, tell
from harness.left import Left, rows
from harness.page import trial_page
from harness.report import papers
from harness.vectors import vector


def write(
    out: Path,
    started: datetime,
    graded: Sequence[Graded],
    left: Mapping[str, Sequence[Left]],
    code: ExitCode,
    profile: str | None,
    remarks: Sequence[str] = (),
    more: Mapping[str, Any] = run_directory.NOTHING,
) -> None:
    """`left`: by kind (`skipped`, `faulty`, `broken`), what came to no outcome. `remarks`: why the
    run as a whole is worse than that. `more`: further members of run.json."""
    run = {
        "format": run_directory.FORMAT,
        "suite": judgement.version(),
        "started": started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "host": {"kernel": platform.release(), "machine": platform.machine()},
        "profile": profile,
        "exit_code": int(code),
        "remarks": list(remarks),
        "counts": {},
        "boots": [],
        "implementations": [_entry(each, profile) for each in graded],
        **rows(left),
        **more,
    }
    _text(out / "requirements.jsonl", judgement.listing("requirements"))
    if graded:
        _text(out / "cases.jsonl", _jsonl(case_lines.lines(graded)))
    for each in graded:
        _text(out / "grades" / f"{each.file}.jsonl", _jsonl(each.grades))
        _text(out / "results" / f"{each.file}.jsonl", _jsonl(result_lines.lines(each, profile)))
    run_directory.close(out, run)
    with (out / "report.txt").open("w", encoding="utf-8") as file:
        for each in graded:
            file.write(_report(out, each, profile) + "\n")
        for kind, some in left.items():
            file.writelines(f"{kind}: {each.name}: {each.reason}\n" for each in some)
    trial_page.render(out)
    papers.write(out)


def _entry(each: Graded, profile: str | None) -> dict[str, object]:
    return {
        "name": each.name,
        "asked": each.implementation.asked(each.name),
        "implementation": each.outcomes.implementation,
        "version": each.outcomes.version,
        "role": each.outcomes.role,
        "exit_code": int(each.code),
        "seconds": round(each.seconds, 3),
        "counts": dict(each.counts),
        "expectations": each.account.troubles,
        "proof": each.proof,
        "unput": each.unput,
        "again": result_lines.again_prefix(each, profile),
        "outcomes": f"outcomes/{each.file}.jsonl",
        "grades": f"grades/{each.file}.jsonl",
        "results": f"results/{each.file}.jsonl",
    }


def _jsonl(lines: Iterable[Mapping[str, object]]) -> str:
    return "".join(json.dumps(line) + "\n" for line in lines)


def _text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _graded(out: Path, each: Graded, profile: str | None) -> str:
    file = out / "outcomes" / f"{each.file}.jsonl"
    text = judgement.graded(file, vector.FOLDER, *options(each.asked, each.outcomes.role, profile))
    return text.replace(str(file), each.name)


def _report(out: Path, each: Graded, profile: str | None) -> str:
    with (out / "report.part").open("w+", encoding="utf-8") as part:
        tell(each, f"{each.name}: ", Console(file=part, soft_wrap=True, width=160))
        part.seek(0)
        head = part.read()
    (out / "report.part").unlink()
    return f"{head}\n{_graded(out, each, profile)}"
