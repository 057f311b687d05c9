"""The gate for implementations: each is put before all vectors of its role, graded, and held to what is expected of it.

What it leaves is a run directory like that of boots, and one of the same exit codes.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from harness import part, trial, trial_directory
from harness.exit_code import ExitCode
from harness.graded import Graded, grade, known_ids
from harness.implementation_gate import ImplementationGate
from harness.trial import Trial
from harness.wanted_trials import WantedTrial
from vm import image as images

PATIENCE_S = 30.0


def main(
    options: argparse.Namespace, wanted: Sequence[WantedTrial], root: Path, console: Console
) -> ExitCode:
    """Raises OSError where the folder for the run cannot be had."""
    return TrialGate(options, root, console).run(wanted)


class TrialGate(ImplementationGate):
    def put(self, wanted: WantedTrial) -> Graded | None:
        vectors = self.selection.vectors(wanted.name, wanted.implementation.role)
        if not vectors:
            return None
        image = images.find(wanted.image) if wanted.image else None
        one = Trial(wanted.implementation, image)
        patience = self.options.deadline or PATIENCE_S
        tried = trial.run(one, vectors, self.out / "logs" / one.file, patience)
        return grade(
            tried.outcomes,
            one.name,
            wanted.implementation,
            vectors,
            self.out,
            self.options.profile,
            seconds=tried.seconds,
            proof=tried.proof,
            strict=self.options.strict,
            lock=self.lock(wanted),
        )

    def known_ids(self, graded: Graded) -> list[str]:
        return known_ids(graded.outcomes.role)

    def write(self, code: ExitCode) -> None:
        trial_directory.write(
            self.out,
            self.started,
            self.graded,
            self.left,
            code,
            self.options.profile,
            self.remarks,
            part.of(self.options),
        )
        page = os.path.relpath(self.out / "index.html")
        self.console.print(f"page: {page}", highlight=False, soft_wrap=True)
