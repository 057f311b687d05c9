"""What the gates of implementations have in common: each is put to the test in turn, and one code comes of all.

What cannot run here, whose adapter cannot be trusted, or what we broke ourselves is left with its reason, and the rest
goes on.
"""

from __future__ import annotations

import argparse
import os
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from harness import crew, run_directory, selection, suite_lock
from harness.adapter import AdapterFault
from harness.exit_code import ExitCode, worst
from harness.graded import Graded, answer, tell, tell_remarks, write_expectations
from harness.left import Left
from harness.ours import OUR_FAILURES
from harness.suite_lock import SuiteLock
from harness.termination import INTERRUPTED, Terminated, terminable
from harness.wanted_trials import WantedTrial
from vm.environment import EnvironmentUnfit

WORDS = {
    "skipped": ("skipped", ""),
    "faulty": ("its adapter failed", "bold red"),
    "broken": ("inconclusive", "yellow"),
}


class ImplementationGate(ABC):
    def __init__(self, options: argparse.Namespace, root: Path, console: Console) -> None:
        """Raises OSError where the folder for the run cannot be had, and LockRefused."""
        self.options = options
        self.selection = selection.of(options)
        self.named_lock = None if options.lock is None else suite_lock.read(options.lock)
        self.started = datetime.now(timezone.utc)
        self.out = run_directory.create(options.out, root)
        self.console = console
        self.graded: list[Graded] = []
        self.left: dict[str, list[Left]] = {kind: [] for kind in WORDS}
        self.unfit: EnvironmentUnfit | None = None  # of one asked for by name
        self.interrupted = False
        self.remarks: list[str] = []  # why the run as a whole is worse than its implementations

    @abstractmethod
    def put(self, wanted: WantedTrial) -> Any:
        """One to the test, perhaps in a process of its own; nothing where nothing of it is asked for."""

    def take(self, made: Any) -> Graded:
        """What `put` has returned."""
        return made

    @abstractmethod
    def write(self, code: ExitCode) -> None:
        """The run directory, and where it is."""

    @abstractmethod
    def known_ids(self, graded: Graded) -> list[str]:
        """All that an expectation of it can speak of."""

    def run(self, wanted: Sequence[WantedTrial]) -> ExitCode:
        try:
            with terminable():
                for number, (each, made) in enumerate(crew.run(wanted, self.put, self.options.n), 1):
                    self._take(each, made, f"[{number}/{len(wanted)}] {each.name}: ")
        except (KeyboardInterrupt, Terminated):
            self._interrupt(wanted)
        places = [each.name for each in wanted]
        self.graded.sort(key=lambda each: places.index(each.name))
        code = self._code()
        self.write(code)
        if self.options.write_expectations and not self.interrupted:  # last: if it fails, all else is there
            self._write_expectations()
        if self.unfit:
            self.console.print(f"try:  {self.unfit.remedy}", markup=False, highlight=False)
        self.console.print(answer(code), highlight=False)
        return code

    def lock(self, wanted: WantedTrial) -> SuiteLock | None:
        """The one that is named, else the one in its folder. Raises LockRefused."""
        return self.named_lock or suite_lock.beside(wanted.implementation.folder)

    def _take(self, wanted: WantedTrial, made: Any, lead: str) -> None:
        match made:
            case EnvironmentUnfit():
                self.unfit = self.unfit or (made if wanted.exact else None)
                self._leave("skipped", wanted, made.reason, lead)
            case AdapterFault():
                self._leave("faulty", wanted, str(made), lead)
            case _ if isinstance(made, OUR_FAILURES):
                self._leave("broken", wanted, str(made), lead)
            case BaseException():
                raise made
            case None:
                self._leave("skipped", wanted, self.selection.left_nothing(), lead)
            case _:
                self._keep(self.take(made), lead)

    def _interrupt(self, wanted: Sequence[WantedTrial]) -> None:
        """What has not ended is inconclusive, so that it is run by --rerun-failed; the rest is kept."""
        self.interrupted = True
        ended = {each.name for each in [*self.graded, *(one for some in self.left.values() for one in some)]}
        left = [each for each in wanted if each.name not in ended]
        for each in left:
            self._leave("broken", each, INTERRUPTED, f"{each.name}: ")
        self._remark(f"interrupted: {len(left)} of {len(wanted)} had not ended")

    def _keep(self, graded: Graded, lead: str) -> None:
        self.graded.append(graded)
        tell(graded, lead, self.console)

    def _write_expectations(self) -> None:
        for each in self.graded:
            path = write_expectations(each, self.known_ids(each), self.options.profile)
            self.console.print(Text(f"written: {os.path.relpath(path)}; look at each reason"))

    def _leave(self, kind: str, wanted: WantedTrial, reason: str, lead: str) -> None:
        words, style = WORDS[kind]
        self.left[kind].append(Left(wanted.name, wanted.implementation.asked(wanted.name), reason))
        self.console.print(Text(f"{lead}{words}: {reason}", style=style))

    def _remark(self, text: str) -> None:
        self.remarks.append(text)
        tell_remarks([text], self.console)

    def _code(self) -> ExitCode:
        codes = [each.code for each in self.graded] + [ExitCode.INTERRUPTED] * self.interrupted
        for each in self.graded:
            for remark in each.remarks:
                self._remark(remark)
        if self.left["faulty"]:
            codes.append(ExitCode.ADAPTER)
        if self.left["broken"] or self.unfit:
            codes.append(ExitCode.ENVIRONMENT)
        skips = len(self.left["skipped"]) + sum(len(each.unforeseen_skips) for each in self.graded)
        limit = self.options.max_skip
        if limit is not None and skips > limit:
            self._remark(f"{skips} skipped that no expectation foresees, {limit} allowed by --max-skip")
            codes.append(ExitCode.ENVIRONMENT)
        exercised, least = sum(each.exercised for each in self.graded), self.options.min_exercised
        if least is not None and exercised < least:
            self._remark(f"{exercised} cases exercised, {least} asked for by --min-exercised")
            codes.append(ExitCode.ENVIRONMENT)
        return worst(codes)
