"""Floods notify receivers, and says what was refused and lost, and how long others had to wait beside it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.flood import manager, ours
from bench.flood.outcome import Outcome, Quantiles
from harness.exit_code import ExitCode, worst
from harness.guard import guarded
from vm import image as images
from vm.environment import EnvironmentUnfit, require_container
from vm.installation import ROOT

QUEUES = (10, 512)  # what a kernel begins with, and what systemd makes of it where it may
IMAGES = ("257", "262")
SECONDS, MOST_SECONDS = 5, 20
MESSAGES = 1_000_000
FILE = Path("out") / "bench" / "flood.jsonl"  # of the suite's own folder


def main(arguments: Sequence[str] | None = None) -> ExitCode:
    parser = argparse.ArgumentParser(prog="./run bench flood", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"{ours.NAME}, or an image whose PID 1 is flooded, which is built where it is missing"
        f" (default: {ours.NAME} {' '.join(IMAGES)}, as far as this machine can)",
    )
    parser.add_argument(
        "--messages", type=int, default=MESSAGES, metavar="N", help=f"a flood's (default: {MESSAGES})"
    )
    parser.add_argument(
        "--seconds", type=int, default=SECONDS, metavar="S", help=f"a flood's end (default: {SECONDS})"
    )
    parser.add_argument(
        "--out", type=Path, default=ROOT / FILE, metavar="FILE", help=f"JSON lines (default: {FILE})"
    )
    options = parser.parse_args(arguments)
    if options.messages < 1 or not 1 <= options.seconds <= MOST_SECONDS:
        parser.error(f"at least a message, and 1 to {MOST_SECONDS} seconds")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    outcomes = []
    with open(options.out, "w", encoding="utf-8") as file:
        for outcome in _floods(options.names, options.messages, options.seconds):
            outcomes.append(outcome)
            print(json.dumps(outcome.as_json()), file=file, flush=True)
    show(outcomes, Console())
    return judge(outcomes)


def _floods(names: Sequence[str], messages: int, seconds: int) -> Iterator[Outcome]:
    """One after the other. What was not asked for by name may be left out."""
    for name in names or (ours.NAME, *IMAGES):
        for flood in _calls(name, messages, seconds, by_name=bool(names)):
            try:
                yield flood()
            except EnvironmentUnfit as unfit:
                if names:
                    raise
                yield Outcome(manager.named(name), why_absent=str(unfit))
                break


def _calls(name: str, messages: int, seconds: int, *, by_name: bool) -> list[Callable[[], Outcome]]:
    if name != ours.NAME:
        return [
            lambda keeps=keeps: _flood_manager(name, messages, seconds, by_name=by_name, keeps_queue=keeps)
            for keeps in (True, False)
        ]
    queues = QUEUES if os.geteuid() == 0 else QUEUES[:1]
    return [lambda queue=queue: ours.flood(queue, messages, seconds) for queue in queues]


def _flood_manager(name: str, messages: int, seconds: int, *, by_name: bool, keeps_queue: bool) -> Outcome:
    require_container()
    if not by_name and not images.is_cached(name):
        raise EnvironmentUnfit(f"image {name} is not in the cache", f"python3 -m vm.image {name}")
    return manager.flood(images.find(name), messages, seconds, keeps_queue=keeps_queue)


def judge(outcomes: Sequence[Outcome]) -> ExitCode:
    """A message that was accepted and is lost is a failure; how long it takes is none."""
    ran = [each for each in outcomes if not each.why_absent]
    codes = [ExitCode.ENVIRONMENT if each.trouble else ExitCode.CONFORMS for each in ran]
    return worst([*codes, *(ExitCode.DOES_NOT_CONFORM for each in ran if each.lost)])


def show(outcomes: Sequence[Outcome], console: Console) -> None:
    table = Table(box=None, pad_edge=False, caption="times in µs", caption_justify="left")
    table.add_column("receiver", no_wrap=True)
    columns = ("queue", "sent", "refused", "lost", "/s", "latency p50 p99 p99.9", "alone p50 p99 max")
    for column in (*columns, "beside p50 p99 max"):
        table.add_column(column, justify="right")
    for each in outcomes:
        if each.seconds:
            lost = "?" if each.received is None else f"{each.lost:,}"
            numbers = (f"{each.sent:,}", f"{each.refused:,}", lost, f"{each.sent / each.seconds:,.0f}")
            latency = _words(each.latency, "p50", "p99", "p99.9")
            waits = [_words(times, "p50", "p99", "max") for times in (each.wait_alone, each.wait_beside)]
            table.add_row(each.receiver, str(each.queue), *numbers, latency, *waits)
    console.print(table)
    for each in outcomes:
        if each.why_absent or each.trouble:
            console.print(f"{each.receiver}: {each.why_absent or each.trouble}", markup=False)


def _words(times: Quantiles, *names: str) -> str:
    return " ".join(f"{times[name]:,.0f}" for name in names if times) or "?"


if __name__ == "__main__":
    sys.exit(guarded("flood", main))
