"""The gate for proxies: each is put between payload and listener, judged, and laid beside the others in a table.

It leaves the traces of both sides, what `notifyspec compare` says of them, and the table as text, Markdown and page.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from xml.etree import ElementTree

from rich.console import Console
from rich.text import Text

from harness import judgement, run_directory
from harness.adapter import AdapterFault
from harness.exit_code import ExitCode, worst
from harness.graded import Graded, answer, tell, write_expectations
from harness.ours import OUR_FAILURES
from harness.proxies import case as cases
from harness.proxies import table, trial
from harness.proxies.graded import grade, known_ids
from harness.proxies.table import Column
from harness.termination import terminable
from harness.wanted_trials import WantedTrial
from vm import image as images
from vm.environment import EnvironmentUnfit

PATIENCE_S = 15.0


def main(
    options: argparse.Namespace, wanted: Sequence[WantedTrial], root: Path, console: Console
) -> ExitCode:
    """Raises OSError where the folder for the run cannot be had."""
    started = datetime.now(timezone.utc)
    gate = ProxyGate(options, run_directory.create(options.out, root), console)
    with terminable():
        for number, each in enumerate(wanted, 1):
            gate.run(each, f"[{number}/{len(wanted)}] {each.name}: ")
    code = gate.code()
    gate.write(started, code)
    if gate.columns:
        table.show(gate.columns, console)
        console.print(f"table: {os.path.relpath(gate.out / 'proxies.html')}", highlight=False, soft_wrap=True)
    if gate.unfit:
        console.print(f"try:  {gate.unfit.remedy}", markup=False, highlight=False)
    console.print(answer(code), highlight=False)
    return code


class ProxyGate:
    def __init__(self, options: argparse.Namespace, out: Path, console: Console) -> None:
        self.options = options
        self.out = out
        self.console = console
        self.graded: list[Graded] = []
        self.columns: list[Column] = []
        self.left: dict[str, list[tuple[str, str]]] = {"skipped": [], "faulty": [], "broken": []}
        self.unfit: EnvironmentUnfit | None = None  # of one asked for by name

    def run(self, wanted: WantedTrial, lead: str) -> None:
        try:
            self._run(wanted, lead)
        except EnvironmentUnfit as unfit:
            self.unfit = self.unfit or (unfit if wanted.exact else None)
            self._leave("skipped", wanted, unfit.reason, lead)
        except AdapterFault as fault:
            self._leave("faulty", wanted, str(fault), lead)
        except OUR_FAILURES as failure:
            self._leave("broken", wanted, str(failure), lead)

    def _run(self, wanted: WantedTrial, lead: str) -> None:
        put = cases.read(self.options.only)
        if not put:
            self._leave("skipped", wanted, "no case of a proxy is asked for", lead)
            return
        image = images.find(wanted.image) if wanted.image else None
        file = wanted.name.replace("/", "-")
        patience = self.options.deadline or PATIENCE_S
        tried = trial.run(wanted.implementation, image, put, self.out / "traces" / file, patience)
        graded = grade(tried, wanted.name, wanted.implementation, put, strict=self.options.strict)
        self.graded.append(graded)
        self.columns.append(table.column(wanted.name, tried))
        for name, lines in tried.lines.items():
            path = self.out / "comparisons" / file / f"{name}.jsonl"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        tell(graded, lead, self.console)
        if self.options.write_expectations:
            path = write_expectations(graded, known_ids(), None)
            self.console.print(Text(f"  written: {os.path.relpath(path)}; look at each reason"))

    def _leave(self, kind: str, wanted: WantedTrial, reason: str, lead: str) -> None:
        words = {"skipped": "skipped", "faulty": "its adapter failed", "broken": "inconclusive"}
        self.left[kind].append((wanted.name, reason))
        self.console.print(Text(f"{lead}{words[kind]}: {reason}"))

    def code(self) -> ExitCode:
        codes = [each.code for each in self.graded]
        if self.left["faulty"]:
            codes.append(ExitCode.ADAPTER)
        if self.left["broken"] or self.unfit:
            codes.append(ExitCode.ENVIRONMENT)
        skips = len(self.left["skipped"]) + sum(len(each.unforeseen_skips) for each in self.graded)
        if self.options.max_skip is not None and skips > self.options.max_skip:
            self.console.print(f"{skips} skipped, {self.options.max_skip} allowed by --max-skip")
            codes.append(ExitCode.ENVIRONMENT)
        return worst(codes)

    def write(self, started: datetime, code: ExitCode) -> None:
        run = {
            "format": run_directory.FORMAT,
            "suite": judgement.version(),
            "started": started.strftime("%Y-%m-%dT%H:%M:%SZ"),
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
        (self.out / "run.json").write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")
        for each in self.graded:
            path = self.out / "grades" / f"{each.file}.jsonl"
            path.parent.mkdir(exist_ok=True)
            path.write_text("".join(json.dumps(line) + "\n" for line in each.grades), encoding="utf-8")
        (self.out / "junit.xml").write_text(self._junit(), encoding="utf-8")
        with (self.out / "report.txt").open("w", encoding="utf-8") as file:
            console = Console(file=file, soft_wrap=True, width=160)
            for each in self.graded:
                tell(each, f"{each.name}: ", console)
            for kind, rows in self.left.items():
                file.writelines(f"{kind}: {name}: {reason}\n" for name, reason in rows)
            table.show(self.columns, console)
        table.write(self.columns, self.out)

    def _junit(self) -> str:
        root = ElementTree.Element("testsuites", name="notifyspec")
        for each in self.graded:
            suite = ElementTree.SubElement(root, "testsuite", name=each.name, time=f"{each.seconds:.3f}")
            for result in each.results:
                case = ElementTree.SubElement(
                    suite, "testcase", classname=each.name, name=result.vector, time="0"
                )
                _tell_outcome(case, each, result.vector, result.word, result.seen)
            for trouble in each.account.troubles:
                case = ElementTree.SubElement(suite, "testcase", classname=each.name, name=trouble, time="0")
                ElementTree.SubElement(case, "failure", message=f"expectations: {trouble}")
        for kind, rows in self.left.items():
            for name, reason in rows:
                suite = ElementTree.SubElement(root, "testsuite", name=name, time="0")
                case = ElementTree.SubElement(suite, "testcase", classname=name, name="adapter", time="0")
                ElementTree.SubElement(case, "skipped" if kind == "skipped" else "error", message=reason)
        for suite in root:
            suite.set("tests", str(len(suite.findall("testcase"))))
            for word, child in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
                suite.set(word, str(len(suite.findall(f"testcase/{child}"))))
        ElementTree.indent(root)
        return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _tell_outcome(case: ElementTree.Element, each: Graded, name: str, word: str, seen: str) -> None:
    if entry := each.account.foreseen.get(name):
        ElementTree.SubElement(case, "skipped", message=f"expected {entry.outcome}: {entry.reason}")
    elif word in ("fail", "crash", "hang"):
        ElementTree.SubElement(case, "failure", message=f"{word}: {seen}")
    elif word == "nonsense":
        ElementTree.SubElement(case, "error", message=seen)
    elif word in ("skip", "unsupported"):
        ElementTree.SubElement(case, "skipped", message=seen)


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
