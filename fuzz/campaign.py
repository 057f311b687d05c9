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
from rich.table import Table

from fuzz import (
    afl,
    black_box,
    corpus,
    coverage,
    differential,
    engine,
    finding,
    identity,
    planted,
    power,
    replay,
    report,
    seeds,
    target,
    throughput,
    vector,
)
from fuzz.command_line import read
from fuzz.engine import Campaign
from fuzz.progress import Progress
from fuzz.report import Report
from fuzz.target import Target
from harness.exit_code import ExitCode, worst
from harness.guard import guarded

LEAST_S = 2  # for one target: below that nothing begins


def main(arguments: Sequence[str] | None = None) -> ExitCode:
    options = read(arguments)
    console = Console(stderr=False)
    corpus.OUT.mkdir(parents=True, exist_ok=True)
    if options.list:
        return _list(console)
    if options.again:
        done = finding.again(target.of(options.again), options.again, said=None)
        return ExitCode.CONFORMS if done.returncode == 0 else ExitCode.DOES_NOT_CONFORM
    if options.vector:
        print(vector.text(vector.scenario(options.vector)), end="")
        return ExitCode.CONFORMS
    if options.differential:
        return worst([*differential.main(console), *black_box.main(console)])
    if options.power:
        return _power(options, console)
    if options.throughput:
        return _throughput(console)
    targets = target.find(options.names)
    _prepare(targets, console)
    if options.merge:
        for each in targets:
            before, after = corpus.merge(each)
            _say(console, f"{each.name}: of {before} inputs {after} reach all that they reached")
        return ExitCode.CONFORMS
    if options.adopt:
        for each in targets:
            _say(console, f"{each.name}: {corpus.adopt(each)} inputs adopted")
        return ExitCode.CONFORMS
    return _campaign(options, targets, console)


def _prepare(targets: Sequence[Target], console: Console) -> None:
    for each in targets:
        for path in corpus.prepare(each):
            _say(console, f"of a campaign that was killed: ./run fuzz --again {_shown(path)}")
        if count := corpus.too_long(each):
            _say(console, f"{each.name}: {count} inputs are too long: of each {each.longest} bytes are read")


def _list(console: Console) -> ExitCode:
    console.print("targets: " + ", ".join(target.names()), highlight=False, soft_wrap=True)
    console.print(
        "planted bugs: " + ", ".join(each.name for each in planted.read([])), highlight=False, soft_wrap=True
    )
    return ExitCode.CONFORMS


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
    it = Report(
        started, 0, options.jobs, identity.of(options, [each.target for each in bugs]), power=measured
    )
    page = report.write(it, corpus.OUT / "power")
    found = sum(each.found for each in measured)
    console.print(f"{found} of {len(measured)} planted bugs found; page: {_shown(page)}", highlight=False)
    return it.code


def _throughput(console: Console) -> ExitCode:
    table = Table(box=None, pad_edge=False)
    for head in ("target", "per second", "of empty", "of empty_lines"):
        table.add_column(head, justify="left" if head == "target" else "right")
    for row in throughput.rows(throughput.measure(lambda words: _say(console, words))):
        table.add_row(*row)
    console.print(table)
    return ExitCode.CONFORMS


def _campaign(options: argparse.Namespace, targets: Sequence[Target], console: Console) -> ExitCode:
    words = seeds.dictionary(corpus.OUT / "fields.dict")
    ran = identity.of(options, targets)
    out = Report(_now(), options.budget, options.jobs, ran, [Campaign(each) for each in targets])
    try:
        _run_all(options, out.campaigns, words, console)
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
        return worst([out.code, ExitCode.ENVIRONMENT])
    return out.code


def _run_all(
    options: argparse.Namespace, campaigns: Sequence[Campaign], words: Path, console: Console
) -> None:
    share = max(LEAST_S, options.budget * options.jobs / len(campaigns))
    stop = threading.Event()
    progress = Progress(campaigns, console)
    with progress.shown():

        def tell(_: Campaign) -> None:
            if stop.is_set():
                raise KeyboardInterrupt
            progress.go_on()

        def one(campaign: Campaign) -> None:
            if stop.is_set():
                return
            folder, findings = corpus.folder(campaign.target), corpus.findings()
            run = afl.run if options.engine == "afl" else engine.run
            try:
                run(campaign, share, folder, words, findings, tell, seed=options.seed)
            except KeyboardInterrupt:
                stop.set()
                return
            except OSError as failure:  # a full disk; the others go on
                campaign.trouble = str(failure)
            progress.end_of(campaign)

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


def _measure(options: argparse.Namespace, out: Report, targets: Sequence[Target], console: Console) -> None:
    for each in out.campaigns:
        if not each.findings:  # whose inputs end a replay
            try:
                reached = replay.replay(each, corpus.folder(each.target), corpus.findings())
            except OSError as failure:
                each.trouble, reached = each.trouble or str(failure), []
            out.replays[each.target.name] = reached
    inputs = {each.name: each.inputs for each in targets if each.name not in out.without}
    if options.no_coverage or not inputs or not (coverage.BUILD / "fuzz").is_dir():
        return
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
        of = f" [{each.requirement}]" if each.requirement else ""
        _say(console, f"finding: {each.target}: {each.kind}: {each.title}{of}\n  again: {each.again}")
    for requirement, seen_by in out.by_requirement.items():
        if len(seen_by) > 1:
            _say(console, f"of one requirement, {requirement}: findings of {', '.join(seen_by)}")
    for reason in out.inconclusive:
        _say(console, f"inconclusive: {reason}")
    if out.seeds and out.final:
        shares = [each.share(coverage.PURE) for each in (out.seeds, out.final)]
        words = (
            f"regions of {', '.join(coverage.PURE)}: {shares[0]:.1%} by the seeds alone, {shares[1]:.1%} now"
        )
        _say(console, words + "".join(f", without {each}" for each in out.without))
    if out.reaches_too_little:
        _say(console, f"{report.TOO_LITTLE}: ./run fuzz --adopt, or seeds written by hand")
    console.print(f"{len(out.findings)} findings, {report.cpu_time(out.cpu_hours)}", highlight=False)


def _say(console: Console, words: str) -> None:
    console.print(words, highlight=False, markup=False, soft_wrap=True)


def _shown(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    sys.exit(guarded("fuzz", main))
