"""libFuzzer on one target: started, listened to, and asked again after a finding until its time is up.

The corpus lies in a folder, written as it grows: a campaign that is stopped, or killed, loses nothing.
"""

from __future__ import annotations

import os
import re
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from fuzz import finding
from fuzz.finding import ARTIFACT, Finding
from fuzz.target import DIE_WITH_PARENT, Target

LOOK_S = 0.5  # how long it may be silent before somebody asks whether all is to end
INTERRUPTED = 72  # it was told to end, as we were or will be
MOST_FINDINGS = 5  # of one target: behind them the same ones stand in the way
STATUS = re.compile(r"^#(\d+)\s+\w+\s+cov: (\d+) ft: (\d+) corp: (\d+)/\S+.*?exec/s: (\d+) rss: (\d+)Mb")
SEED = re.compile(r"^INFO: Seed: (\d+)")


@dataclass(frozen=True)
class Point:
    """How far it is: seconds since the begin, inputs run, edges and features reached, inputs kept."""

    seconds: float
    executions: int
    edges: int
    features: int
    corpus: int


@dataclass
class Campaign:
    """What became of one target."""

    target: Target
    points: list[Point] = field(default_factory=list)
    findings: dict[str, Finding] = field(default_factory=dict)
    seeds: list[int] = field(default_factory=list)  # of the engine's chance, one for each time it was started
    seconds: float = 0  # by the clock
    cpu_seconds: float = 0  # that the target had a core
    peak_mb: int = 0
    trouble: str = ""  # ours: it could not run

    @property
    def executions(self) -> int:
        return self.points[-1].executions if self.points else 0


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
    try:
        _run(campaign, began + budget_s, corpus, words, findings, tell, began, seed)
    finally:
        campaign.seconds += time.monotonic() - began


def _run(
    campaign: Campaign,
    end: float,
    corpus: Path,
    words: Path,
    findings: Path,
    tell: Callable[[Campaign], None],
    began: float,
    seed: int,
) -> None:
    before = 0
    while (left := end - time.monotonic()) >= 1:
        log, code = _once(campaign, left, corpus, words, tell, began, before, seed)
        before = campaign.executions
        if code == 0:
            break
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        stopped_at = artifacts(corpus)
        if not stopped_at:
            campaign.trouble = campaign.trouble or last_words(log, code)
            break
        for artifact in stopped_at:
            note(campaign, log, artifact, findings)
        if sum(each.count for each in campaign.findings.values()) >= MOST_FINDINGS:
            break


def artifacts(corpus: Path) -> list[Path]:
    """Inputs at which the engine has stopped."""
    return sorted(each for each in corpus.parent.glob(f"{ARTIFACT}*") if "slow-unit" not in each.name)


def note(campaign: Campaign, log: str, artifact: Path, findings: Path) -> None:
    """One finding more, or one that is known, once more. `log`: what was said when it was found."""
    found = finding.read(campaign.target, log, artifact)
    if known := campaign.findings.get(found.key):
        known.count += 1
        artifact.unlink()
        return
    finding.keep(found, campaign.target, findings)
    if found.kind == "hang" and finding.again(campaign.target, found.path).returncode == 0:
        # On a machine that has others to serve, the clock alone shows no hang.
        campaign.trouble = f"{finding.HANG_S} s by the clock, and it ends when asked again: {found.again}"
        return
    campaign.findings[found.key] = found


def _once(
    campaign: Campaign,
    budget_s: float,
    corpus: Path,
    words: Path,
    tell: Callable[[Campaign], None],
    began: float,
    before: int,
    seed: int,
) -> tuple[str, int]:
    target = campaign.target
    command = [
        *DIE_WITH_PARENT,
        target.binary,
        f"-max_total_time={int(budget_s)}",
        *finding.limits(target),
        f"-dict={words}",
        f"-artifact_prefix={corpus.parent}/{ARTIFACT}",
        f"-seed={seed}",
        corpus,
        *target.inputs,
    ]
    said: list[str] = []
    with subprocess.Popen(
        list(map(str, command)), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as process:
        assert process.stderr is not None
        try:
            for line in _lines(process.stderr):
                if match := STATUS.match(line):
                    executions, edges, features, kept, _, rss = map(int, match.groups())
                    campaign.peak_mb = max(campaign.peak_mb, rss)
                    at = time.monotonic() - began
                    campaign.points.append(Point(at, before + executions, edges, features, kept))
                elif match := SEED.match(line):
                    campaign.seeds.append(int(match[1]))
                else:
                    said.append(line)
                tell(campaign)
        except BaseException:
            process.send_signal(signal.SIGKILL)
            raise
        finally:
            reap(process, campaign)
    return "".join(said), process.returncode


def reap(process: subprocess.Popen[bytes], campaign: Campaign) -> None:
    """Waits for its end, and counts the time that it, and what it had waited for, had a core."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    campaign.cpu_seconds += usage.ru_utime + usage.ru_stime


def _lines(stream: IO[bytes]) -> Iterator[str]:
    """Each as it comes; an empty one where none has come for a while."""
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while True:
            if not selector.select(LOOK_S):
                yield ""
                continue
            piece = os.read(stream.fileno(), 1 << 16)
            if not piece:
                break
            *whole, rest = (rest + piece).split(b"\n")
            yield from (each.decode(errors="replace") + "\n" for each in whole)
    yield rest.decode(errors="replace")


def last_words(log: str, code: int) -> str:
    lines = [line for line in log.splitlines() if line.strip()]
    return f"it ended with {code}: {lines[-1] if lines else 'without a word'}"
