"""`./run gate`: puts systemd, or any implementation, before the suite, and says by report and code if it conforms."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from rich.console import Console

from harness import (
    boot_directory,
    expectations_file,
    join,
    listing,
    part,
    rejudge,
    repetition,
    run_directory,
    suite_lock,
    table,
)
from harness.boot_gate import BootGate
from harness.exit_code import ExitCode
from harness.graded import answer
from harness.gate_options import read, trials_of, wanted_boots
from harness.expectations_file import ExpectationsRefused
from harness.guard import guarded
from harness.implementation import ImplementationRefused
from harness.kept_run import RunRefused
from harness.report import compare
from harness.suite_lock import LockRefused
from harness.wanted import UnknownName
from vm import installation
from vm.environment import require_container

MISTAKES = (UnknownName, ImplementationRefused, ExpectationsRefused, RunRefused, LockRefused, OSError)
RUNS = installation.HERE.runs


def main(arguments: Sequence[str] | None = None) -> ExitCode:
    console = Console(width=None if sys.stdout.isatty() else 160)
    try:
        options = read(arguments)
        if options.compare:
            return compare.main(*options.compare, options.out, RUNS, console)
        if options.write_lock:
            return _adopt(options.write_lock, console)
        if options.lock:
            suite_lock.read(options.lock)  # whatever becomes of it
        if options.list:
            return listing.show(options, console)
        if options.rejudge:
            return rejudge.main(options, RUNS, console)
        if options.join:
            return join.main(options, RUNS, console)
        listing.asked(options)  # before a folder is made for a run of nothing
        if trials := trials_of(options):
            if options.write_expectations:
                for each in trials:
                    expectations_file.require_writable(each.implementation.folder)
            return repetition.main(options, trials, RUNS, console)
        wanted = wanted_boots(options)
        started = datetime.now(timezone.utc)
        require_container()
        out = run_directory.create(options.out, RUNS)
        gate = BootGate(options, out, console)
    except MISTAKES as mistake:
        print(f"gate: {mistake}", file=sys.stderr)
        return mistake.code if isinstance(mistake, UnknownName) else ExitCode.USAGE
    gate.run(wanted)
    code = gate.code(named=bool(options.names))
    page = boot_directory.write(
        out,
        started,
        gate.boots,
        [*gate.skipped, *gate.broken],
        code,
        options.profile,
        gate.remarks,
        part.of(options),
    )
    if gate.boots:
        table.show(gate.boots, console)
    _close(gate, code, page, console)
    return code


def _adopt(path: Path, console: Console) -> ExitCode:
    cases = suite_lock.known()
    suite_lock.write(path, installation.GATE, cases)
    console.print(f"{path}: {len(cases)} cases adopted", highlight=False)
    return ExitCode.CONFORMS


def _close(gate: BootGate, code: ExitCode, page: Path, console: Console) -> None:
    console.print()
    console.print(f"page: {os.path.relpath(page)}", highlight=False, soft_wrap=True)
    if gate.unfit:
        console.print(f"try:  {gate.unfit.remedy}", markup=False, highlight=False)
    words = answer(code)
    if gate.skipped:  # nobody is to take a part for the whole
        words += f": {len(gate.boots)} of {len(gate.boots) + len(gate.skipped) + len(gate.broken)} boots"
    console.print(words, highlight=False)


if __name__ == "__main__":
    sys.exit(guarded("gate", main))
