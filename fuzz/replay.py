"""The corpus of a target once more, with the committed inputs, in other orders, each in one process.

What one input leaves behind must not change what becomes of the next: all orders reach the same edges. Where they do
not, a part of what a campaign reaches is chance, and that is told. Features are shown and not held to it: how often an
edge is passed hangs on the order too, since what is done once in a process is done for its first input.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from fuzz import engine, finding
from fuzz.engine import Campaign
from fuzz.finding import ARTIFACT
from fuzz.target import DIE_WITH_PARENT

ORDERS = (1, 2)
REACHED = re.compile(r"cov: (\d+) ft: (\d+)")
# How deep the stack is at most is a feature, too, and hangs on where the stack begins.
SAME_STACK = ["setarch", "--addr-no-randomize"]


def replay(campaign: Campaign, corpus: Path, findings: Path) -> list[tuple[int, int]]:
    """Edges and features that each order reaches; nothing where an input ended it, which is a finding."""
    reached = []
    for order in ORDERS:
        done = _once(campaign, corpus, order)
        found = REACHED.findall(done.stderr)
        if done.returncode != 0 or not found:
            stopped_at = engine.artifacts(corpus)
            for artifact in stopped_at:
                engine.note(campaign, done.stderr, artifact, findings)
            if not stopped_at:
                told = f"replayed, {engine.last_words(done.stderr, done.returncode)}"
                campaign.trouble = campaign.trouble or told
            return []
        edges, features = map(int, found[-1])
        reached.append((edges, features if _stack_can_be_the_same() else 0))
    if not stable(reached):
        told = "the same inputs in another order reach something else: " + differences(reached)
        campaign.trouble = campaign.trouble or told
    return reached


def stable(reached: Sequence[tuple[int, int]]) -> bool:
    return len({edges for edges, _ in reached}) == 1


def differences(reached: Sequence[tuple[int, int]]) -> str:
    spans = []
    for place, name in enumerate(("edges", "features")):
        found = sorted(each[place] for each in reached)
        if found[0] != found[-1]:
            spans.append(f"{found[0]} to {found[-1]} {name}")
    return ", ".join(spans)


def _once(campaign: Campaign, corpus: Path, order: int) -> subprocess.CompletedProcess[str]:
    target = campaign.target
    call = [
        *DIE_WITH_PARENT,
        *(SAME_STACK if _stack_can_be_the_same() else []),
        target.binary,
        "-runs=0",
        "-shuffle=1",
        f"-seed={order}",
        f"-artifact_prefix={corpus.parent}/{ARTIFACT}",
        *finding.limits(target),
        corpus,
        *target.inputs,
    ]
    return subprocess.run(list(map(str, call)), capture_output=True, text=True, errors="replace", check=False)


@cache
def _stack_can_be_the_same() -> bool:
    """Some containers forbid it."""
    return subprocess.run([*SAME_STACK, "true"], capture_output=True, check=False).returncode == 0
