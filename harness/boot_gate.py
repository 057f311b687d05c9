"""The gate of boots: images are booted, by scenario, and judged by what they told their supervisor."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from harness import crew, selection, suite_lock
from harness.boot import Run
from harness.exit_code import ExitCode, worst
from harness.graded import tell_remarks
from harness.ours import OUR_FAILURES
from harness.scenarios import SCENARIOS
from harness.subject import Judged, judge_boot, signature
from harness.termination import INTERRUPTED, Terminated
from harness.wanted import Wanted
from vm import image as images
from vm.deadline import Deadline
from vm.environment import EnvironmentUnfit
from vm.image import OWN, Image

Booted = tuple[Run, ExitCode, list[dict[str, Any]]]
BOOT_S = 60.0
CONTROLS = ("257", "262")  # known to boot: where these hang, too, it is the machine and not the image
CONTROL_SCENARIOS = {"container": "halt", "user": "user-boot", "vm": "vm-poweroff"}


class BootGate:
    def __init__(self, options: argparse.Namespace, out: Path, console: Console) -> None:
        self.options = options
        self.selection = selection.of(options)
        self.lock = None if options.lock is None else suite_lock.read(options.lock)
        self.out = out
        self.console = console
        self.images: dict[str, Image] = {}
        self.boots: list[Judged] = []
        self.skipped: list[tuple[str, str]] = []
        self.broken: list[tuple[str, str]] = []
        self.repeated: list[Judged] = []
        self.unfit: EnvironmentUnfit | None = None
        self.interrupted = False
        self.remarks: list[str] = []  # why the run as a whole is worse than its boots

    def image(self, name: str) -> Image:
        """Found, or built, once a run."""
        if name not in self.images:
            own = name == OWN
            found = (
                images.own(Path(self.options.root))
                if own
                else images.find(name, refresh=self.options.refresh)
            )
            self.images[name] = found
        return self.images[name]

    def run(self, wanted: Sequence[Wanted]) -> None:
        """Where it is interrupted, what has been judged is kept, and what has not ended is inconclusive."""
        try:
            self._run(wanted)
        except (KeyboardInterrupt, Terminated):
            self.interrupted = True
            ended = {_asked(judged) for judged in self.boots}.union(
                name for name, _ in [*self.skipped, *self.broken]
            )
            left = [each for each in wanted if each.name not in ended]
            for each in left:
                self._break(each, INTERRUPTED)
            self._remark(f"interrupted: {len(left)} of {len(wanted)} boots had not ended")
        places = [each.name for each in wanted]
        self.boots.sort(key=lambda judged: places.index(_asked(judged)))

    def _run(self, wanted: Sequence[Wanted]) -> None:
        jobs = [each for each in wanted if self._can_boot(each)]
        for number, (each, made) in enumerate(crew.run(jobs, self._boot, self.options.n), 1):
            if judged := self._came_up(each, made):
                self.boots.append(judged)
                self.console.print(words(judged, f"[{number}/{len(jobs)}] "), markup=False, highlight=False)
                if judged.run.trouble:
                    self._show_trouble(judged)
        if self.options.repeat > 1:
            self._repeat(jobs)

    def _can_boot(self, each: Wanted) -> bool:
        since = SCENARIOS[each.scenario].since
        try:
            image = self.image(each.image)
        except EnvironmentUnfit as unfit:
            self._leave_out(each, unfit.reason, unfit)
            return False
        if image.major < since:
            self._leave_out(each, f"since systemd {since}, and this is {image.systemd}")
            return False
        return True

    def _came_up(self, each: Wanted, made: Booted | BaseException) -> Judged | None:
        """Nothing where it did not, for a reason that is then told."""
        match made:
            case EnvironmentUnfit():
                self._leave_out(each, made.reason, made)
            case _ if isinstance(made, OUR_FAILURES):
                self._break(each, made)
            case BaseException():
                raise made
            case _:
                return Judged(self.image(each.image), SCENARIOS[each.scenario], *made)
        return None

    def _boot(self, each: Wanted, out: Path | None = None) -> Booted:
        """Perhaps in a process of its own: of what comes back, no part is a function."""
        scenario, image = SCENARIOS[each.scenario], self.image(each.image)
        deadline = Deadline(self.options.deadline or BOOT_S)
        with self.console.status(f"{each.name}: systemd {image.systemd} boots"):
            judged = judge_boot(
                scenario,
                image,
                out or self.out,
                deadline,
                self.options.profile,
                self.options.vsock,
                self.selection.for_judge(),
                self.lock,
            )
        return judged.run, judged.code, judged.verdicts

    def _repeat(self, wanted: Sequence[Wanted]) -> None:
        """Boots all again, and wants the same verdicts; a run that differs is kept."""
        firsts = {_asked(judged): judged for judged in self.boots}
        jobs = [
            (each, n) for n in range(2, self.options.repeat + 1) for each in wanted if each.name in firsts
        ]

        def folder(each: Wanted, number: int) -> Path:
            return self.out / "repeats" / f"{firsts[each.name].name}-{number}"

        def boot(job: tuple[Wanted, int]) -> Booted:
            return self._boot(job[0], folder(*job))

        for (each, number), made in crew.run(jobs, boot, self.options.n):
            if isinstance(made, (EnvironmentUnfit, *OUR_FAILURES)):
                self._break(each, f"repetition {number}: {made}")
            elif judged := self._came_up(each, made):
                self._hold(each, number, judged, firsts[each.name], folder(each, number))
        self.console.print(f"{self.options.repeat} boots of each", highlight=False)

    def _hold(self, each: Wanted, number: int, judged: Judged, first: Judged, out: Path) -> None:
        self.repeated.append(judged)
        if differs := sorted(signature(judged) ^ signature(first)):
            told = ", ".join(f"{requirement} {verdict}" for requirement, verdict in differs)
            self._break(each, f"repetition {number} differs: {told}")
        else:
            shutil.rmtree(out)

    def _break(self, each: Wanted, reason: object) -> None:
        """What proves nothing about systemd."""
        self.broken.append((each.name, str(reason)))
        self.console.print(f"{each.name}: inconclusive: {reason}", markup=False, highlight=False)

    def _leave_out(self, each: Wanted, reason: str, unfit: EnvironmentUnfit | None = None) -> None:
        self.skipped.append((each.name, reason))
        self.unfit = self.unfit or unfit
        self.console.print(f"{each.name}: skipped: {reason}", markup=False, highlight=False)

    def _show_trouble(self, judged: Judged) -> None:
        self.console.print(f"  {judged.run.trouble}", markup=False, highlight=False)
        trace = self.out / "traces" / f"{judged.name}.jsonl"
        events = trace.read_text(encoding="utf-8").split("\n")[1:-1]
        for title, lines in (
            ("last events", events[-5:]),
            ("console", judged.run.console_tail.splitlines()[-15:]),
        ):
            self.console.print(f"  {title}:")
            for line in lines:
                self.console.print(f"  | {line}", markup=False, highlight=False)

    def _remark(self, text: str) -> None:
        self.remarks.append(text)
        tell_remarks([text], self.console)

    def code(self, named: bool) -> ExitCode:
        try:
            return ExitCode.INTERRUPTED if self.interrupted else self._code(named)
        except (KeyboardInterrupt, Terminated):  # while a control booted
            self._remark("interrupted before it was known whose failure a hang is")
            return ExitCode.INTERRUPTED

    def _code(self, named: bool) -> ExitCode:
        found = [self._code_of(judged) for judged in [*self.boots, *self.repeated]]
        # A boot of which no requirement speaks takes nothing away from the others.
        codes = [code for code in found if code is not ExitCode.NOTHING_RAN]
        if self.broken:
            codes.append(ExitCode.ENVIRONMENT)
        if self.unfit and (named or not self.boots):
            codes.append(ExitCode.ENVIRONMENT)
        limit = self.options.max_skip
        if limit is not None and len(self.skipped) > limit:
            self._remark(f"{len(self.skipped)} boots skipped, {limit} allowed by --max-skip")
            codes.append(ExitCode.ENVIRONMENT)
        exercised, least = sum(map(_exercised, self.boots)), self.options.min_exercised
        if least is not None and exercised < least:
            self._remark(f"{exercised} verdicts, {least} asked for by --min-exercised")
            codes.append(ExitCode.ENVIRONMENT)
        for untrue in self.lock.untrue() if self.lock else []:
            self._remark(untrue)
            codes.append(ExitCode.BASELINE)
        told = [each for judged in self.boots for each in judged.verdicts]
        if told and all("advisory" in each for each in told):
            self._remark(suite_lock.NOTHING_COUNTS)
        return worst(codes)

    def _code_of(self, judged: Judged) -> ExitCode:
        """A boot that hangs is their failure, unless a control hangs as well: then it is ours."""
        if not judged.run.hung or self._control_boots(judged):
            return judged.code
        return ExitCode.ENVIRONMENT

    def _control_boots(self, hung: Judged) -> bool:
        """Whether another version boots here from the same vantage."""
        vantage, name = hung.scenario.vantage, hung.image.name
        others = [each for each in self.boots if each.image.name != name and each.scenario.vantage == vantage]
        if any(not each.run.hung for each in others):
            return True
        control = next(each for each in CONTROLS if each != name)
        scenario = SCENARIOS[CONTROL_SCENARIOS[vantage]]
        self.console.print(f"{name}/{hung.scenario.name} hung: does {control} boot on this machine?")
        scratch, deadline = self.out / "control" / hung.name, Deadline(self.options.deadline or BOOT_S)
        try:
            judged = judge_boot(scenario, images.find(control), scratch, deadline, vsock=self.options.vsock)
        except (EnvironmentUnfit, *OUR_FAILURES) as failure:
            self.console.print(f"control: {failure}", markup=False, highlight=False)
            return False
        self.console.print(words(judged, "control: "), markup=False, highlight=False)
        return not judged.run.hung


def _asked(judged: Judged) -> str:
    """The NAME of a boot."""
    return f"{judged.image.name}/{judged.scenario.name}"


def _exercised(judged: Judged) -> int:
    return sum(each["verdict"] in ("pass", "fail", "warn") for each in judged.verdicts)


def words(judged: Judged, lead: str) -> str:
    return (
        f"{lead}{judged.image.name}/{judged.scenario.name}: {judged.outcome} "
        f"(systemd {judged.image.systemd}, {judged.run.seconds:.1f} s)"
    )
