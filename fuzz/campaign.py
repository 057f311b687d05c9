"""`./run fuzz`: a campaign over the targets, with a report; command_line.py has what it is told."""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.table import Table

from fuzz import (
    afl,
    black_box,
    corpus,
    coverage,
    differential,
    engine,
    planted,
    power,
    report,
    seeds,
    target,
    throughput,
    vector,
)
from fuzz.command_line import ENGINES, parser
from fuzz.engine import Campaign
from fuzz.report import Report
from fuzz.target import Target
from harness.exit_code import ExitCode, worst
from harness.guard import guarded
from harness.judgement import InputRefused

LEAST_S = 2  # for one target: below that nothing begins


def main(arguments: Sequence[str] | None = None) -> ExitCode:
    options = parser().parse_args(arguments)
    console = Console(stderr=False)
    corpus.OUT.mkdir(parents=True, exist_ok=True)
    if options.list:
        return _list(console)
    if options.again:
        return engine.again(options.again)
    if options.vector:
        print(vector.text(_bytes(options.vector)), end="")
        return ExitCode.CONFORMS
    if options.differential:
        return worst([*differential.main(console), *black_box.main(console)])
    if options.power:
        return _power(options, console)
    if options.throughput:
        return _throughput(console)
    targets = target.find([*options.names, *options.targets])
    left = [path for each in targets for path in corpus.prepare(each)]
    if options.merge:
        for each in targets:
            engine.merge(each, corpus.folder(each))
        return ExitCode.CONFORMS
    if options.adopt:
        for each in targets:
            console.print(f"{each.name}: {corpus.adopt(each)} inputs adopted", highlight=False)
        return ExitCode.CONFORMS
    for path in left:
        _say(console, f"of a campaign that was killed: ./run fuzz --again {_shown(path)}")
    return _campaign(options, targets, console)


def _list(console: Console) -> ExitCode:
    console.print("targets: " + ", ".join(target.names()), highlight=False, soft_wrap=True)
    console.print(
        "planted bugs: " + ", ".join(each.name for each in planted.read([])), highlight=False, soft_wrap=True
    )
    return ExitCode.CONFORMS


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failure:
        raise InputRefused(f"fuzz: {path}: {failure.strerror}") from None


def _power(options: argparse.Namespace, console: Console) -> ExitCode:
    bugs = planted.read(options.names)
    started = _now()

    def tell(one: power.Power) -> None:
        word = "found" if one.found else "NOT FOUND"
        median = "-" if one.median is None else f"{one.median:.1f} s"
        trials = f"{len(one.seconds)} of {one.trials}"
        console.print(
            f"{one.bug.target.name:18} {one.bug.name:28} {word}, median {median}, {trials}", highlight=False
        )

    measured = power.measure(
        bugs, options.trials, options.jobs, seeds.dictionary(corpus.OUT / "fields.dict"), tell
    )
    page = report.write(Report(started, "libFuzzer", 0, options.jobs, power=measured), corpus.OUT / "power")
    found = sum(each.found for each in measured)
    console.print(f"{found} of {len(measured)} planted bugs found; page: {_shown(page)}", highlight=False)
    return ExitCode.CONFORMS if found == len(measured) else ExitCode.DOES_NOT_CONFORM


def _throughput(console: Console) -> ExitCode:
    table = Table(box=None, pad_edge=False)
    for head in ("target", "per second", "of empty", "of empty_lines"):
        table.add_column(head, justify="left" if head == "target" else "right")
    for row in throughput.rows(throughput.measure(lambda words: _say(console, words))):
        table.add_row(*row)
    console.print(table)
    return ExitCode.CONFORMS


def _campaign(options: argparse.Namespace, targets: Sequence[Target], console: Console) -> ExitCode:
    out = Report(
        _now(), ENGINES[options.engine], options.budget, options.jobs, [Campaign(each) for each in targets]
    )
    try:
        _run_all(options, out.campaigns, console)
        _measure(options, out, targets, console)
    except KeyboardInterrupt:
        out.stopped = True
        console.print("stopped; the corpora are kept")
    _close(out, console)  # before the pages, for which there may be no room
    try:
        page = report.write(out, corpus.OUT / "report")
        _say(console, f"page: {_shown(page)}")
    except OSError as failure:
        _say(console, f"no page: {failure}")
        return worst([_code(out), ExitCode.ENVIRONMENT])
    return _code(out)


def _code(out: Report) -> ExitCode:
    if out.findings:
        return ExitCode.DOES_NOT_CONFORM
    if out.troubles or out.stopped:
        return ExitCode.ENVIRONMENT
    return ExitCode.CONFORMS if any(each.executions for each in out.campaigns) else ExitCode.NOTHING_RAN


def _run_all(options: argparse.Namespace, campaigns: Sequence[Campaign], console: Console) -> None:
    share = max(LEAST_S, options.budget * options.jobs / len(campaigns))
    words = seeds.dictionary(corpus.OUT / "fields.dict")
    stop = threading.Event()
    with Live(
        _table(campaigns), console=console, refresh_per_second=2, transient=not console.is_terminal
    ) as live:

        def tell(_: Campaign) -> None:
            if stop.is_set():
                raise KeyboardInterrupt
            if console.is_terminal:
                live.update(_table(campaigns))

        def one(campaign: Campaign) -> None:
            if stop.is_set():
                return
            folder, findings = corpus.folder(campaign.target), corpus.findings()
            try:
                if options.engine == "afl":
                    afl.run(campaign, share, folder, words, findings, tell)
                else:
                    engine.run(campaign, share, folder, words, findings, tell, seed=options.seed)
            except KeyboardInterrupt:
                stop.set()
                return
            except OSError as failure:  # a full disk; the others go on
                campaign.trouble = str(failure)
            if not console.is_terminal:
                name, count = campaign.target.name, campaign.executions
                console.print(f"{name}: {count} executions in {campaign.seconds:.0f} s", highlight=False)

        with ThreadPoolExecutor(options.jobs) as pool:
            futures = [pool.submit(one, each) for each in campaigns]
            try:
                for future in futures:
                    future.result()
                if stop.is_set():
                    raise KeyboardInterrupt
            except BaseException:
                stop.set()
                for future in futures:
                    future.cancel()
                raise
    if not console.is_terminal:
        console.print(_table(campaigns))


def _table(campaigns: Sequence[Campaign]) -> Table:
    table = Table(box=None, pad_edge=False)
    for head in ("target", "executions", "per second", "edges", "corpus", "findings"):
        table.add_column(head, justify="left" if head == "target" else "right")
    for each in campaigns:
        last = each.points[-1] if each.points else None
        rate = round(last.executions / last.seconds) if last and last.seconds else 0
        row = (last.executions, rate, last.edges, last.corpus) if last else ("", "", "", "")
        table.add_row(each.target.name, *map(str, row), str(len(each.findings) or ""))
    return table


def _measure(options: argparse.Namespace, out: Report, targets: Sequence[Target], console: Console) -> None:
    bad = {each.target for each in out.findings}  # whose inputs end a replay
    for each in targets:
        if each.name not in bad:
            out.replays[each.name] = [engine.reached(each, [corpus.folder(each)], seed) for seed in (1, 2)]
    if options.no_coverage or not (coverage.BUILD / "fuzz").is_dir():
        return
    inputs = {each.name: each.inputs for each in targets if each.name not in bad}
    try:
        out.seeds = coverage.measure(inputs)
        out.final = coverage.measure(
            {name: [*paths, corpus.folder(Target(name))] for name, paths in inputs.items()}
        )
    except subprocess.CalledProcessError as failure:
        console.print(
            f"coverage: not measured: {(failure.stderr or b'')[-300:]!r}", highlight=False, markup=False
        )


def _close(out: Report, console: Console) -> None:
    for each in out.findings:
        _say(console, f"finding: {each.target}: {each.kind}: {each.title}\n  again: {each.again}")
    for trouble in out.troubles:
        _say(console, f"no campaign: {trouble}")
    if out.seeds and out.final:
        console.print(
            f"regions: {out.seeds.share():.1%} by the seeds alone, {out.final.share():.1%} now",
            highlight=False,
        )
    console.print(f"{len(out.findings)} findings, {out.cpu_hours:.2f} CPU hours", highlight=False)


def _say(console: Console, words: str) -> None:
    console.print(words, highlight=False, markup=False, soft_wrap=True)


def _shown(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    sys.exit(guarded("fuzz", main))
