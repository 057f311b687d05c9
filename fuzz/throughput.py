"""What a target leaves of the engine's throughput: inputs a second of some, in turns with targets that do nothing.

All take inputs of one size. `empty` has the engine's own mutator, `empty_lines` ours: between the two lies what it
costs to know the protocol, and only behind the second what it costs to look at an input.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fuzz.engine import last_words
from fuzz.target import DIE_WITH_PARENT, Target
from vm.environment import EnvironmentUnfit

BYTES = 78  # of an input: a reload message
ROUND_S = 3
ROUNDS = 3
EMPTY, EMPTY_LINES = "empty", "empty_lines"
NAMES = (EMPTY, EMPTY_LINES, "datagram", "lines", "socket")


@dataclass
class Throughput:
    target: Target
    per_second: list[int] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.per_second)


def measure(tell: Callable[[str], None]) -> list[Throughput]:
    """One after the other on one core, `ROUNDS` times. Raises EnvironmentUnfit where a target cannot run."""
    out = [Throughput(Target(name)) for name in NAMES]
    for number in range(ROUNDS):
        tell(f"round {number + 1} of {ROUNDS}")
        for each in out:
            each.per_second.append(_once(each.target))
    return out


def rows(measured: Sequence[Throughput]) -> list[tuple[str, str, str, str]]:
    """Target, inputs a second, and how much of each empty target that is."""
    medians = {each.target.name: each.median for each in measured}
    return [
        (name, f"{median:,.0f}", f"{median / medians[EMPTY]:.0%}", f"{median / medians[EMPTY_LINES]:.0%}")
        for name, median in medians.items()
    ]


def _once(target: Target) -> int:
    with tempfile.TemporaryDirectory(prefix="notifyspec-throughput-") as folder:
        command = [
            *DIE_WITH_PARENT,
            target.binary,
            f"-max_total_time={ROUND_S}",
            f"-max_len={BYTES}",
            "-print_final_stats=1",
            f"-artifact_prefix={folder}/",
            _corpus(Path(folder), target),
        ]
        done = subprocess.run(
            list(map(str, command)), capture_output=True, text=True, errors="replace", check=False
        )
    match = re.search(r"average_exec_per_sec:\s+(\d+)", done.stderr)
    if done.returncode != 0 or match is None or int(match[1]) == 0:
        raise EnvironmentUnfit(
            f"{target.name}: {last_words(done.stderr, done.returncode)}",
            "./run build fuzz fuzz_targets fuzz_empty fuzz_empty_lines",
        )
    return int(match[1])


def _corpus(folder: Path, target: Target) -> Path:
    """What all begin with: one input of the size that is asked for."""
    corpus = folder / "corpus"
    corpus.mkdir()
    line = b"MONOTONIC_USEC=1234567890123\n"
    (corpus / "one").write_bytes((b"RELOADING=1\n" + line * 3)[:BYTES])
    return corpus
