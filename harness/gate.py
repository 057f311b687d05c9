"""`./run gate`: puts systemd before the suite, and says by table, page and exit code whether it conforms."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from harness import run_directory, table
from harness.exit_code import ExitCode, worst
from harness.judgement import ToolBroke
from harness.page.page import render
from harness.recorder import RecorderFailed
from harness.scenarios import SCENARIOS
from harness.subject import Judged, judge_boot, signature
from harness.vantage import HostNotBooted
from harness.wanted import DEFAULT, UnknownName, Wanted, resolve
from vm import image as images
from vm.deadline import Deadline
from vm.environment import EnvironmentUnfit, require_container
from vm.image import Image
from vm.recipe import recipes

ROOT = Path(__file__).parent.parent
CONTROLS = ("257", "262")  # known to boot: where these hang, too, it is the machine and not the image
OWN = "root"  # the name of --root's image


class Gate:
    def __init__(self, options: argparse.Namespace, out: Path, console: Console) -> None:
        self.options = options
        self.out = out
        self.console = console
        self.boots: list[Judged] = []
        self.skipped: list[tuple[str, str]] = []
        self.broken: list[tuple[str, str]] = []
        self.unfit: EnvironmentUnfit | None = None

    def image(self, name: str) -> Image:
        if name == OWN:
            return images.own(Path(self.options.root))
        return images.find(name, refresh=self.options.refresh)

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
            except (RecorderFailed, HostNotBooted) as failure:
                self._break(each, failure)
                continue
            self.boots.append(judged)
            self.console.print(_line(judged, f"[{number}/{len(wanted)}] "), markup=False, highlight=False)
            if judged.run.trouble:
                self._show_trouble(judged)
            self._repeat(each, image, judged)

    def _boot(self, each: Wanted, image: Image, out: Path | None = None) -> Judged:
        scenario, deadline = SCENARIOS[each.scenario], Deadline(self.options.deadline)
        with self.console.status(f"{each.name}: systemd {image.systemd} boots"):
            return judge_boot(scenario, image, out or self.out, deadline, self.options.profile)

    def _repeat(self, each: Wanted, image: Image, first: Judged) -> None:
        """Boots again, and wants the same verdicts; a run that differs is kept."""
        for number in range(2, self.options.repeat + 1):
            out = self.out / "repeats" / f"{first.name}-{number}"
            differs = sorted(signature(self._boot(each, image, out)) ^ signature(first))
            if not differs:
                shutil.rmtree(out)
                continue
            words = ", ".join(f"{requirement} {verdict}" for requirement, verdict in differs)
            self._break(each, f"repetition {number} differs: {words}")
        if self.options.repeat > 1:
            self.console.print(f"  {self.options.repeat} boots in a row", highlight=False)

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
        codes = [self._code_of(judged) for judged in self.boots]
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
        if not judged.run.hung or self._control_boots(judged.image.name):
            return judged.code
        return ExitCode.ENVIRONMENT

    def _control_boots(self, hung: str) -> bool:
        if any(not each.run.hung and each.image.name != hung for each in self.boots):
            return True
        control = next(name for name in CONTROLS if name != hung)
        self.console.print(f"{hung} hung: does {control} boot on this machine?")
        scratch = self.out / "control"
        judged = judge_boot(SCENARIOS["halt"], images.find(control), scratch, Deadline(self.options.deadline))
        self.console.print(_line(judged, "control: "), markup=False, highlight=False)
        return not judged.run.hung


def _line(judged: Judged, lead: str) -> str:
    return (
        f"{lead}{judged.image.name}/{judged.scenario.name}: {judged.outcome} "
        f"(systemd {judged.image.systemd}, {judged.run.seconds:.1f} s)"
    )


def parser() -> argparse.ArgumentParser:
    out = argparse.ArgumentParser(
        prog="./run gate",
        description="Boots real systemd, records what it tells its supervisor, and judges it.",
        epilog="Exit codes: 0 conforms, 1 does not, 2 usage, 5 environment unfit or inconclusive, 6 nothing ran.",
    )
    add = out.add_argument
    add(
        "names",
        nargs="*",
        metavar="NAME",
        help="IMAGE or IMAGE/SCENARIO, globs allowed; default: 257 and 262",
    )
    add("--all", action="store_true", help="every scenario on every version")
    add("--list", action="store_true", help="list what can be named, and boot nothing")
    add("--root", metavar="PATH", help="your own root, a folder or a tar; NAME for it is `root`")
    add("--out", type=Path, metavar="DIR", help="where to leave the run (default: out/gate/DATE-TIME)")
    add("--profile", metavar="systemd-N", help="judge what was merely observed of that version, too")
    add("--deadline", type=float, default=60.0, metavar="S", help="seconds for one boot (default: 60)")
    add(
        "--repeat",
        type=int,
        default=1,
        metavar="N",
        help="boot each N times in a row; verdicts must not differ",
    )
    add("--max-skip", type=int, metavar="N", help="more skipped boots than this are exit code 5")
    add("--refresh", action="store_true", help="build the images anew")
    return out


def names_of(options: argparse.Namespace) -> list[str]:
    if options.all:
        return ["*/*"]
    if options.names:
        return list(options.names)
    return [OWN] if options.root else list(DEFAULT)


def list_names(console: Console) -> None:
    for name in recipes():
        console.print(f"image     {name}", highlight=False)
    for name, scenario in SCENARIOS.items():
        since = f", since {scenario.since}" if scenario.since else ""
        console.print(f"scenario  {name:<20} {scenario.text} ({scenario.vantage}{since})", highlight=False)


def main(arguments: Sequence[str] | None = None) -> ExitCode:
    console = Console(width=None if sys.stdout.isatty() else 160)
    options = parser().parse_args(arguments)
    if options.list:
        list_names(console)
        return ExitCode.CONFORMS
    try:
        known = [OWN] if options.root else []
        wanted = resolve(names_of(options), [*known, *recipes()], list(SCENARIOS))
        require_container()
        out = run_directory.create(options.out, ROOT)
    except (UnknownName, FileExistsError) as mistake:
        print(f"gate: {mistake}", file=sys.stderr)
        return ExitCode.USAGE
    gate = Gate(options, out, console)
    gate.run(wanted)
    code = gate.code(named=bool(options.names))
    run_directory.write(out, gate.boots, [*gate.skipped, *gate.broken], code, options.profile)
    if gate.boots:
        table.show(gate.boots, console)
        with (out / "report.txt").open("w", encoding="utf-8") as file:
            table.show(gate.boots, Console(file=file, width=160))
    page = render(out)
    _close(gate, code, page, console)
    return code


def _close(gate: Gate, code: ExitCode, page: Path, console: Console) -> None:
    console.print()
    console.print(f"page: {os.path.relpath(page)}", highlight=False, soft_wrap=True)
    if gate.unfit:
        console.print(f"try:  {gate.unfit.remedy}", markup=False, highlight=False)
    answer = {ExitCode.CONFORMS: "conforms", ExitCode.DOES_NOT_CONFORM: "does not conform"}
    console.print(answer.get(code, f"no answer (exit code {int(code)})"), highlight=False)


def guarded() -> int:
    """main() with what may break it made into exit codes; Ctrl-C cleans up on the way out."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return int(main())
    except EnvironmentUnfit as unfit:
        print(f"gate: {unfit.reason}\ntry:  {unfit.remedy}", file=sys.stderr)
        return ExitCode.ENVIRONMENT
    except ToolBroke as broken:
        print(f"gate: a bug of the suite: {broken}", file=sys.stderr)
        return ExitCode.ENVIRONMENT
    except BrokenPipeError:  # whoever read our words has gone; the answer was not given
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except KeyboardInterrupt:
        print("gate: interrupted; everything that was started is gone", file=sys.stderr)
        return 128 + signal.SIGINT


if __name__ == "__main__":
    sys.exit(guarded())
