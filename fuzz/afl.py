"""AFL++ on one target: the same sources, with its runtime in the place of libFuzzer's.

It begins with the corpus and gives back to it what it has kept, so that both engines grow the same one; what lies
beside the corpus when it is ended at once is taken back when the next campaign begins. It has no sanitizers: what ends
a target is run once more under them, which say what it is; and so are, before it begins, the inputs that there are, of
which it leaves out without a word those that end the target.
"""

from __future__ import annotations

import hashlib
import os
import re
import select
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from fuzz import engine, finding, replay
from fuzz.engine import Campaign, Point, last_words, reap
from fuzz.finding import ARTIFACT, HANG_S
from fuzz.target import ROOT, Target
from harness.adapter import kept

BUILD = ROOT / "build" / "fuzz-afl"
LOOK_S = 1.0  # how often its statistics are read
INPUTS_OF_A_PROCESS = 10_000  # what the last one was given goes uncounted in the CPU time
MOST_CRASHES = 50  # that are looked at, of those that it takes for different ones
# The machine is what it is: a shared one, whose governor and core pattern are not ours to set.
PLAIN = ("AFL_SKIP_CPUFREQ", "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES", "AFL_NO_UI", "AFL_NO_AFFINITY")


def run(
    campaign: Campaign,
    budget_s: float,
    corpus: Path,
    words: Path,
    findings: Path,
    tell: Callable[[Campaign], None],
    *,
    seed: int = 0,
) -> None:
    began = time.monotonic()
    home = _home(corpus)
    try:
        replay.replay(campaign, corpus, findings)
        _copy([corpus, *campaign.target.inputs], home / "seeds")
        command = _command(campaign.target, budget_s, home, words, seed)
        _once(campaign, command, home, began, tell)
    finally:
        take_back(corpus)
        campaign.seconds += time.monotonic() - began
    for artifact in engine.artifacts(corpus):
        again = finding.again(campaign.target, artifact)
        if again.returncode != 0:
            engine.note(campaign, again.stderr, artifact, findings)
            continue
        place = finding.put(artifact, campaign.target, findings)
        artifact.unlink()
        campaign.trouble = (
            f"AFL++ saw it end or hang, and it does not when asked again: {os.path.relpath(place)}"
        )


def take_back(corpus: Path) -> None:
    """What it has kept goes to the corpus, and inputs at which it stopped beside it."""
    home = _home(corpus)
    own = home / "out" / "default"
    if own.is_dir():
        _give_back(own / "queue", corpus)
        for kind in ("crashes", "hangs"):
            for number, path in enumerate(sorted((own / kind).glob("id:*"))[:MOST_CRASHES]):
                shutil.copy(path, corpus.parent / f"{ARTIFACT}{kind}-{number}")
    shutil.rmtree(home, ignore_errors=True)


def _give_back(queue: Path, corpus: Path) -> None:
    """Without what it was given, under the names that libFuzzer gives: what both come upon is there once."""
    for path in queue.glob("id:*"):
        if ",orig:" not in path.name:
            content = path.read_bytes()
            (corpus / hashlib.sha1(content, usedforsecurity=False).hexdigest()).write_bytes(content)


def version() -> str:
    done = subprocess.run(["afl-fuzz", "-h"], capture_output=True, text=True, check=False)
    match = re.search(r"afl-fuzz\+\+([\w.]+)", re.sub(r"\x1b\[[\d;]*m", "", done.stdout + done.stderr))
    return match[1] if match else "?"


def _home(corpus: Path) -> Path:
    return corpus.parent / "afl"


def _command(target: Target, budget_s: float, home: Path, words: Path, seed: int) -> list[str]:
    options = {
        "-i": home / "seeds",
        "-o": home / "out",
        "-x": words,
        "-V": int(budget_s),
        "-t": HANG_S * 1000,
        "-G": target.longest,
    } | ({"-s": seed} if seed else {})
    binary = BUILD / "fuzz" / f"fuzz_{target.name}"
    given = [word for option in options.items() for word in option]
    # It leaves its target behind, stopped, where it is killed.
    return kept(["afl-fuzz", *map(str, given), "--", binary, f"-{INPUTS_OF_A_PROCESS}"])


def _once(
    campaign: Campaign,
    command: Sequence[str],
    home: Path,
    began: float,
    tell: Callable[[Campaign], None],
) -> None:
    environment = os.environ | dict.fromkeys(PLAIN, "1")
    with (home / "log").open("w+") as log:
        with subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process:
            try:
                _follow(process, campaign, home / "out" / "default" / "fuzzer_stats", began, tell)
            except BaseException:
                process.terminate()
                raise
            finally:
                reap(process, campaign)
        log.seek(0)
        if process.returncode != 0 or not campaign.points:
            campaign.trouble = last_words(log.read(), process.returncode)


def _copy(folders: Sequence[Path], to: Path) -> None:
    to.mkdir(parents=True, exist_ok=True)
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                shutil.copy(path, to)


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
            if rows := _rows(stats):
                edges = int(rows.get("edges_found", 0))
                at, kept = time.monotonic() - began, int(rows.get("corpus_count", 0))
                campaign.points.append(Point(at, int(rows.get("execs_done", 0)), edges, edges, kept))
                campaign.peak_mb = max(campaign.peak_mb, int(rows.get("peak_rss_mb", 0)))
            tell(campaign)
    finally:
        os.close(end)


def _rows(stats: Path) -> dict[str, str]:
    try:
        text = stats.read_text(encoding="utf-8")
    except OSError:
        return {}
    lines = (line.partition(":") for line in text.splitlines())
    return {key.strip(): value.strip() for key, _, value in lines}
