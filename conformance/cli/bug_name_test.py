"""A bug that is none is refused in a line that can be read, and --help has none that cannot."""

from __future__ import annotations

import json

import pytest

from conformance.conftest import Notifyspec


@pytest.mark.parametrize("command", ["send", "receive"])
def test_a_name_that_is_none_and_the_help_are_legible(notifyspec: Notifyspec, command: str) -> None:
    refused = notifyspec(command, "--bug", "nope")
    assert refused.returncode == 2
    assert "--bug: there is no bug nope: `notifyspec list bugs` has the names\n" in refused.stderr
    told = notifyspec(command, "--help").stdout
    assert "--bug TEXT" in told
    assert max(map(len, told.splitlines())) < 160


@pytest.mark.parametrize("command", ["send", "receive"])
def test_the_names_are_still_there_to_be_completed(notifyspec: Notifyspec, command: str) -> None:
    rows = map(json.loads, notifyspec("list", "options", "--format", "jsonl").stdout.splitlines())
    [row] = [row for row in rows if row.get("command") == command and "--bug" in row.get("names", ())]
    assert {"none", "first-line-only"} <= set(row["choices"])
