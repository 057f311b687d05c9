"""The command line as a whole: what is no subcommand."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["jugde", "trace.jsonl"], "jugde is no subcommand; did you mean judge?"),
        (["lst", "fields"], "lst is no subcommand; did you mean list?"),
        (["receiver"], "receiver is no subcommand; did you mean receive?"),
        (["frobnicate"], "frobnicate is no subcommand; there are decode, record, judge,"),
        (["--nope"], "--nope is no option"),
        ([], "A subcommand is required"),
    ],
)
def test_what_is_no_subcommand_is_named(notifyspec: Any, arguments: list[str], said: str) -> None:
    done = notifyspec(*arguments)
    assert done.returncode == 2
    assert said in done.stderr and done.stdout == ""
