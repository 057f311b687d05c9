"""`./run fuzz`: a campaign over the targets, with a report; or what it is worth: how fast it finds planted bugs.

Corpora are kept under out/fuzz/corpora, and used again. Ctrl-C ends it early, with a report of what there is.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.table import Table

from fuzz import afl, coverage, differential, engine, planted, power, report, seeds, target, vector
from fuzz.engine import Campaign
from fuzz.finding import Finding
from fuzz.report import Report
from fuzz.target import ROOT, Target
from harness.exit_code import ExitCode, worst
from harness.guard import guarded
from harness.judgement import InputRefused
from vm import image as images
from vm.environment import EnvironmentUnfit

OUT = ROOT / "out" / "fuzz"
CORPORA = OUT / "corpora"
FINDINGS = OUT / "findings"
ENGINES = {"libfuzzer": "libFuzzer", "afl": "AFL++"}
UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}
SHORT = 2048  # bytes, of an input that is worth keeping in the tree
LEAST_S = 2  # for one target: below that nothing begins


def seconds(text: str) -> int:
    match = re.fullmatch(r"(\d+)([smh]?)", text)
    if match is None or int(match[1]) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: 90, 90s, 10m or 2h")
    return int(match[1]) * UNITS[match[2]]


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")
    return int(text)


def parser() -> argparse.ArgumentParser:
    out = argparse.ArgumentParser(prog="./run fuzz", description=__doc__, allow_abbrev=False)
    out.add_argument(
        "names", nargs="*", metavar="TARGET", help=f"all, if none is named: {', '.join(target.names())}"
    )
    out.add_argument("--targets", nargs="+", default=[], metavar="TARGET", help="the same")
    out.add_argument("--budget", type=seconds, default=60, metavar="T", help="for all targets together (60s)")
    out.add_argument("--jobs", type=positive, default=1, metavar="N", help="so many targets at once (1)")
    out.add_argument("--engine", choices=ENGINES, default="libfuzzer", help="libfuzzer or afl (libfuzzer)")
    out.add_argument(
        "--seed", type=int, default=0, metavar="N", help="of the engine; 0: another one each time"
    )
    out.add_argument("--no-coverage", action="store_true", help="do without the build that measures it")
    out.add_argument(
        "--again", type=Path, metavar="FILE", help="run one input, whose name begins with its target"
    )
    out.add_argument("--vector", type=Path, metavar="FILE", help="print a scenario as the draft of a vector")
    out.add_argument(
        "--differential", action="store_true", help="real systemd code against model and documents"
    )
    out.add_argument("--merge", action="store_true", help="only make the corpora smaller, at the same reach")
    out.add_argument(
        "--adopt", action="store_true", help="put into fuzz/seeds what a corpus reaches beyond them"
    )
    out.add_argument(
        "--power", action="store_true", help="look for planted bugs instead; names are those of bugs"
    )
    out.add_argument("--trials", type=positive, default=1, metavar="N", help="with --power, for each bug (1)")
    out.add_argument("--list", action="store_true", help="targets and planted bugs")
    return out


def main(arguments: Sequence[str] | None = None) -> ExitCode:
    options = parser().parse_args(arguments)
    console = Console(stderr=False)
    OUT.mkdir(parents=True, exist_ok=True)
    if options.list:
        return _list(console)
    if options.again:
        return _again(options.again)
    if options.vector:
        print(vector.text(_bytes(options.vector)), end="")
        return ExitCode.CONFORMS
    if options.differential:
        return _differential(console)
    if options.power:
        return _power(options, console)
    targets = target.find([*options.names, *options.targets])
    for each in targets:
        _prepare(each)
    if options.merge:
        for each in targets:
            engine.merge(each, corpus(each))
        return ExitCode.CONFORMS
    if options.adopt:
        return _adopt(targets, console)
    return _campaign(options, targets, console)


def corpus(one: Target) -> Path:
    return CORPORA / one.name / "corpus"


def _prepare(one: Target) -> None:
    """A corpus folder with what the fixtures give; what is no file in it is refused."""
    folder = corpus(one)
    folder.mkdir(parents=True, exist_ok=True)
    for each in folder.iterdir():
        if not each.is_file():
            raise InputRefused(f"fuzz: {each}: a corpus holds files alone: move it away")
    for each in folder.parent.glob("artifact-*"):  # of a campaign that was killed
        each.unlink()
    seeds.write(one.name, folder)


def _list(console: Console) -> ExitCode:
    console.print("targets: " + ", ".join(target.names()), highlight=False, soft_wrap=True)
    console.print(
        "planted bugs: " + ", ".join(each.name for each in planted.read([])), highlight=False, soft_wrap=True
    )
    return ExitCode.CONFORMS


def _again(path: Path) -> ExitCode:
    found = [
        each
        for each in target.find([])
        if path.name.startswith(f"{each.name}-") or path.parent.name == each.name
    ]
    if not path.is_file() or not found:
        raise InputRefused(f"fuzz: {path}: no input of a target: TARGET-... or TARGET/... is its name")
    one = max(found, key=lambda each: len(each.name))
    done = subprocess.run([one.binary, f"-timeout={engine.HANG_S}", path], check=False)
    return ExitCode.CONFORMS if done.returncode == 0 else ExitCode.DOES_NOT_CONFORM


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failure:
        raise InputRefused(f"fuzz: {path}: {failure.strerror}") from None


def _differential(console: Console) -> ExitCode:
    codes = []
    for version in differential.VERSIONS:
        try:
            found = differential.run(
                images.find(str(version)), more=[corpus(Target(each)) for each in differential.TARGETS]
            )
        except EnvironmentUnfit as unfit:
            console.print(f"systemd {version}: skipped: {unfit.reason}", highlight=False, markup=False)
            continue
        listed = ", ".join(f"{count} {name}" for name, count in found.known.items())
        wrong = len(found.wrong)
        console.print(
            f"systemd {version}: {found.compared} datagrams, {wrong} wrong; listed: {listed}", highlight=False
        )
        for each in found.wrong:
            console.print(f"  {each}", highlight=False, markup=False)
        codes.append(ExitCode.DOES_NOT_CONFORM if found.wrong else ExitCode.CONFORMS)
    return worst(codes)


def _adopt(targets: Sequence[Target], console: Console) -> ExitCode:
    """The fewest short inputs that reach edges which no committed one reaches, under the names that they have."""
    for one in targets:
        with tempfile.TemporaryDirectory(prefix="notifyspec-adopt-") as name:
            reach, short = Path(name) / "reach", Path(name) / "short"
            for folder, paths in ((reach, _files(*one.inputs)), (short, _files(corpus(one)))):
                folder.mkdir()
                for path in paths:
                    if folder is reach or path.stat().st_size <= SHORT:
                        shutil.copy(path, folder)
            before = set(os.listdir(reach))
            options = ["-set_cover_merge=1", "-use_counters=0", f"-max_len={one.longest}"]
            subprocess.run(
                list(map(str, [one.binary, *options, reach, short])), check=True, capture_output=True
            )
            new = set(os.listdir(reach)) - before
            for each in new:
                shutil.copy(reach / each, target.FOLDER / "seeds" / one.name)
        console.print(f"{one.name}: {len(new)} inputs adopted", highlight=False)
    return ExitCode.CONFORMS


def _files(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


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

    measured = power.measure(bugs, options.trials, options.jobs, seeds.dictionary(OUT / "fields.dict"), tell)
    page = report.write(Report(started, "libFuzzer", 0, options.jobs, power=measured), OUT / "power")
    found = sum(each.found for each in measured)
    console.print(f"{found} of {len(measured)} planted bugs found; page: {_shown(page)}", highlight=False)
    return ExitCode.CONFORMS if found == len(measured) else ExitCode.DOES_NOT_CONFORM


def _campaign(options: argparse.Namespace, targets: Sequence[Target], console: Console) -> ExitCode:
    out = Report(
        _now(), ENGINES[options.engine], options.budget, options.jobs, [Campaign(each) for each in targets]
    )
    try:
        _run_all(options, out.campaigns, console)
    except KeyboardInterrupt:
        out.stopped = True
        console.print("stopped; the corpora are kept")
    if not out.stopped:
        _measure(options, out, targets, console)
    page = report.write(out, OUT / "report")
    _close(out, page, console)
    if out.findings:
        return ExitCode.DOES_NOT_CONFORM
    if out.troubles:
        return ExitCode.ENVIRONMENT
    return ExitCode.CONFORMS if any(each.executions for each in out.campaigns) else ExitCode.NOTHING_RAN


def _run_all(options: argparse.Namespace, campaigns: Sequence[Campaign], console: Console) -> None:
    share = max(LEAST_S, options.budget * options.jobs / len(campaigns))
    words = seeds.dictionary(OUT / "fields.dict")
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
            folder = corpus(campaign.target)
            try:
                if options.engine == "afl":
                    afl.run(campaign, share, folder, words, FINDINGS, tell)
                else:
                    engine.run(campaign, share, folder, words, FINDINGS, tell, seed=options.seed)
            except KeyboardInterrupt:
                stop.set()
                return
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
    out.stable = {
        each.name: len({engine.reached(each, [corpus(each)], seed) for seed in (1, 2)}) == 1
        for each in targets
    }
    if options.no_coverage or not (coverage.BUILD / "fuzz").is_dir():
        return
    bad = {each.target for each in out.findings}
    inputs = {each.name: each.inputs for each in targets if each.name not in bad}
    try:
        out.seeds = coverage.measure(inputs)
        out.final = coverage.measure(
            {name: [*paths, CORPORA / name / "corpus"] for name, paths in inputs.items()}
        )
    except subprocess.CalledProcessError as failure:
        console.print(
            f"coverage: not measured: {(failure.stderr or b'')[-300:]!r}", highlight=False, markup=False
        )


def _close(out: Report, page: Path, console: Console) -> None:
    for each in out.findings:
        _tell(each, console)
    for trouble in out.troubles:
        console.print(f"no campaign: {trouble}", highlight=False, markup=False)
    if out.seeds and out.final:
        console.print(
            f"regions: {out.seeds.share():.1%} by the seeds alone, {out.final.share():.1%} now",
            highlight=False,
        )
    console.print(f"page: {_shown(page)}", highlight=False, soft_wrap=True)
    console.print(f"{len(out.findings)} findings, {out.cpu_hours:.2f} CPU hours", highlight=False)


def _tell(finding: Finding, console: Console) -> None:
    console.print(
        f"finding: {finding.target}: {finding.kind}: {finding.title}", highlight=False, markup=False
    )
    console.print(f"  again: {finding.again}", highlight=False, markup=False, soft_wrap=True)


def _shown(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    sys.exit(guarded("fuzz", main))
