"""What two boots must have in common is seen where one of them lacks it, and nothing else is."""

from __future__ import annotations

import pytest

from harness import sameness
from harness.record import TRACES

GOLDEN = sameness.rows((TRACES / "257" / "vm-vsock-seqpacket-vm-poweroff.fields.jsonl").read_text())
TOLD = sameness.told(GOLDEN)


@pytest.mark.parametrize("place", range(len(GOLDEN)))
def test_a_message_that_is_missing_or_comes_twice_is_seen(place: int) -> None:
    assert sameness.told(GOLDEN[:place] + GOLDEN[place + 1 :]) != TOLD
    assert sameness.told(GOLDEN[: place + 1] + GOLDEN[place:]) != TOLD


def test_a_message_that_is_cut_is_seen() -> None:
    assert sameness.told([*GOLDEN[:-1], GOLDEN[-1][:1]]) != TOLD


def test_the_order_of_what_has_one_is_seen_and_of_targets_it_is_not() -> None:
    hostname, machine_id, *rest = GOLDEN
    assert hostname[0].startswith("X_SYSTEMD_") and machine_id[0].startswith("X_SYSTEMD_")

    assert sameness.told([machine_id, hostname, *rest]) != TOLD
    units = [row for row in GOLDEN if row[0].startswith("X_SYSTEMD_UNIT_")]
    others = [row for row in GOLDEN if row not in units]
    assert sameness.told([*others, *reversed(units)]) == TOLD


def test_how_long_a_job_was_waited_for_is_each_boots_own() -> None:
    waiting = ["STATUS=Job a.service/start running (5s / no limit)"]

    assert sameness.told([waiting, *GOLDEN]) == TOLD


def test_of_a_time_only_its_name_counts() -> None:
    one, other = (
        f'{{"line":1,"fields":[{{"name":"MONOTONIC_USEC","value":"{value}"}}]}}\n' for value in (1, 2)
    )

    assert sameness.rows(one) == sameness.rows(other) == [["MONOTONIC_USEC="]]
