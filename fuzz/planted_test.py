"""Planted bugs, without building them: each has its place."""

from __future__ import annotations

import pytest

from fuzz import planted, target
from harness.judgement import InputRefused


def test_each_planted_bug_has_its_place_and_is_one_of_a_kind() -> None:
    bugs = planted.read([])
    assert len(bugs) >= 25
    assert len({bug.name for bug in bugs}) == len(bugs)
    assert {bug.target.name for bug in bugs} <= set(target.names())
    assert all(find != put for bug in bugs for find, put in bug.changes)


def test_a_bug_that_is_not_planted_is_refused() -> None:
    with pytest.raises(InputRefused, match="no bug nonsense is planted"):
        planted.read(["nonsense"])
