"""The proof itself has been seen to fail: a gate that sees nothing, or that cries wolf, is none."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from bench import budgets, counts, proof
from bench.counts import Counts
from harness.exit_code import ExitCode


def test_the_gate_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert proof.main(["--reruns", "1"]) is ExitCode.CONFORMS
    said = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[1] for line in said[:-1]] == list(proof.PLANTS)
    assert all(": seen, " in line for line in said[:-1])
    assert "split/reload: instructions" in said[0] and said[0].endswith("+2.0%")
    assert said[-1].startswith("the same code, 1 times: 0 of ")


def test_a_gate_that_sees_too_little_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(budgets, "LIMIT", 0.05)
    monkeypatch.setattr(proof, "PLANTS", {"instructions": proof.PLANTS["instructions"]})
    assert proof.main(["--reruns", "0"]) is ExitCode.BASELINE
    assert "planted: instructions: NOT SEEN" in capsys.readouterr().out


def test_a_gate_that_cries_wolf_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    really = counts.take
    more = itertools.count()

    def one_more_each_time(*arguments) -> Counts:
        taken = really(*arguments)
        case = replace(taken.cases["model"], allocations=next(more))
        return replace(taken, cases=taken.cases | {"model": case})

    monkeypatch.setattr(counts, "take", one_more_each_time)
    monkeypatch.setattr(proof, "PLANTS", {})
    assert proof.main(["--reruns", "1"]) is ExitCode.BASELINE
    assert capsys.readouterr().out.count("NOT SILENT, model: allocations 0 -> 1") == 1
