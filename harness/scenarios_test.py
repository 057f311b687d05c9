"""The list of scenarios is one that people can read and call by name."""

import re

import pytest

from harness.scenario import Scenario
from harness.scenarios import MODULES, SCENARIOS
from harness.session import signal_number


def test_no_two_have_the_same_name():
    assert len(SCENARIOS) == sum(len(module.SCENARIOS) for module in MODULES)


@pytest.mark.parametrize("each", SCENARIOS.values(), ids=SCENARIOS.keys())
def test_each_is_one_sentence_under_a_plain_name(each: Scenario):
    assert re.fullmatch(r"[a-z0-9+]+(-[a-z0-9+]+)*", each.name)
    assert each.text.endswith(".") and ". " not in each.text
    assert each.vantage in ("container", "user", "vm")


def test_signals_are_counted_as_systemd_counts_them():
    assert [signal_number(name) for name in ("SIGTERM", "SIGRTMIN+0", "SIGRTMIN+28")] == [15, 34, 62]
