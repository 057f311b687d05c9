from __future__ import annotations

from collections.abc import Sequence

import pytest

from harness.page.comparison import KINDS, MOST, Comparison, align, comparisons
from harness.page.run import Boot, Event, Field, Run

ACTIVE, INACTIVE = "X_SYSTEMD_UNIT_ACTIVE", "X_SYSTEMD_UNIT_INACTIVE"


def told(*messages: str) -> list[Event]:
    """One event a message; its fields are parted by blanks."""
    events = []
    for line, message in enumerate(messages, start=2):
        fields = tuple(Field(*each.split("=", 1), "text") for each in message.split() if "=" in each)
        events.append(Event(line, line / 10, "message", {}, message, fields))
    return events


def kinds(ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    return [row.kind for row in align(told(*ours), told(*theirs))]


def boot(
    scenario: str, vantage: str = "container", image: str = "257", messages: Sequence[str] = ("READY=1",)
) -> Boot:
    name = f"{image}-{scenario}"
    words = (name, image, f"{image}.1", "debian", vantage, "unix-dgram", scenario, "", "", "pass")
    return Boot(*words, 1.0, "traces/t", events=tuple(told(*messages)))


def paired(*boots: Boot) -> list[tuple[str, str]]:
    run = Run("0", "", "", "", 0, {}, "", boots, (), ())
    return [(each.container.name, each.machine.name) for each in comparisons(run)]


def test_the_same_is_the_same() -> None:
    messages = ("X_SYSTEMD_SIGNALS_LEVEL=2", f"{ACTIVE}=a.target", "READY=1 STATUS=Ready.")
    assert kinds(messages, messages) == ["same"] * 3
    assert kinds((), ()) == []


@pytest.mark.parametrize(
    "field", ["X_SYSTEMD_HOSTNAME", "X_SYSTEMD_MACHINE_ID", "RELOADING=1 MONOTONIC_USEC"]
)
def test_a_value_that_is_each_systems_own_is_the_same_field(field: str) -> None:
    (row,) = align(told(f"{field}=1"), told(f"{field}=2"))
    assert row.kind == "own" and row.differing == {field.split()[-1]}
    assert kinds([f"{field}=1"], [f"{field}=1"]) == ["same"]


def test_the_same_names_with_another_value() -> None:
    ours, theirs = "EXIT_STATUS=0 X_SYSTEMD_SHUTDOWN=halt", "EXIT_STATUS=0 X_SYSTEMD_SHUTDOWN=poweroff"
    (row,) = align(told(ours), told(theirs))
    assert row.kind == "other" and row.differing == {"X_SYSTEMD_SHUTDOWN"}
    assert kinds(["STATUS=a", "READY=1"], ["STATUS=b", "READY=1"]) == ["other", "same"]


def test_another_unit_is_another_message() -> None:
    assert kinds([f"{ACTIVE}=halt.target"], [f"{ACTIVE}=poweroff.target"]) == ["container", "machine"]
    assert kinds([f"{ACTIVE}=a.target"], [f"{INACTIVE}=a.target"]) == ["container", "machine"]


def test_what_only_one_has() -> None:
    units = [f"{ACTIVE}={name}.target" for name in "abc"]
    assert kinds(units, [units[0], units[2]]) == ["same", "container", "same"]
    assert kinds([units[0], units[2]], units) == ["same", "machine", "same"]
    assert kinds(units, []) == ["container"] * 3


def test_what_is_in_both_but_elsewhere_is_not_said_to_be_in_one_only() -> None:
    units = [f"{ACTIVE}={name}.target" for name in "abcd"]
    rows = align(told(*units), told(units[0], units[2], units[3], units[1]))
    assert [row.kind for row in rows] == ["same", "moved", "same", "same", "moved"]
    there, here = rows[1], rows[4]
    assert there.container and there.elsewhere == 5 and here.machine and here.elsewhere == 3
    twice = align(told(units[0], units[1]), told(units[1], units[0], units[0]))
    assert sorted(row.kind for row in twice) == ["machine", "moved", "moved", "same"]


def test_messages_without_a_field_are_told_apart_by_their_bytes() -> None:
    assert kinds(["", "junk"], ["", "junk"]) == ["same", "same"]
    assert kinds(["junk"], ["rubbish"]) == ["container", "machine"]


def test_each_message_has_exactly_one_place() -> None:
    ours = told(*[f"{ACTIVE}={n % 7}.target" for n in range(60)], "STATUS=x", "READY=1")
    theirs = told(*[f"{ACTIVE}={n % 5}.target" for n in range(50)], "STATUS=y", "ERRNO=1")
    rows = align(ours, theirs)
    assert [row.container.line for row in rows if row.container] == [each.line for each in ours]
    assert [row.machine.line for row in rows if row.machine] == [each.line for each in theirs]
    assert {row.kind for row in rows} <= set(KINDS)


def test_counts_add_up_to_the_messages() -> None:
    ours = (f"{ACTIVE}=a.target", f"{ACTIVE}=b.target", "STATUS=x", "ERRNO=1")
    theirs = (f"{ACTIVE}=b.target", f"{ACTIVE}=a.target", "STATUS=y", f"{ACTIVE}=c.target")
    counts = Comparison(boot("halt", messages=ours), boot("vm-halt", "vm", messages=theirs)).counts
    both = counts["same"] + counts["own"] + counts["other"] + counts["moved"]
    assert both + counts["container"] == 4 and both + counts["machine"] == 4
    assert counts["moved"] == 1


def test_a_flood_is_not_laid_side_by_side() -> None:
    flood = boot("halt", messages=["STATUS=x"] * (MOST + 1))
    comparison = Comparison(flood, boot("vm-halt", "vm"))
    assert not comparison.is_possible and comparison.rows == ()


@pytest.mark.parametrize(
    "containers, machines, pair",
    [
        ("halt poweroff", "vm-poweroff", ("poweroff", "vm-poweroff")),
        ("halt reboot poweroff", "vm-reboot vm-poweroff", ("poweroff", "vm-poweroff")),
        ("halt daemon-reload", "vm-poweroff vm-daemon-reload", ("daemon-reload", "vm-daemon-reload")),
        ("reboot halt", "vm-poweroff", ("halt", "vm-poweroff")),
        ("poweroff", "vm-poweroff-stream", ("poweroff", "vm-poweroff-stream")),
        ("halt", "vm-unix", None),
        ("", "vm-poweroff", None),
        ("halt", "", None),
    ],
)
def test_which_two_are_compared(containers: str, machines: str, pair: tuple[str, str] | None) -> None:
    boots = [boot(name) for name in containers.split()] + [boot(name, "vm") for name in machines.split()]
    assert paired(*boots) == ([(f"257-{pair[0]}", f"257-{pair[1]}")] if pair else [])


def test_only_the_same_systemd_is_compared() -> None:
    assert paired(boot("poweroff"), boot("vm-poweroff", "vm", image="262")) == []
    both = [boot("halt", image=image) for image in ("257", "262")]
    both += [boot("vm-poweroff", "vm", image) for image in ("257", "262")]
    assert [machine for _, machine in paired(*both)] == ["257-vm-poweroff", "262-vm-poweroff"]


def test_of_boots_that_were_repeated_the_first_is_compared() -> None:
    machines = [boot("vm-poweroff", "vm", messages=[f"STATUS={n}"]) for n in range(3)]
    run = Run("0", "", "", "", 0, {}, "", (boot("poweroff"), *machines), (), ())
    assert [each.machine for each in comparisons(run)] == machines[:1]


def test_a_boot_that_told_nothing_is_not_compared() -> None:
    assert paired(boot("poweroff"), boot("vm-poweroff", "vm", messages=())) == []
