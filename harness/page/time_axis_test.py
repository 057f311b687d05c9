from __future__ import annotations

import pytest

from harness.page.time_axis import LEFT, RIGHT, TimeAxis

HALT = [0.108, 0.21, 0.332, 0.453, 0.532, 5.99, 6.064, 6.166]


def test_idle_time_is_cut_out_and_nothing_else() -> None:
    axis = TimeAxis(HALT)
    assert [(cut.start, cut.end) for cut in axis.breaks] == [(0.532, 5.99)]
    assert TimeAxis([0.1, 0.2, 0.35, 0.4]).breaks == []
    assert len(TimeAxis([0.1, 0.5, 2.0, 2.05, 3.1, 3.15, 4.5, 4.75]).breaks) == 4


@pytest.mark.parametrize(
    "times", [HALT, [], [0.0], [7.0], [0.1, 0.2, 30.0], [n * 1e-6 for n in range(99)], [-1.0, 3]]
)
def test_it_fills_the_width_and_keeps_the_order(times: list[float]) -> None:
    axis = TimeAxis(times)
    assert axis.pieces[0].x0 == LEFT and axis.pieces[-1].x1 == pytest.approx(RIGHT)
    places = [axis.x(t) for t in sorted(times)]
    assert places == sorted(places)
    assert all(LEFT <= x <= RIGHT + 1e-9 for x in places)
    ticks = axis.ticks()
    assert ticks and all(LEFT - 1e-9 <= tick.x <= RIGHT + 1e-9 for tick in ticks)


def test_ticks_are_round_and_apart() -> None:
    ticks = TimeAxis(HALT).ticks()
    assert [tick.label for tick in ticks[:3]] == ["0.0", "0.1", "0.2"]
    assert all(after.x - before.x > 5 for before, after in zip(ticks, ticks[1:]))


def test_a_moment_alone_stands_in_the_middle_of_its_piece() -> None:
    axis = TimeAxis([0.1, 0.2, 30.0])
    assert axis.x(30.0) == pytest.approx((axis.pieces[-1].x0 + axis.pieces[-1].x1) / 2)
    assert axis.ticks()[-1].label == "30"


def test_an_axis_that_begins_late_does_not_reach_back_to_zero() -> None:
    assert TimeAxis([0.1, 0.2]).pieces[0].start == 0.0
    axis = TimeAxis([0.7, 0.8])
    assert (axis.pieces[0].start, axis.breaks) == (0.7, [])
    assert axis.x(0.0) == LEFT


def test_a_busy_moment_after_a_long_boot_has_room() -> None:
    axis = TimeAxis([n / 4 for n in range(41)] + [20 + n / 1000 for n in range(40)])
    boot, shutdown = axis.pieces
    assert shutdown.x1 - shutdown.x0 > 20
    assert boot.x1 - boot.x0 > 30
