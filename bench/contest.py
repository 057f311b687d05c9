"""A contest: contestants that do the same work on the same bytes, timed in turns.

Machines are shared, so that a time says little and a ratio of neighbours says more: every round asks each contestant
once, forwards and backwards in turn, all on one core: others may be faster or slower at the time, for somebody else's
sake. What two of the same differ by (A/A) is the floor of all that can be claimed.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from scipy.stats import binomtest, mannwhitneyu

from bench.command_line import SIGNIFICANT
from vm.deadline import Deadline, DeadlinePassed

SLICE_NS = 3e6  # of one turn: a thousand ticks of the clock, and less than what a scheduler gives at once
PATIENCE_S = 60
LIVES = 3
FIRST = 256  # messages at least, to see how long one takes: the longest burst
BLIND = (
    "floor",
    "floor-one-look",
    "floor-8",
    "floor-pidfd",
    "one-look",
)  # they look at no lines, nor do those below
BARE = "bare"


class ContestFailed(Exception):
    """A contestant failed, or its answer is wrong: then no time of it is worth anything."""


@dataclass(frozen=True)
class Contestant:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)  # beside ours


@dataclass
class Samples:
    """Nanoseconds a message, one of each round, of the same task on the same bytes."""

    task: str
    payload: str
    by_name: Mapping[str, Sequence[float]]
    counts: Mapping[str, int]
    missing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ratio:
    """How many times as long `left` took as `right`: the median of rounds, and what half of the rounds lie within."""

    median: float
    low: float
    high: float
    p: float  # Mann-Whitney, two-sided

    @property
    def noise(self) -> float:
        """Of two of the same: as a factor, how far from 1 half of the rounds went, on either side."""
        return max(self.high, 1 / self.low)

    def is_beyond(self, noise: float) -> bool:
        """Whether it can be claimed that they differ, where two of the same differ `noise` times."""
        return self.p < SIGNIFICANT and apart(self.median, 1) > noise


def apart(one: float, other: float) -> float:
    """As a factor, whichever is the larger: 1/2 is as far from 1 as 2 is."""
    return max(one / other, other / one)


def ratio(left: Sequence[float], right: Sequence[float]) -> Ratio:
    rounds = sorted(one / other for one, other in zip(left, right, strict=True))
    quarter = len(rounds) // 4
    p = float(mannwhitneyu(left, right).pvalue)
    return Ratio(median(rounds), rounds[quarter], rounds[-1 - quarter], p)


def is_clear_of(target: float, left: Sequence[float], right: Sequence[float], noise: float) -> bool:
    """Whether it can be told on which side of `target` their ratio lies: nearly all rounds do (sign test), and the
    median is further from it than two of the same from each other."""
    rounds = [one / other for one, other in zip(left, right, strict=True)]
    above = sum(each > target for each in rounds)
    return binomtest(above, len(rounds)).pvalue < SIGNIFICANT and apart(median(rounds), target) > noise


class Talk:
    """With one contestant; its command is started once."""

    def __init__(self, contestant: Contestant) -> None:
        self.name = contestant.name
        self._command = contestant.command
        self._environment = os.environ | contestant.environment

    def __enter__(self) -> Talk:
        self._said = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            ["taskset", "--cpu-list", str(max(os.sched_getaffinity(0))), *self._command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            bufsize=0,
            env=self._environment,
        )
        return self

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, task: str, payload: str, count: int) -> Mapping[str, int | str]:
        """Raises ContestFailed."""
        line = json.dumps({"task": task, "count": count, "payload": payload}) + "\n"
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.write(line.encode())
            return json.loads(self._hear())
        except (BrokenPipeError, ValueError, DeadlinePassed) as error:
            raise ContestFailed(f"{self.name}: {error or 'it ended'}{self._last_words()}") from None

    def _hear(self) -> bytes:
        assert self._process.stdout is not None
        heard, deadline = b"", Deadline(PATIENCE_S)
        while not heard.endswith(b"\n"):
            deadline.wait(self._process.stdout.fileno())
            piece = self._process.stdout.read(1 << 16)
            if not piece:
                raise ContestFailed(f"{self.name} ended{self._last_words()}")
            heard += piece
        return heard

    def _last_words(self) -> str:
        self._said.seek(0)
        words = self._said.read().decode(errors="replace").strip()
        return f": {words[-300:]}" if words else ""

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._said):
            assert stream is not None
            with contextlib.suppress(BrokenPipeError):
                stream.close()


@contextlib.contextmanager
def talks(contestants: Sequence[Contestant]) -> Iterator[dict[str, Talk]]:
    with contextlib.ExitStack() as stack:
        yield {each.name: stack.enter_context(Talk(each)) for each in contestants}


def payloads(program: Path) -> dict[str, str]:
    """By name, in base64, with a space between messages: the same bytes for all."""
    return json.loads(subprocess.run([program, "--payloads"], capture_output=True, check=True).stdout)


def is_blind(name: str) -> bool:
    return name in BLIND or name.startswith(BARE)


def messages_in(payload: str) -> list[bytes]:
    return [b64decode(each) for each in payload.split(" ")]


def lines_in(message: bytes) -> int:
    return message.count(b"\n") + (message != b"" and not message.endswith(b"\n"))


@dataclass(frozen=True)
class Work:
    """What all do, again and again: the messages of `payload`, as payloads() has them."""

    task: str  # as contestants are asked
    name: str  # of the payload
    payload: str

    @property
    def messages(self) -> int:
        return len(messages_in(self.payload))

    @property
    def lines(self) -> int:
        return sum(map(lines_in, messages_in(self.payload)))


def run(
    talking: Sequence[Talk], work: Work, rounds: int, label: str = "", before: Samples | None = None
) -> Samples:
    """Raises ContestFailed. `label`: what the samples are said to be of; empty: the task. `before`: samples of the same
    contestants, to be gone on with."""
    passes, missing = _passes(talking, work)
    if before is not None:
        passes = {name: before.counts[name] // work.messages for name in passes}
    some = [talk for talk in talking if talk.name in passes]
    samples = {talk.name: list(before.by_name[talk.name]) if before else [] for talk in some}
    for number in range(rounds):
        for talk in some if number % 2 == 0 else reversed(some):
            answer = talk.ask(work.task, work.payload, passes[talk.name])
            expected = work.lines * passes[talk.name]
            if not is_blind(talk.name.partition("@")[0]) and answer["lines"] != expected:
                raise ContestFailed(
                    f"{talk.name}, {work.task}/{work.name}: {answer['lines']} lines, not {expected}"
                )
            samples[talk.name].append(int(answer["ns"]) / (passes[talk.name] * work.messages))
    counts = {name: each * work.messages for name, each in passes.items()}
    return Samples(label or work.task, work.name, samples, counts, missing)


def run_lives(
    contestants: Sequence[Contestant], works: Sequence[Work], rounds: int, label: str
) -> list[Samples]:
    """Of each work, with the rounds shared out among LIVES processes of each contestant: where the memory of a process
    lies may make it slower for as long as it lives, and no turns would show that. Raises ContestFailed."""
    samples: dict[str, Samples] = {}
    for share in filter(None, (len(range(life, rounds, LIVES)) for life in range(LIVES))):
        with talks(contestants) as talking:
            for work in works:
                samples[work.name] = run(list(talking.values()), work, share, label, samples.get(work.name))
    return list(samples.values())


def _passes(talking: Sequence[Talk], work: Work) -> tuple[dict[str, int], dict[str, str]]:
    """How many each does in one turn; and who cannot, and why."""
    first = -(-FIRST // work.messages)
    passes: dict[str, int] = {}
    missing: dict[str, str] = {}
    for talk in talking:
        answer = talk.ask(work.task, work.payload, first)
        if "unsupported" in answer:
            missing[talk.name] = str(answer["unsupported"])
        else:
            passes[talk.name] = max(first, int(SLICE_NS / (max(1, int(answer["ns"])) / first)))
    return passes, missing
