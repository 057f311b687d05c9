"""Counts gate: the same code counts the same, and what was planted is seen."""

from __future__ import annotations

import resource
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from bench import budgets, counts
from bench.counts import Count, Counts

COUNTED = counts.program()


@pytest.fixture(scope="module")
def taken() -> Counts:
    return counts.take(COUNTED)


def over(before: Counts, now: Counts) -> list[budgets.Change]:
    return [each for each in budgets.compare(before.cases, now.cases) if each.is_over]


def test_the_same_code_counts_the_same(taken: Counts) -> None:
    assert over(taken, counts.take(COUNTED)) == []


def test_how_many_files_a_shell_may_open_changes_no_count(taken: Counts) -> None:
    """1024 is what most begin with, and 10,000 what a whole batch of messages with fds needs."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, before[1]))
    try:
        assert over(taken, counts.take(COUNTED)) == []
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_where_too_few_files_may_be_open_nothing_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "FILES", resource.getrlimit(resource.RLIMIT_NOFILE)[1] + 1)
    with pytest.raises(counts.CountsFailed, match="ulimit -Hn"):
        counts.take(COUNTED)


def test_two_in_a_hundred_instructions_more_are_seen(taken: Counts) -> None:
    """One more for each of the four lines of the message of a reload."""
    changes = over(taken, counts.take(COUNTED, ["--plant", "instructions"]))
    (reload,) = [each for each in changes if each.case == "split/reload"]
    assert reload.now == reload.budget + 4 * taken.cases["split/reload"].messages
    assert {each.member for each in changes} == {"instructions"}
    assert all(each.case.startswith("split/") for each in changes)


def test_one_system_call_more_a_datagram_is_seen(taken: Counts) -> None:
    changes = over(taken, counts.take(COUNTED, ["--plant", "system-call"]))
    calls = {each.case: each.now - each.budget for each in changes if each.member == "system_calls"}
    assert set(calls) == {name for name in taken.cases if name.startswith("receive-")}
    assert set(calls.values()) == {taken.cases["receive-receiver/status"].messages}


def test_the_receiver_allocates_nothing_and_keeps_no_fd(taken: Counts) -> None:
    path = [
        each for name, each in taken.cases.items() if name.startswith(("split/", "classify/", "receive-"))
    ]
    assert len(path) > 20
    assert {(each.allocations, each.fds) for each in path} == {(0, 0)}


def test_a_system_call_takes_a_whole_burst(taken: Counts) -> None:
    """8 for 64 messages in bursts of 8."""
    assert (
        taken.cases["receive-receiver/status"].system_calls
        == taken.cases["receive-floor/status"].system_calls
        == 8
    )
    assert (
        taken.cases["receive-loop/status"].system_calls
        >= 8 * taken.cases["receive-receiver/status"].system_calls
    )


def test_budgets_are_read_as_they_were_written(taken: Counts, tmp_path: Path) -> None:
    budgets.write(taken, tmp_path)
    assert budgets.read(taken.key, tmp_path) == taken.cases
    assert budgets.read("another", tmp_path) is None


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "cut.toml").write_text('[cases."split/reload"]\nmessages = ')
    with pytest.raises(budgets.BudgetRefused, match="cut.toml"):
        budgets.read("cut", tmp_path)


ONE = Count(messages=64, instructions=10_000, system_calls=16, allocations=0, fds=0)


@pytest.mark.parametrize(
    ("changed", "is_over"),
    [
        ({"instructions": 10_100}, False),
        ({"instructions": 10_101}, True),
        ({"instructions": 9_899}, True),
        ({"system_calls": 17}, True),
        ({"allocations": 1}, True),
        ({"fds": -1}, True),
    ],
)
def test_what_is_over_the_limit(changed: dict[str, int], is_over: bool) -> None:
    (change,) = budgets.compare({"one": ONE}, {"one": replace(ONE, **changed)})
    assert change.is_over is is_over


def test_a_case_without_budget_and_a_budget_without_case_are_over() -> None:
    changes = budgets.compare({"gone": ONE}, {"new": ONE})
    assert [each.text for each in changes if each.is_over] == [
        "gone: has a budget, and is not there any more",
        "new: has no budget",
    ]


def test_a_plant_that_nobody_knows_is_refused() -> None:
    done = subprocess.run([COUNTED, "--plant", "nonsense"], capture_output=True, text=True)
    assert done.returncode == 2 and "usage" in done.stderr


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(counts.CountsFailed, match="nobody"):
        counts.take(tmp_path / "nobody")
