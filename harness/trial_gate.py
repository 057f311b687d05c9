"""The gate for implementations: each is put before all vectors of its role, graded, and held to what is expected of it.

What it leaves is a run directory like that of boots, and one of the same exit codes.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from rich.console import Console
from rich.text import Text

from harness import run_directory, trial, trial_directory
from harness.adapter import AdapterFault
from harness.exit_code import ExitCode, worst
from harness.graded import Graded, answer, grade, known_ids, tell, write_expectations
from harness.ours import OUR_FAILURES
from harness.termination import terminable
from harness.trial import Trial
from harness.vectors import vector
from harness.wanted_trials import WantedTrial
from vm import image as images
from vm.environment import EnvironmentUnfit

PATIENCE_S = 10.0


def main(
    options: argparse.Namespace, wanted: Sequence[WantedTrial], root: Path, console: Console
) -> ExitCode:
    """Raises OSError where the folder for the run cannot be had."""
    started = datetime.now(timezone.utc)
    out = run_directory.create(options.out, root)
    gate = TrialGate(options, out, console)
    with terminable():
        gate.run(wanted)
    code = gate.code()
    left = {"skipped": gate.skipped, "faulty": gate.faulty, "broken": gate.broken}
    trial_directory.write(out, started, gate.graded, options.only, left, code, options.profile)
    console.print(f"page: {os.path.relpath(out / 'index.html')}", highlight=False, soft_wrap=True)
    if gate.unfit:
        console.print(f"try:  {gate.unfit.remedy}", markup=False, highlight=False)
    console.print(answer(code), highlight=False)
    return code


class TrialGate:
    def __init__(self, options: argparse.Namespace, out: Path, console: Console) -> None:
        self.options = options
        self.out = out
        self.console = console
        self.graded: list[Graded] = []
        self.skipped: list[tuple[str, str]] = []
        self.faulty: list[tuple[str, str]] = []  # adapters that cannot be trusted
        self.broken: list[tuple[str, str]] = []  # by our own doing
        self.unfit: EnvironmentUnfit | None = None  # of one asked for by name

    def run(self, wanted: Sequence[WantedTrial]) -> None:
        for number, each in enumerate(wanted, 1):
            lead = f"[{number}/{len(wanted)}] {each.name}: "
            try:
                self._try(each, lead)
            except EnvironmentUnfit as unfit:
                self.skipped.append((each.name, unfit.reason))
                self.unfit = self.unfit or (unfit if each.exact else None)
                self._say(f"{lead}skipped: {unfit.reason}")
            except AdapterFault as fault:
                self.faulty.append((each.name, str(fault)))
                self._say(f"{lead}its adapter failed: {fault}", "bold red")
            except OUR_FAILURES as failure:
                self.broken.append((each.name, str(failure)))
                self._say(f"{lead}inconclusive: {failure}", "yellow")

    def _try(self, wanted: WantedTrial, lead: str) -> None:
        role = wanted.implementation.role
        vectors = vector.read(role, only=self.options.only)
        if not vectors:
            self.skipped.append((wanted.name, "no vector of its role is asked for"))
            return
        image = images.find(wanted.image) if wanted.image else None
        one = Trial(wanted.implementation, image)
        patience = self.options.deadline or PATIENCE_S
        tried = trial.run(one, vectors, self.out / "logs" / one.file, patience)
        graded = grade(
            tried.outcomes,
            one.name,
            wanted.implementation,
            vectors,
            self.out,
            self.options.profile,
            seconds=tried.seconds,
            proof=tried.proof,
            strict=self.options.strict,
        )
        self.graded.append(graded)
        self._tell(graded, lead)

    def _tell(self, graded: Graded, lead: str) -> None:
        tell(graded, lead, self.console)
        if self.options.write_expectations:
            path = write_expectations(graded, known_ids(graded.outcomes.role), self.options.profile)
            self._say(f"  written: {os.path.relpath(path)}; look at each reason", "")

    def _say(self, text: str, style: str = "") -> None:
        self.console.print(Text(text, style=style))

    def code(self) -> ExitCode:
        codes = [each.code for each in self.graded]
        if self.faulty:
            codes.append(ExitCode.ADAPTER)
        if self.broken or self.unfit:
            codes.append(ExitCode.ENVIRONMENT)
        skips = len(self.skipped) + sum(len(each.unforeseen_skips) for each in self.graded)
        limit = self.options.max_skip
        if limit is not None and skips > limit:
            self._say(f"{skips} skipped that no expectation foresees, {limit} allowed by --max-skip")
            codes.append(ExitCode.ENVIRONMENT)
        return worst(codes)
