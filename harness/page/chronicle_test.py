from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.page.chronicle import APART, Chronicle
from harness.page.run import Boot, Event, Field
from harness.page.run_directory import read_run
from harness.page.sample_run import write_sample
from harness.page.timeline import timeline


@pytest.fixture(scope="module")
def boots(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Boot]:
    run = read_run(write_sample(Path(tmp_path_factory.mktemp("run"))))
    return {boot.scenario: boot for boot in run.boots if boot.image == "262" or boot.scenario != "halt"}


def told(*messages: str, pid: int = 1) -> Boot:
    words = ("name", "262", "262-1", "debian forky", "container", "unix-dgram", "scenario", "", "", "pass")
    events = []
    for line, message in enumerate(messages, start=2):
        fields = tuple(Field(*each.split("=", 1), "text") for each in message.split())
        events.append(Event(line, line / 10, "message", {"pid": pid}, message, fields))
    return Boot(*words, 1.0, "traces/t", {"manager_pid": 1}, tuple(events))


def bars(story: Chronicle, target: str) -> list[tuple[float | None, float | None, float | None]]:
    return [(bar.start, bar.end, bar.until) for bar in story.rows[("target", target)].bars]


def test_a_target_is_a_bar_from_active_to_inactive(boots: dict[str, Boot]) -> None:
    story = Chronicle(boots["halt"])
    (basic,) = bars(story, "basic.target")
    assert basic == (pytest.approx(0.459), pytest.approx(6.009), None)
    assert bars(story, "halt.target") == [(6.065, None, None)]
    assert ("ready", 0.5325) in story.guides and ("action", 5.989) in story.guides
    assert [name for name, _ in story.phases] == ["started", "ready", "shutting-down", "gone"]


def test_isolating_away_and_back_gives_two_bars(boots: dict[str, Boot]) -> None:
    story = Chronicle(boots["isolate"])
    assert len(bars(story, "graphical.target")) == 2
    assert len(bars(story, "basic.target")) == 1


def test_a_soft_reboot_begins_a_new_life(boots: dict[str, Boot]) -> None:
    story = Chronicle(boots["soft-reboot"])
    assert [(life.start, life.cause) for life in story.lives] == [(0.0, "boot"), (1.72, "after soft-reboot")]
    assert bars(story, "soft-reboot.target") == [(pytest.approx(1.576), 1.83, None)]
    assert len([kind for kind, _ in story.guides if kind == "ready"]) == 2
    assert sum(row.kind == "foreign" for row in story.rows.values()) == 2


def test_a_reload_is_no_new_life_but_a_re_exec_is() -> None:
    first = ("X_SYSTEMD_SIGNALS_LEVEL=2", "READY=1", "RELOADING=1")
    assert len(Chronicle(told(*first, "READY=1")).lives) == 1
    again = Chronicle(told(*first, "X_SYSTEMD_SIGNALS_LEVEL=2", "READY=1"))
    assert [life.start for life in again.lives] == [0.0, 0.4]
    assert len(Chronicle(told("X_SYSTEMD_HOSTNAME=a", "X_SYSTEMD_HOSTNAME=b")).lives) == 1


def test_a_machine_that_comes_back_begins_a_new_life(boots: dict[str, Boot]) -> None:
    story = Chronicle(boots["vm-reboot-stream"])
    assert [life.cause for life in story.lives] == ["boot", "after reboot"]
    again = story.lives[1].start
    assert story.phases[3] == ("started", again)
    assert [name for name, _ in story.phases].count("ready") == 2
    (reboot,) = bars(story, "reboot.target")
    assert reboot == (pytest.approx(8.246, abs=1), None, again)  # nobody told of its end
    assert len(bars(story, "basic.target")) == 2


def test_a_switch_of_root_begins_a_new_life(boots: dict[str, Boot]) -> None:
    story = Chronicle(boots["vm-initrd"])
    assert [(life.start, life.cause) for life in story.lives] == [(0.0, "initrd"), (2.9, "after switch-root")]
    unseen = [each for each in boots["vm-initrd"].events if each.kind != "message"]
    quiet = Chronicle(replace(boots["vm-initrd"], events=tuple(unseen)))
    assert [life.start for life in quiet.lives] == [0.0, 3.4]  # no message told of it, but a unit did


def test_what_is_seen_and_done_is_told_in_words(boots: dict[str, Boot]) -> None:
    labels = {row.label for name in ("vm-initrd", "vm-exam") for row in Chronicle(boots[name]).rows.values()}
    assert labels >= {
        "nobody receives from here on",
        "the receiver is there again",
        "the ACPI power button is pressed",
        "the vsock device offers stream and seqpacket",
        "the vsock device offers stream",
        "the initrd was entered",
        "the first unit after the switch of root runs",
        "asked, the system says it is up: multi-user.target",
        "at the socket inside the machine: READY=1\nSTATUS=Ready.",
        "exam: half-close-stream timeout",
    }
    exam = [row for row in Chronicle(boots["vm-exam"]).rows.values() if row.label.startswith("exam")]
    assert len(exam) == 12


def test_a_message_from_a_port_that_any_process_has_is_never_the_managers(boots: dict[str, Boot]) -> None:
    story = Chronicle(boots["vm-exam"])
    assert {kind for kind, _ in story.guides} == {"action"}
    strangers = [row.label for row in story.rows.values() if row.kind == "foreign"]
    assert strangers[0].startswith("port 40961: X_NOTIFYSPEC_CASE=boundary")
    assert boots["vm-exam"].messages == ()
    assert len(boots["vm-initrd"].messages) == 7


def test_what_was_never_told_stays_open() -> None:
    unit = "X_SYSTEMD_UNIT_{}=a.target"
    assert bars(Chronicle(told(unit.format("INACTIVE"))), "a.target") == [(None, 0.2, None)]
    twice = Chronicle(told(unit.format("ACTIVE"), unit.format("ACTIVE"), unit.format("INACTIVE")))
    assert bars(twice, "a.target") == [(0.2, None, 0.3), (0.3, 0.4, None)]


def test_a_bar_that_nobody_saw_begin_is_a_stub_at_its_end() -> None:
    drawing = timeline(told("X_SYSTEMD_UNIT_ACTIVE=a.target", "STATUS=x", "X_SYSTEMD_UNIT_INACTIVE=b.target"))
    assert drawing is not None
    a, _, b = drawing.lanes
    assert not a.boxes[0].open_left and a.boxes[0].open_right
    assert b.boxes[0].open_left and not b.boxes[0].open_right
    assert b.boxes[0].width < 3 and b.boxes[0].x > 90


def test_a_message_of_another_process_is_never_the_managers() -> None:
    story = Chronicle(told("READY=1", "X_SYSTEMD_UNIT_ACTIVE=a.target", pid=77))
    assert {row.kind for row in story.rows.values()} == {"foreign"}
    assert story.guides == []


def test_a_flood_shares_a_row() -> None:
    story = Chronicle(told(*["STATUS=x"] * 500))
    assert len(story.rows) == APART + 1
    assert [row.label for row in story.rows.values()][-1] == f"{500 - APART} × further STATUS"
    targets = told(*[f"X_SYSTEMD_UNIT_ACTIVE=t{n}.target" for n in range(400)])
    drawing = timeline(targets)
    assert drawing is not None and drawing.left_out == 250 and len(drawing.lanes) == 150


def test_everything_stands_inside_of_the_drawing(boots: dict[str, Boot]) -> None:
    for boot in boots.values():
        drawing = timeline(boot)
        assert drawing is not None
        for lane in drawing.lanes:
            assert drawing.top <= lane.y < drawing.height
            assert all(0 <= box.x and box.x + box.width <= 100 for box in lane.boxes)
            assert all(0 <= point.x <= 100 for point in lane.points)
