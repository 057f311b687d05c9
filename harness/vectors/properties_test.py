"""From what systemctl prints to the conclusion of a vector."""

from __future__ import annotations

import pytest

from harness.vectors.properties import conclusion, parse, usec

SHOWN = """Id=a.service
ActiveState=activating
SubState=start
Result=success
StatusText=it is = up
StatusErrno=4
MainPID=11
WatchdogUSec=1min 2.5s
WatchdogTimestampMonotonic=0
ActiveEnterTimestampMonotonic=0
NotifyAccess=main
NFileDescriptorStore=0

Id=b.service
ActiveState=active
Result=success
StatusText=
MainPID=0
WatchdogUSec=0
WatchdogTimestampMonotonic=100
ActiveEnterTimestampMonotonic=101
NotifyAccess=all
NFileDescriptorStore=2
"""
PROCESSES = {"main": 10, "child": 11}


def test_each_unit_is_concluded_of_its_properties() -> None:
    shown = parse(SHOWN)
    assert conclusion(shown["a.service"], PROCESSES, []) == {
        "state": "starting",
        "status": "it is = up",
        "errno": "4",
        "bus_error": "",
        "varlink_error": "",
        "main_pid": "child",
        "watchdog_usec": "62500000",
        "watchdog": "none",
        "notify_access": "main",
        "fds_stored": "0",
        "fd_names": "",
    }
    other = conclusion(shown["b.service"], PROCESSES, ["b", "a"])
    assert (other["state"], other["main_pid"], other["fd_names"]) == ("running", "none", "a b")


def test_names_that_were_not_asked_are_left_out() -> None:
    assert "fd_names" not in conclusion(parse(SHOWN)["b.service"], PROCESSES, None)


@pytest.mark.parametrize(
    ("stamp", "active", "result", "expected"),
    [
        ("0", "0", "success", "none"),
        ("5", "0", "success", "kept-alive"),
        ("5", "6", "success", "none"),
        ("7", "6", "success", "kept-alive"),
        ("7", "6", "watchdog", "triggered"),
    ],
)
def test_a_keep_alive_is_later_than_the_start(stamp: str, active: str, result: str, expected: str) -> None:
    values = parse(SHOWN)["b.service"]
    values |= {"WatchdogTimestampMonotonic": stamp, "ActiveEnterTimestampMonotonic": active, "Result": result}
    assert conclusion(values, PROCESSES, [])["watchdog"] == expected


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("0", 0),
        ("1us", 1),
        ("3ms 1us", 3001),
        ("1min 30s", 90_000_000),
        ("1w 2d", 9 * 86400 * 10**6),
        ("infinity", 2**64 - 1),
    ],
)
def test_time_spans(span: str, expected: int) -> None:
    assert usec(span) == expected
