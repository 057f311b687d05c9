"""`./run gate`: puts systemd, or any implementation, before the suite, and says by report and code if it conforms."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from rich.console import Console

from harness import rejudge, repetition, run_directory, table
from harness.exit_code import ExitCode, worst
from harness.gate_options import known_images, list_names, names_of, parser, trials_of
from harness.expectations_file import ExpectationsRefused
from harness.guard import guarded
from harness.implementation import ImplementationRefused
from harness.kept_run import RunRefused
from harness.ours import OUR_FAILURES
from harness.page.page import render
from harness.report import compare, papers
from harness.scenarios import SCENARIOS
from harness.subject import Judged, judge_boot, signature
from harness.wanted import UnknownName, Wanted, resolve
from vm import image as images
from vm import installation
from vm.deadline import Deadline
from vm.environment import EnvironmentUnfit, require_container
from vm.image import OWN, Image

RUNS = installation.HERE.runs
BOOT_S = 60.0
CONTROLS = ("257", "262")  # known to boot: where these hang, too, it is the machine and not the image
CONTROL_SCENARIOS = {"container": "halt", "user": "user-boot", "vm": "vm-poweroff"}


class Gate:
    def __init__(self, options: argparse.Namespace, out: Path, console: Console) -> None:
        self.options = options
        self.out = out
        self.console = console
        self.images: dict[str, Image] = {}
        self.boots: list[Judged] = []
        self.skipped: list[tuple[str, str]] = []
        self.broken: list[tuple[str, str]] = []
        self.repeated: list[Judged] = []
        self.unfit: EnvironmentUnfit | None = None

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
        for number, each in enumerate(wanted, 1):
            scenario = SCENARIOS[each.scenario]
            try:
                image = self.image(each.image)
            except EnvironmentUnfit as unfit:
                self._leave_out(each, unfit.reason, unfit)
                continue
            if image.major < scenario.since:
                self._leave_out(each, f"since systemd {scenario.since}, and this is {image.systemd}")
                continue
            try:
                judged = self._boot(each, image)
            except EnvironmentUnfit as unfit:
                self._leave_out(each, unfit.reason, unfit)
                continue
            except OUR_FAILURES as failure:
                self._break(each, failure)
                continue
            self.boots.append(judged)
            self.console.print(_line(judged, f"[{number}/{len(wanted)}] "), markup=False, highlight=False)
            if judged.run.trouble:
                self._show_trouble(judged)
            for number in range(2, self.options.repeat + 1):
                self._repeat(each, image, judged, number)
            if self.options.repeat > 1:
                self.console.print(f"  {self.options.repeat} boots in a row", highlight=False)

    def _boot(self, each: Wanted, image: Image, out: Path | None = None) -> Judged:
        scenario, deadline = SCENARIOS[each.scenario], Deadline(self.options.deadline or BOOT_S)
        with self.console.status(f"{each.name}: systemd {image.systemd} boots"):
            return judge_boot(
                scenario, image, out or self.out, deadline, self.options.profile, self.options.vsock
            )

    def _repeat(self, each: Wanted, image: Image, first: Judged, number: int) -> None:
        """Boots again, and wants the same verdicts; a run that differs is kept."""
        out = self.out / "repeats" / f"{first.name}-{number}"
        try:
            judged = self._boot(each, image, out)
        except (EnvironmentUnfit, *OUR_FAILURES) as failure:
            self._break(each, f"repetition {number}: {failure}")
            return
        self.repeated.append(judged)
        if differs := sorted(signature(judged) ^ signature(first)):
            words = ", ".join(f"{requirement} {verdict}" for requirement, verdict in differs)
            self._break(each, f"repetition {number} differs: {words}")
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

    def code(self, named: bool) -> ExitCode:
        told = [self._code_of(judged) for judged in [*self.boots, *self.repeated]]
        # A boot of which no requirement speaks takes nothing away from the others.
        codes = [code for code in told if code is not ExitCode.NOTHING_RAN]
        if self.broken:
            codes.append(ExitCode.ENVIRONMENT)
        if self.unfit and (named or not self.boots):
            codes.append(ExitCode.ENVIRONMENT)
        limit = self.options.max_skip
        if limit is not None and len(self.skipped) > limit:
            self.console.print(f"{len(self.skipped)} boots skipped, {limit} allowed by --max-skip")
            codes.append(ExitCode.ENVIRONMENT)
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
        self.console.print(_line(judged, "control: "), markup=False, highlight=False)
        return not judged.run.hung


def _line(judged: Judged, lead: str) -> str:
    return (
        f"{lead}{judged.image.name}/{judged.scenario.name}: {judged.outcome} "
        f"(systemd {judged.image.systemd}, {judged.run.seconds:.1f} s)"
    )


def main(arguments: Sequence[str] | None = None) -> ExitCode:
    console = Console(width=None if sys.stdout.isatty() else 160)
    options = parser().parse_args(arguments)
    if options.list:
        list_names(console)
        return ExitCode.CONFORMS
    try:
        if options.compare:
            return compare.main(*options.compare, options.out, RUNS, console)
        if options.rejudge:
            return rejudge.main(options, RUNS, console)
        if trials := trials_of(options):
            return repetition.main(options, trials, RUNS, console)
        wanted = resolve(names_of(options), known_images(options), list(SCENARIOS))
        started = datetime.now(timezone.utc)
        require_container()
        out = run_directory.create(options.out, RUNS)
    except (UnknownName, ImplementationRefused, ExpectationsRefused, RunRefused, OSError) as mistake:
        print(f"gate: {mistake}", file=sys.stderr)
        return mistake.code if isinstance(mistake, UnknownName) else ExitCode.USAGE
    gate = Gate(options, out, console)
    gate.run(wanted)
    code = gate.code(named=bool(options.names))
    run_directory.write(out, started, gate.boots, [*gate.skipped, *gate.broken], code, options.profile)
    if gate.boots:
        table.show(gate.boots, console)
        with (out / "report.txt").open("w", encoding="utf-8") as file:
            table.show(gate.boots, Console(file=file, width=160))
    papers.write(out)
    page = render(out)
    _close(gate, code, page, console)
    return code


def _close(gate: Gate, code: ExitCode, page: Path, console: Console) -> None:
    console.print()
    console.print(f"page: {os.path.relpath(page)}", highlight=False, soft_wrap=True)
    if gate.unfit:
        console.print(f"try:  {gate.unfit.remedy}", markup=False, highlight=False)
    answer = {ExitCode.CONFORMS: "conforms", ExitCode.DOES_NOT_CONFORM: "does not conform"}
    words = answer.get(code, f"no answer (exit code {int(code)})")
    if gate.skipped:  # nobody is to take a part for the whole
        words += f": {len(gate.boots)} of {len(gate.boots) + len(gate.skipped) + len(gate.broken)} boots"
    console.print(words, highlight=False)


if __name__ == "__main__":
    sys.exit(guarded("gate", main))
