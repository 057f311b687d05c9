"""What a run of implementations leaves behind: the same folder as a run of boots, with other things in it.

run.json                     what was run, and what came of it
outcomes/ grades/ logs/      for each implementation: what it did, what was judged of it, what its adapter said
results/                     for each vector, what came of it, held to what was expected
junit.xml, report.txt        the same for machines and for terminals
index.html                   the same for people
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

from rich.console import Console

from harness import judgement, result_lines, run_directory
from harness.exit_code import ExitCode
from harness.graded import Graded, options, tell
from harness.page import trial_page
from harness.vectors import vector

Left = Sequence[tuple[str, str]]


def write(
    out: Path,
    started: datetime,
    graded: Sequence[Graded],
    only: Sequence[str],
    left: dict[str, Left],
    code: ExitCode,
    profile: str | None,
) -> None:
    """`left`: by kind (`skipped`, `faulty`, `broken`), names and reasons of what came to no outcome."""
    run = {
        "format": run_directory.FORMAT,
        "suite": judgement.version(),
        "started": started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "host": {"kernel": platform.release(), "machine": platform.machine()},
        "profile": profile,
        "exit_code": int(code),
        "counts": {},
        "boots": [],
        "implementations": [_entry(each) for each in graded],
        **{kind: [{"name": name, "reason": reason} for name, reason in rows] for kind, rows in left.items()},
    }
    _text(out / "run.json", json.dumps(run, indent=1, ensure_ascii=False) + "\n")
    _text(out / "requirements.jsonl", judgement.listing("requirements"))
    for each in graded:
        _text(out / "grades" / f"{each.file}.jsonl", _jsonl(each.grades))
        _text(out / "results" / f"{each.file}.jsonl", _jsonl(result_lines.lines(each, profile)))
    _text(out / "junit.xml", _junit(out, graded, only, left, profile))
    with (out / "report.txt").open("w", encoding="utf-8") as file:
        for each in graded:
            file.write(_report(out, each, only, profile) + "\n")
        for kind, rows in left.items():
            file.writelines(f"{kind}: {name}: {reason}\n" for name, reason in rows)
    if graded or left:  # else it was boots that were judged again
        trial_page.render(out)


def _entry(each: Graded) -> dict[str, object]:
    return {
        "name": each.name,
        "implementation": each.outcomes.implementation,
        "version": each.outcomes.version,
        "role": each.outcomes.role,
        "exit_code": int(each.code),
        "seconds": round(each.seconds, 3),
        "counts": dict(each.counts),
        "expectations": each.account.troubles,
        "proof": each.proof,
        "unput": each.unput,
        "outcomes": f"outcomes/{each.file}.jsonl",
        "grades": f"grades/{each.file}.jsonl",
        "results": f"results/{each.file}.jsonl",
    }


def _jsonl(lines: Iterable[Mapping[str, object]]) -> str:
    return "".join(json.dumps(line) + "\n" for line in lines)


def _text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _graded(out: Path, each: Graded, only: Sequence[str], form: str, profile: str | None) -> str:
    vectors = vector.read(each.outcomes.role, only=only)
    file = out / "outcomes" / f"{each.file}.jsonl"
    text = judgement.graded(file, vector.FOLDER, form, *options(vectors, each.outcomes.role, profile))
    return text.replace(str(file), each.name)


def _report(out: Path, each: Graded, only: Sequence[str], profile: str | None) -> str:
    with (out / "report.part").open("w+", encoding="utf-8") as part:
        tell(each, f"{each.name}: ", Console(file=part, soft_wrap=True, width=160))
        part.seek(0)
        head = part.read()
    (out / "report.part").unlink()
    return f"{head}\n{_graded(out, each, only, 'text', profile)}"


def _junit(
    out: Path, graded: Sequence[Graded], only: Sequence[str], left: dict[str, Left], profile: str | None
) -> str:
    """What was foreseen is a skip with its reason; that an expectation is not true is a failure of its own."""
    root = ElementTree.Element("testsuites", name="notifyspec")
    for each in graded:
        suite = ElementTree.fromstring(_graded(out, each, only, "junit", profile))[0]
        suite.set("time", f"{each.seconds:.3f}")
        for case in suite:
            _excuse(case, each)
        for trouble in each.account.troubles:
            case = ElementTree.SubElement(suite, "testcase", classname=each.name, name=trouble, time="0")
            ElementTree.SubElement(case, "failure", message=f"expectations: {trouble}")
        root.append(suite)
    for kind, rows in left.items():
        for name, reason in rows:
            suite = ElementTree.SubElement(root, "testsuite", name=name, time="0")
            case = ElementTree.SubElement(suite, "testcase", classname=name, name="adapter", time="0")
            ElementTree.SubElement(case, "skipped" if kind == "skipped" else "error", message=reason)
    for suite in root:
        _count(suite)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _excuse(case: ElementTree.Element, each: Graded) -> None:
    entry = each.account.foreseen.get(case.get("name", ""))
    if entry is None:
        return
    for child in list(case):
        case.remove(child)
    ElementTree.SubElement(case, "skipped", message=f"expected {entry.outcome}: {entry.reason}")


def _count(suite: ElementTree.Element) -> None:
    suite.set("tests", str(len(suite.findall("testcase"))))
    for name, child in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase/{child}"))))
