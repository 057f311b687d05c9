"""A run of implementations: proxies apart from those that vectors are put before; and the same several times in a row.

Verdicts must not differ from one repetition to the next: what differs is our failure, and is named.
"""

from __future__ import annotations

import argparse
import copy
import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from harness import run_directory, trial_gate
from harness.exit_code import ExitCode, worst
from harness.graded import answer
from harness.proxies import gate as proxy_gate
from harness.proxies.case import ROLE
from harness.wanted_trials import WantedTrial

Signature = dict[str, str]


def main(
    options: argparse.Namespace, wanted: Sequence[WantedTrial], root: Path, console: Console
) -> ExitCode:
    """Raises OSError where the folder for the run cannot be had."""
    kinds = _kinds(wanted)
    if options.repeat == 1 and len(kinds) == 1:
        return kinds[0][1](options, wanted, root, console)
    out = run_directory.create(options.out, root)
    codes: list[ExitCode] = []
    first: Signature = {}
    for number in range(1, options.repeat + 1):
        folder = out / str(number) if options.repeat > 1 else out
        for name, gate, some in kinds:
            again = copy.copy(options)
            again.out = folder / name
            codes.append(gate(again, some, root, console))
            if codes[-1] is ExitCode.INTERRUPTED:
                return codes[-1]
        now = signature(folder)
        first = first or now
        for each in sorted(set(first.items()) ^ set(now.items())):
            codes.append(ExitCode.ENVIRONMENT)
            console.print(Text(f"repetition {number} differs: {each[0]}: {each[1]}", style="yellow"))
    if options.repeat > 1:
        console.print(f"{options.repeat} times in a row, {len(first)} verdicts each", highlight=False)
    console.print(answer(worst(codes)), highlight=False)
    return worst(codes)


def _kinds(wanted: Sequence[WantedTrial]):
    proxies = [each for each in wanted if each.implementation.role == ROLE]
    others = [each for each in wanted if each.implementation.role != ROLE]
    kinds = (("vectors", trial_gate.main, others), ("proxies", proxy_gate.main, proxies))
    return [each for each in kinds if each[2]]


def signature(folder: Path) -> Signature:
    """All verdicts below it, and what came to none."""
    out: Signature = {}
    for path in sorted(folder.rglob("grades/*.jsonl")):
        for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
            grade = json.loads(line)
            out[f"{path.stem} {grade.get('vector', grade.get('requirement'))}"] = (
                grade.get("verdict") or grade["word"]
            )
    for path in sorted(folder.rglob("run.json")):
        run = json.loads(path.read_text(encoding="utf-8"))
        for kind in ("skipped", "faulty", "broken"):
            out |= {f"{each['name']}": kind for each in run.get(kind, ())}
    return out
