"""`./run bench proof`: is the gate one? What is planted must turn it red, and the same code, counted again and again,
must not. Exit codes: 0 both, 3 it is no gate, 5 nothing could be counted."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence

from bench import budgets, counts
from bench.budgets import Change
from bench.counts import Count, CountsFailed
from harness.exit_code import ExitCode
from harness.guard import guarded

RERUNS = 20
# What is planted (counted.cc), and the case and the member of it that must be seen.
PLANTS = {
    "instructions": ("split/reload", "instructions"),  # one a line: 2 % of it
    "system-call": ("receive-receiver/status", "system_calls"),
    "allocation": ("receive-receiver/status", "allocations"),
    "fd": ("receive-receiver/status", "fds"),
}
Cases = Mapping[str, Count]


def over(budget: Cases, now: Cases) -> list[Change]:
    return [each for each in budgets.compare(budget, now) if each.is_over]


def planted(budget: Cases) -> Iterator[tuple[str, Change | None]]:
    """What was planted, and what the gate says of it; None: it says nothing."""
    for plant, (case, member) in PLANTS.items():
        changes = over(budget, counts.take(counts.program(), ["--plant", plant]).cases)
        yield plant, next((each for each in changes if (each.case, each.member) == (case, member)), None)


def reruns(budget: Cases, number: int) -> Iterator[list[Change]]:
    for _ in range(number):
        yield over(budget, counts.take(counts.program()).cases)


def main(arguments: Sequence[str] | None = None) -> ExitCode:
    parser = argparse.ArgumentParser(prog="./run bench proof", description=__doc__, allow_abbrev=False)
    parser.add_argument(
        "--reruns", type=int, default=RERUNS, metavar="N", help=f"of the same code ({RERUNS})"
    )
    options = parser.parse_args(arguments)
    try:
        budget = counts.take(counts.program()).cases
        is_proved = True
        for plant, change in planted(budget):
            print(f"planted: {plant}: {f'seen, {change.text}' if change else 'NOT SEEN'}", flush=True)
            is_proved &= change is not None
        noise = [each for changes in reruns(budget, options.reruns) for each in changes]
    except CountsFailed as failed:
        print(f"./run bench proof: {failed}")
        return ExitCode.ENVIRONMENT
    for each in noise:
        print(f"the same code: NOT SILENT, {each.text}")
    print(f"the same code, {options.reruns} times: {len(noise)} of {len(budget)} counts changed")
    return ExitCode.CONFORMS if is_proved and not noise else ExitCode.BASELINE


if __name__ == "__main__":
    sys.exit(guarded("./run bench proof", main))
