"""The command line of `./run bench`, and what of it can be refused before anything is built or counted.

Called by itself it only looks: exit code 0, or 2 with a sentence.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import revision
from bench.revision import RevisionRefused
from harness.exit_code import ExitCode
from harness.guard import guarded
from harness.judgement import InputRefused

SIGNIFICANT = 0.05  # of each test that a claim rests on
# All of them on one side of a target (sign test, two-sided): 2 / 2**N. Of fewer nothing can be told.
FEWEST_ROUNDS = next(n for n in range(1, 100) if 2 / 2**n < SIGNIFICANT)


def rounds(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number")
    if int(text) < FEWEST_ROUNDS:
        raise argparse.ArgumentTypeError(
            f"{text} rounds can decide nothing, whatever they show: "
            f"from {FEWEST_ROUNDS} on (sign test, p < {SIGNIFICANT})"
        )
    return int(text)


def parser() -> argparse.ArgumentParser:
    out = argparse.ArgumentParser(
        prog="./run bench",
        description="Exact counts, held to budgets; and wall time beside peers, which gates nothing.",
        allow_abbrev=False,
    )
    out.add_argument("--against", metavar="REV", help="build this revision, too, and compare with it")
    out.add_argument(
        "--rounds",
        type=rounds,
        default=21,
        metavar="N",
        help=f"turns of each contestant (21; {FEWEST_ROUNDS} at least)",
    )
    out.add_argument(
        "--only", metavar="TASK", choices=("split", "classify", "receive"), help="contests of one task"
    )
    out.add_argument("--no-peers", action="store_true", help="without receivers of others")
    out.add_argument("--no-wall", action="store_true", help="counts alone, as a gate needs them: seconds")
    out.add_argument(
        "--write-budgets", action="store_true", help="what is counted now is the budget from now on"
    )
    out.add_argument("--out", type=Path, metavar="DIR", help="folder for the report (out/bench/DATE-TIME)")
    out.epilog = (
        "Others: ./run bench proof (is the gate one?), ./run bench micro [OPTION...] (Google Benchmark: parse, "
        "classify, model, judge, trace, replay, vsock device), ./run bench million (ten times as many), "
        "./run bench flood, ./run bench boots."
    )
    return out


def read(arguments: Sequence[str]) -> argparse.Namespace:
    """Raises InputRefused where there is no such revision, or no report can be left where it is to be."""
    options = parser().parse_args(arguments)
    if options.against:
        try:
            revision.commit_of(options.against)
        except RevisionRefused as refused:
            raise InputRefused(f"./run bench: --against {refused}") from refused
    if options.out is not None:
        _make(options.out)
    return options


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        why = f"no folder for the report can be made there ({failure.strerror})"
        raise InputRefused(f"./run bench: {out}: {why}: name another --out") from failure
    if not os.access(out, os.W_OK | os.X_OK):
        raise InputRefused(f"./run bench: {out}: nothing can be written there: name another --out")


def main(arguments: Sequence[str]) -> ExitCode:
    read(arguments)
    return ExitCode.CONFORMS


if __name__ == "__main__":
    sys.exit(guarded("./run bench", lambda: main(sys.argv[1:])))
