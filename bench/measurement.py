"""What `./run bench` measures: exact counts, held to budgets; and wall time beside peers, which gates nothing.

Two of the same are timed first: below what they differ by, nothing is claimed.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from rich.console import Console

from bench import budgets, contest, counts, revision
from bench.contest import Contestant, ContestFailed
from bench.counts import ROOT, CountsFailed
from bench.outcome import AGAIN, OTHER, Outcome, identity
from bench.peer import Peer, peers
from bench.performance_report import write
from bench.revision import RevisionRefused
from bench.socket_queue import with_queue
from harness.exit_code import ExitCode
from vm.environment import EnvironmentUnfit

OUT = ROOT / "out" / "bench"
WIDE = 160  # columns, where nobody says how wide it is
PLAN = Path(__file__).with_name("comparisons.toml")


def program(build: Path) -> Path:
    return build / "bench" / "notifyspec_contestant"


def run(options: argparse.Namespace) -> ExitCode:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)
    outcome = Outcome(datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"), identity())
    build = ROOT / "build" / "release"
    try:
        console.print("counting instructions, system calls, allocations and fds")
        outcome.counts = counts.take(counts.program(build))
        if options.write_budgets:
            console.print(f"budgets: {budgets.write(outcome.counts).relative_to(ROOT)}")
        other = None
        if options.against:
            console.print(f"building {options.against}: some minutes, the first time")
            other = revision.build(options.against, build, timed=not options.no_wall)
            outcome.against = other.name
            outcome.budget = counts.take(counts.program(other.build)).cases
        else:
            outcome.budget = budgets.read(outcome.counts.key)
        if not options.no_wall:
            _time(options, outcome, build, other.build if other else None, console)
    except (CountsFailed, ContestFailed, RevisionRefused) as failed:
        console.print(f"./run bench: {failed}")
        return ExitCode.ENVIRONMENT
    except budgets.BudgetRefused as refused:
        console.print(f"./run bench: {refused}")
        return ExitCode.USAGE
    page = write(outcome, options.out or OUT / datetime.now().strftime("%Y%m%d-%H%M%S"), console)
    console.print(f"\npage: {page}")
    return outcome.exit_code


def _time(
    options: argparse.Namespace, outcome: Outcome, build: Path, other: Path | None, console: Console
) -> None:
    plan = tomllib.loads(PLAN.read_text(encoding="utf-8"))
    own = program(build)
    payloads = contest.payloads(own)
    with peers() as found:
        for each in found:
            if each.why_absent and not options.no_peers:
                outcome.absent[each.name] = each.why_absent
        for one in plan["contest"]:
            if options.only not in (None, one["task"]):
                continue
            label = one.get("label", one["task"])
            try:
                entered = _entered(one, own, other, found, not options.no_peers)
            except EnvironmentUnfit as unfit:
                outcome.absent[label] = str(unfit)
                continue
            works = [contest.Work(one["task"], name, payloads[name]) for name in one["payloads"]]
            console.print(f"timing {label}: {len(entered)} in turns, of {', '.join(one['payloads'])}")
            timed = contest.run_lives(entered, works, options.rounds, label)
            for name, why in (each for some in timed for each in some.missing.items()):
                outcome.absent[f"{name}, {label}"] = why
            (outcome.prices if one.get("prices") else outcome.samples).extend(timed)
    outcome.comparisons = plan["comparison"]


def _entered(
    plan: Mapping[str, Any], own: Path, other: Path | None, found: Sequence[Peer], with_peers: bool
) -> list[Contestant]:
    """Contestants of ours, of another revision, and those of others that can run here."""
    commands = {each.name: each.command for each in found if not each.why_absent and with_peers}
    out = [] if plan.get("prices") else [Contestant(AGAIN, [str(own), "receiver"])]
    if other is not None and not plan.get("prices"):
        out.append(Contestant(OTHER, [str(program(other)), "receiver"]))
    peer_names = {each.name for each in found}
    ours = {name: [str(own), name] for name in plan["contestants"] if name not in peer_names}
    out += [
        Contestant(name, (commands | ours)[name])
        for name in plan["contestants"]
        if name in commands or name in ours
    ]
    if "queue" not in plan:
        return out
    burst = {"NOTIFYSPEC_BURST": str(plan["burst"])}
    return [replace(each, command=with_queue(plan["queue"], each.command), environment=burst) for each in out]
