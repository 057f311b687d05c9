"""The power of a campaign: how long it takes to find each planted bug, from the committed inputs alone.

A trial is one run of the target into which the bug is built, on one core, with a seed of its own and an empty corpus.
"""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from fuzz.finding import limits
from fuzz.planted import Bug, build
from fuzz.target import DIE_WITH_PARENT

TRIAL_S = 60
LOOK_S = 0.5  # how often a trial is asked whether somebody has stopped all


@dataclass
class Power:
    bug: Bug
    trials: int
    seconds: list[float] = field(default_factory=list)  # of those that found it

    @property
    def found(self) -> bool:
        """In at least nine of ten."""
        return len(self.seconds) * 10 >= self.trials * 9

    @property
    def median(self) -> float | None:
        return statistics.median(self.seconds) if self.seconds else None

    @property
    def spread(self) -> str:
        return f"{min(self.seconds):.1f} to {max(self.seconds):.1f}" if self.seconds else "-"


def measure(
    bugs: Sequence[Bug], trials: int, jobs: int, words: Path, tell: Callable[[Power], None]
) -> list[Power]:
    """Raises subprocess.CalledProcessError where a bug cannot be built."""

    stop = threading.Event()

    def one(bug: Bug) -> Power:
        power = Power(bug, trials)
        if not stop.is_set():
            build(bug)
        for number in range(1, trials + 1):
            took = _trial(bug, number, words, stop)
            if took is not None:
                power.seconds.append(took)
        if not stop.is_set():
            tell(power)
        return power

    with ThreadPoolExecutor(jobs) as pool:
        try:
            return list(pool.map(one, bugs))
        except BaseException:  # whoever asks us to end is not kept waiting
            stop.set()
            raise


def _trial(bug: Bug, seed: int, words: Path, stop: threading.Event) -> float | None:
    """Seconds until it was found; nothing if it was not."""
    if stop.is_set():
        return None
    with tempfile.TemporaryDirectory(prefix="notifyspec-power-") as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        command = [
            *DIE_WITH_PARENT,
            bug.binary,
            f"-max_total_time={TRIAL_S}",
            *limits(bug.target),
            f"-dict={words}",
            f"-artifact_prefix={folder}/",
            f"-seed={seed}",
            corpus,
            *bug.target.inputs,
        ]
        began = time.monotonic()
        with subprocess.Popen(
            list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            while not _ended(process, LOOK_S):
                if stop.is_set():
                    process.kill()
        took = time.monotonic() - began
        # An input shows it, and not that the program ended: it might not have begun.
        found = any(each.is_file() and "slow-unit" not in each.name for each in Path(folder).iterdir())
        return took if found and took <= TRIAL_S and not stop.is_set() else None


def _ended(process: subprocess.Popen[bytes], within_s: float) -> bool:
    try:
        process.wait(timeout=within_s)
        return True
    except subprocess.TimeoutExpired:
        return False
