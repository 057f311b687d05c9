"""The power of a campaign: how long it takes to find each planted bug, from the committed inputs alone.

A trial is one run of the target into which the bug is built, on one core, with a seed of its own and an empty corpus.
"""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from fuzz.engine import DIE_WITH_PARENT, HANG_S, MEMORY_MB
from fuzz.planted import Bug, build

TRIAL_S = 60


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

    def one(bug: Bug) -> Power:
        build(bug)
        power = Power(bug, trials)
        for number in range(1, trials + 1):
            took = _trial(bug, number, words)
            if took is not None:
                power.seconds.append(took)
        tell(power)
        return power

    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(one, bugs))


def _trial(bug: Bug, seed: int, words: Path) -> float | None:
    """Seconds until it was found; nothing if it was not."""
    with tempfile.TemporaryDirectory(prefix="notifyspec-power-") as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        command = [
            *DIE_WITH_PARENT,
            bug.binary,
            f"-max_total_time={TRIAL_S}",
            f"-timeout={HANG_S}",
            f"-rss_limit_mb={MEMORY_MB}",
            f"-max_len={bug.target.longest}",
            f"-dict={words}",
            f"-artifact_prefix={folder}/",
            f"-seed={seed}",
            corpus,
            *bug.target.inputs,
        ]
        began = time.monotonic()
        done = subprocess.run(
            list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        )
        took = time.monotonic() - began
        return took if done.returncode != 0 and took <= TRIAL_S else None
