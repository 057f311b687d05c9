"""The performance report: exact counts, held to budgets; and wall time beside peers, which gates nothing.

Two of the same are timed first: below what they differ by, nothing is claimed. Exit codes: 0 the counts are those of
the budgets, 3 they are not, in either direction, 5 there are no budgets for such a build, or nothing could be counted.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from base64 import b64decode
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path

from rich.console import Console

from bench import budgets, contest, counts, revision
from bench.contest import Contestant, ContestFailed
from bench.counts import ROOT, CountsFailed
from bench.peer import Peer, peers
from bench.performance_report import AGAIN, OTHER, Outcome, identity, write
from bench.revision import RevisionRefused
from harness.exit_code import ExitCode
from harness.guard import guarded

OUT = ROOT / "out" / "bench"
WIDE = 160  # columns, where nobody says how wide it is
PLAN = Path(__file__).with_name("comparisons.toml")


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")
    return int(text)


def parser() -> argparse.ArgumentParser:
    out = argparse.ArgumentParser(prog="./run bench", description=__doc__, allow_abbrev=False)
    out.add_argument("--against", metavar="REV", help="build this revision, too, and compare with it")
    out.add_argument("--rounds", type=positive, default=21, metavar="N", help="turns of each contestant (21)")
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
        "Others: ./run bench micro [OPTION...] (Google Benchmark: parse, classify, model, judge, trace, vsock device), "
        "./run bench flood, ./run bench boots."
    )
    return out


def program(build: Path) -> Path:
    return build / "bench" / "notifyspec_contestant"


def main(arguments: Sequence[str]) -> ExitCode:
    options = parser().parse_args(arguments)
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
            other = revision.build(options.against, build)
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
            entered = _entered(one["contestants"], own, other, found, not options.no_peers)
            if one.get("prices"):
                entered = [each for each in entered if each.name.startswith(contest.BARE)]
            with contest.talks(entered) as talking:
                for name in one["payloads"]:
                    console.print(f"timing {one['task']} of {name}: {len(entered)} in turns")
                    lines = contest.lines_in(b64decode(payloads[name]))
                    timed = contest.run(
                        list(talking.values()), one["task"], name, payloads[name], lines, options.rounds
                    )
                    (outcome.prices if one.get("prices") else outcome.samples).append(timed)
    outcome.comparisons = plan["comparison"]


def _entered(
    names: Sequence[str], own: Path, other: Path | None, found: Sequence[Peer], with_peers: bool
) -> list[Contestant]:
    """Contestants of ours, of another revision, and those of others that can run here."""
    commands: Mapping[str, Sequence[str]] = {each.name: each.command for each in found if not each.why_absent}
    peer_names = {each.name for each in found}
    out = [Contestant(AGAIN, [str(own), "receiver"])]
    if other is not None:
        out.append(Contestant(OTHER, [str(program(other)), "receiver"]))
    for name in names:
        if name in commands and with_peers:
            out.append(Contestant(name, commands[name]))
        elif name not in peer_names:
            out.append(Contestant(name, [str(own), name]))
    return out


if __name__ == "__main__":
    sys.exit(guarded("./run bench", lambda: main(sys.argv[1:])))
