"""What came of `./run bench`: counts held to a budget, samples of wall time, and what is read off them."""

from __future__ import annotations

import os
import platform
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from bench import budgets
from bench.budgets import Change
from bench.contest import BARE, Samples, is_clear_of, ratio
from bench.counts import Count, Counts
from harness import provenance
from harness.exit_code import ExitCode

FORMAT = 1
LOUD = 1.25  # of two of the same, as a factor: that is to be said before anything else
AGAIN = "receiver@again"  # the same as the receiver: what they differ by is noise
OTHER = "receiver@other"  # that of another revision
Row = dict[str, Any]
WHAT = {
    BARE: "a bare recvmsg(2)",
    "bare-cred": "SO_PASSCRED",
    "bare-pidfd": "SO_PASSPIDFD",
    "bare-epoll": "epoll_wait(2) before it",
    "bare-1-fd": "one fd (SCM_RIGHTS)",
    "bare-253-fds": "253 fds (SCM_RIGHTS)",
}


@dataclass
class Outcome:
    started: str
    identity: Mapping[str, str]
    counts: Counts | None = None
    budget: Mapping[str, Count] | None = None
    against: str = ""  # the revision that the budget is of; empty: the committed one
    samples: list[Samples] = field(default_factory=list)
    prices: list[Samples] = field(default_factory=list)
    comparisons: Sequence[Row] = ()
    absent: dict[str, str] = field(default_factory=dict)

    @property
    def changes(self) -> list[Change]:
        if self.budget is None or self.counts is None:
            return []
        return budgets.compare(self.budget, self.counts.cases)

    @property
    def exit_code(self) -> ExitCode:
        if self.budget is None:
            return ExitCode.ENVIRONMENT
        return ExitCode.BASELINE if any(each.is_over for each in self.changes) else ExitCode.CONFORMS

    def noise(self, task: str, payload: str) -> float:
        """How many times as long two of the same took, with this task and message, in this run. Of what they were not
        asked nothing can be claimed."""
        both = [each.by_name for each in self.samples if (each.task, each.payload) == (task, payload)]
        found = [ratio(each[AGAIN], each["receiver"]) for each in both if {AGAIN, "receiver"} <= set(each)]
        return max((each.noise for each in found), default=math.inf)

    def rows(self) -> list[Row]:
        """The A/A rows of what is compared first, then another revision, then what the comparisons ask for."""
        asked_of = {(asked["task"], each) for asked in self.comparisons for each in asked["payloads"]}
        out = []
        for one, text in ((AGAIN, "A/A: two of the same"), (OTHER, f"{self.against}: to now")):
            for each in self.samples:
                if one == AGAIN and not self.against and (each.task, each.payload) not in asked_of:
                    continue
                if {one, "receiver"} <= set(each.by_name):
                    out.append(self._row({"text": text, "left": one, "right": "receiver"}, each))
        for asked in self.comparisons:
            for each in self.samples:
                if each.task == asked["task"] and each.payload in asked["payloads"]:
                    if {asked["left"], asked["right"]} <= set(each.by_name):
                        out.append(self._row(asked, each))
        return out

    def _row(self, asked: Row, samples: Samples) -> Row:
        both = samples.by_name[asked["left"]], samples.by_name[asked["right"]]
        found = ratio(*both)
        target = {name: asked[name] for name in ("at_most", "at_least") if name in asked}
        noise = self.noise(samples.task, samples.payload)
        return {
            "text": asked["text"],
            "task": samples.task,
            "payload": samples.payload,
            "left": asked["left"],
            "right": asked["right"],
            "is_same": asked["left"] == AGAIN,
            **asdict(found),
            "claim": asked["left"] != AGAIN and found.is_beyond(noise),
            "target": target,
            "met": _met(found.median, target) if _is_told(target, both, noise) else None,
        }

    def _noises(self) -> dict[tuple[str, str], float]:
        """Of what is compared: by task and message."""
        return {
            (row["task"], row["payload"]): self.noise(row["task"], row["payload"])
            for row in self.rows()
            if row["is_same"]
        }

    @property
    def caution(self) -> str:
        """Where two of the same differed much: a sentence. Empty: they did not."""
        noises = self._noises()
        n_loud = sum(each > LOUD for each in noises.values())
        if not n_loud:
            return ""
        (task, payload), worst = max(noises.items(), key=lambda each: each[1])
        return (
            f"The wall time of this run is noisy: two of the same differed by up to {worst:.2f} times "
            f"({task}: {payload}), by more than {LOUD} times in {n_loud} of {len(noises)} pairs, "
            "and where they did, little can be claimed."
        )

    def json(self) -> Row:
        assert self.counts is not None
        return {
            "format": FORMAT,
            "started": self.started,
            "identity": dict(self.identity),
            "key": self.counts.key,
            "against": self.against,
            "exit_code": int(self.exit_code),
            "has_budget": self.budget is not None,
            "counts": {name: asdict(each) for name, each in self.counts.cases.items()},
            "changes": [asdict(each) | {"text": each.text, "is_over": each.is_over} for each in self.changes],
            "noise_factor": max(self._noises().values(), default=None),
            "caution": self.caution,
            "rows": self.rows(),
            "medians": [_medians(each) for each in self.samples],
            "prices": [_prices(each) for each in self.prices],
            "absent": self.absent,
        }


def _is_told(
    target: Mapping[str, float], both: tuple[Sequence[float], Sequence[float]], noise: float
) -> bool:
    """Whether it can be said that a target is met, or not: noise may cover it."""
    return any(is_clear_of(value, *both, noise) for value in target.values())


def _met(median_ratio: float, target: Mapping[str, float]) -> bool:
    ((name, value),) = target.items()
    return median_ratio < value if name == "at_most" else median_ratio > value


def _medians(samples: Samples) -> Row:
    middle = {name: sorted(each)[len(each) // 2] for name, each in samples.by_name.items() if name != AGAIN}
    return {"task": samples.task, "payload": samples.payload, "ns": middle, "missing": dict(samples.missing)}


def _prices(samples: Samples) -> Row:
    """What each costs more than the bare one: the median of the rounds' differences, since neighbours come and go."""
    base = samples.by_name[BARE]
    added = {}
    for name, times in samples.by_name.items():
        rounds = sorted(one - other for one, other in zip(times, base, strict=True))
        quarter = len(rounds) // 4
        added[name] = {"median": median(rounds), "low": rounds[quarter], "high": rounds[-1 - quarter]}
    return _medians(samples) | {"added": added, "what": {name: WHAT.get(name, name) for name in added}}


def identity() -> dict[str, str]:
    """Of the machine and the sources, as far as it can change what comes out."""
    return {
        "revision": provenance.revision(),
        "cpu": provenance.cpu(),
        "cores": str(os.cpu_count()),
        "kernel": platform.release(),
        "load": f"{os.getloadavg()[0]:.1f}",
        "max_dgram_qlen": provenance.max_dgram_qlen(),
    }
