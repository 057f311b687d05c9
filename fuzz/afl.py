"""AFL++ on one target: the same sources, with its runtime in the place of libFuzzer's.

It begins with the corpus and gives back to it what it has kept, so that both engines grow the same one. A crash is run
once more under the sanitizers, which say what it is.
"""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from fuzz import finding
from fuzz.engine import DIE_WITH_PARENT, MOST_FINDINGS, Campaign, Point, last_words, reap
from fuzz.finding import HANG_S
from fuzz.target import ROOT, Target

BUILD = ROOT / "build" / "fuzz-afl"
LOOK_S = 1.0  # how often its statistics are read
# The machine is what it is: a shared one, whose governor and core pattern are not ours to set.
PLAIN = (
    "AFL_SKIP_CPUFREQ",
    "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES",
    "AFL_NO_UI",
    "AFL_NO_AFFINITY",
    "AFL_BENCH_UNTIL_CRASH",
)


def run(
    campaign: Campaign,
    budget_s: float,
    corpus: Path,
    words: Path,
    findings: Path,
    tell: Callable[[Campaign], None],
) -> None:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="notifyspec-afl-") as name:
        seeds, out = Path(name) / "seeds", Path(name) / "out"
        _copy([corpus, *campaign.target.inputs], seeds)
        with (Path(name) / "log").open("w+") as log:
            command = _command(campaign.target, budget_s, seeds, out, words)
            environment = os.environ | dict.fromkeys(PLAIN, "1")
            with subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process:
                try:
                    _follow(process, campaign, out / "default" / "fuzzer_stats", began, tell)
                except BaseException:
                    process.kill()
                    raise
                finally:
                    reap(process, campaign)
            log.seek(0)
            if process.returncode != 0 and not campaign.points:
                campaign.trouble = last_words(log.read(), process.returncode)
        _copy([out / "default" / "queue"], corpus)
        for kind in ("crashes", "hangs"):
            for path in sorted((out / "default" / kind).glob("id:*"))[:MOST_FINDINGS]:
                _keep(campaign, path, findings)
    campaign.seconds += time.monotonic() - began


def _command(target: Target, budget_s: float, seeds: Path, out: Path, words: Path) -> list[str]:
    binary = BUILD / "fuzz" / f"fuzz_{target.name}"
    options = [
        "-i",
        seeds,
        "-o",
        out,
        "-x",
        words,
        "-V",
        int(budget_s),
        "-t",
        HANG_S * 1000,
        "-G",
        target.longest,
    ]
    return list(map(str, [*DIE_WITH_PARENT, "afl-fuzz", *options, "--", binary]))


def _copy(folders: list[Path], to: Path) -> None:
    to.mkdir(exist_ok=True)
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and ".state" not in path.parts:
                shutil.copy(path, to / path.name.replace(":", "-").replace(",", "-"))


def _follow(
    process: subprocess.Popen[bytes],
    campaign: Campaign,
    stats: Path,
    began: float,
    tell: Callable[[Campaign], None],
) -> None:
    end = os.pidfd_open(process.pid)
    try:
        ended: list[int] = []
        while not ended:
            ended, _, _ = select.select([end], [], [], LOOK_S)
            if point := _point(stats, time.monotonic() - began):
                campaign.points.append(point)
            tell(campaign)
    finally:
        os.close(end)


def _point(stats: Path, seconds: float) -> Point | None:
    try:
        text = stats.read_text(encoding="utf-8")
    except OSError:
        return None
    rows = {
        key.strip(): value.strip() for key, _, value in (line.partition(":") for line in text.splitlines())
    }
    edges = int(rows.get("edges_found", 0))
    return Point(seconds, int(rows.get("execs_done", 0)), edges, edges, int(rows.get("corpus_count", 0)))


def _keep(campaign: Campaign, path: Path, findings: Path) -> None:
    copy = shutil.copy(path, path.with_name("input"))
    call = [campaign.target.binary, f"-timeout={HANG_S}", copy]
    done = subprocess.run(list(map(str, call)), capture_output=True, text=True, errors="replace", check=False)
    found = finding.keep(campaign.target, done.stderr, Path(copy), findings)
    known = campaign.findings.setdefault(found.key, found)
    known.count += known is not found
