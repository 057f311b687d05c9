"""Findings: which of them are one."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuzz import finding
from fuzz.target import Target


STACK = """
    #0 0x55 in require(bool, char const*) /x/fuzz/invariant.h:10:3
    #1 0x56 in notifyspec::wire::split(int) /x/conformance/wire/a.cc:1:2
    #2 0x57 in main /usr/lib/x.c:1
"""


@pytest.mark.parametrize(
    ("log", "kind", "title"),
    [
        (
            f"violated: no line is lost [receiver.status-utf8]\n==1== ERROR: deadly signal\n{STACK}",
            "violated",
            "no line is lost (receiver.status-utf8)",
        ),
        (
            f"violated: no line is lost\n==1== ERROR: libFuzzer: deadly signal\n{STACK}",
            "violated",
            "no line is lost",
        ),
        (
            "terminate called after throwing an instance of 'std::out_of_range'\n",
            "crash",
            "std::out_of_range is caught",
        ),
        (
            f"SUMMARY: AddressSanitizer: heap-buffer-overflow /x/y.cc:1 in f\n{STACK}",
            "crash",
            "in notifyspec::wire::split",
        ),
        ("SUMMARY: libFuzzer: timeout\n", "hang", "timeout"),
        ("", "crash", "it ended"),
    ],
)
def test_findings_are_told_apart_by_what_went_wrong(log: str, kind: str, title: str) -> None:
    found = finding.read(Target("lines"), log, Path("lines-1"))
    assert (found.kind, title in found.key) == (kind, True), found
