"""What may be claimed of wall time: nothing that two of the same do, too."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.console import Console

from bench.contest import Samples
from bench.counts import Count, Counts
from bench.outcome import AGAIN, Outcome
from bench.performance_report import write

N = 21
COUNT = Count(messages=64, instructions=10_000, system_calls=16, allocations=0, fds=0)
HALF = N // 4  # that many rounds lie below the half of them that is told


def rounds(median: float, low: float | None = None, high: float | None = None) -> list[float]:
    """Of which half lie from `low` to `high`."""
    low, high = low or median * 0.999, high or median * 1.001
    middle = (N - 2 * HALF - 1) // 2
    return [low] * (HALF + middle) + [median] + [high] * (HALF + middle)


def outcome(same: Sequence[float], other: Sequence[float], **target: float) -> Outcome:
    """Both beside a receiver that always takes as long."""
    by_name = {AGAIN: same, "receiver": [1.0 + place * 1e-9 for place in range(N)], "other": other}
    identity = dict.fromkeys(("revision", "cpu", "cores", "kernel", "load", "max_dgram_qlen"), "?")
    asked = {"text": "both", "task": "split", "payloads": ["reload"], "left": "other", "right": "receiver"}
    out = Outcome("2026-01-01T00:00:00Z", identity, Counts("key", {"split/reload": COUNT}), {})
    out.samples = [Samples("split", "reload", by_name, dict.fromkeys(by_name, 100))]
    out.comparisons = [asked | target]
    return out


@pytest.mark.parametrize(
    ("same", "other", "claim"),
    [
        (rounds(1.02), rounds(1.01), False),
        (rounds(1.02), rounds(1.05), True),
        (rounds(1.02), rounds(0.9), True),
        (rounds(0.64), rounds(1.5), False),  # 1 / 0.64 is 1.56
        (rounds(0.64), rounds(0.7), False),
        (rounds(0.64), rounds(1.6), True),
        (rounds(0.64), rounds(0.62), True),
        (rounds(1.0, 0.4, 1.1), rounds(2.2), False),  # as far apart, if not in the median
        (rounds(1.0, 0.9, 2.3), rounds(2.2), False),
        (rounds(1.0), rounds(1.5, 0.2, 3), False),  # beyond, but not by Mann-Whitney
    ],
)
def test_what_two_of_the_same_do_is_no_claim(
    same: Sequence[float], other: Sequence[float], claim: bool
) -> None:
    first, row = outcome(same, other).rows()
    assert first["is_same"] and not first["claim"]
    assert row["claim"] is claim


@pytest.mark.parametrize(("n", "met"), [(3, None), (5, None), (6, True), (21, True)])
def test_a_few_rounds_are_no_proof(n: int, met: bool | None) -> None:
    out = outcome(rounds(1.0), rounds(9.0), at_least=2)
    out.samples[0].by_name.update({name: each[:n] for name, each in out.samples[0].by_name.items()})
    assert out.rows()[1]["met"] is met


@pytest.mark.parametrize(
    ("same", "other", "target", "met"),
    [
        (rounds(1.02), rounds(2.5), {"at_least": 2.4}, True),
        (rounds(1.02), rounds(2.3), {"at_least": 2.4}, False),
        (
            rounds(1.02),
            rounds(0.99),
            {"at_most": 1.05},
            True,
        ),  # though nothing is claimed of the ratio itself
        (rounds(1.02), rounds(1.1), {"at_most": 1.05}, False),
        (rounds(1.1), rounds(2.5), {"at_least": 2.4}, None),  # as far from it as two of the same
        (rounds(0.9), rounds(2.3), {"at_least": 2.4}, None),
        (rounds(1.02), rounds(2.16, 1.84, 3.59), {"at_least": 2.4}, None),  # among half of the rounds
        (rounds(1.02), rounds(2.6, 2.3, 3.0), {"at_least": 2.4}, None),
        (rounds(1.02), rounds(2.5), {}, None),
    ],
)
def test_a_target_that_noise_covers_is_neither_met_nor_not(same, other, target, met) -> None:
    assert outcome(same, other, **target).rows()[1]["met"] is met


def test_of_what_was_not_put_beside_its_like_nothing_is_claimed() -> None:
    out = outcome(rounds(1.0), rounds(9.0), at_least=2)
    del out.samples[0].by_name[AGAIN]
    (row,) = out.rows()
    assert (row["claim"], row["met"]) == (False, None)
    json.dumps(out.json(), allow_nan=False)


def test_a_noisy_run_says_so_before_all_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sentence = "two of the same differed by up to 1.56 times (split: reload)"
    for same, is_noisy in ((rounds(0.6404), True), (rounds(1.02), False)):
        out = outcome(same, rounds(2.5), at_least=2.4)
        page = write(out, tmp_path / str(is_noisy), Console(width=300))
        texts = [page.read_text(), (page.parent / "report.md").read_text(), capsys.readouterr().out]
        assert [sentence in each for each in texts] == [is_noisy] * 3
        assert ["~ open" in each for each in texts] == [is_noisy] * 3
        assert not is_noisy or texts[0].index(sentence) < texts[0].index("<main>")
        assert not is_noisy or texts[2].startswith("The wall time of this run is noisy")
