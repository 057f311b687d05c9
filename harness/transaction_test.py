"""Which targets a transaction entered and left, and what it orders."""

from harness.transaction import Transaction, boot_order, fill
from vm.snapshot import Snapshot


def target(name: str, *, entered: int = 0, left: int = 0, after: str = "", active: bool = True) -> str:
    return (
        f"Id={name}\nNames={name}\nAfter={after}\nActiveState={'active' if active else 'inactive'}\n"
        f"ActiveEnterTimestampMonotonic={entered}\nInactiveEnterTimestampMonotonic={left}\n"
    )


def snapshot(*units: str) -> Snapshot:
    return Snapshot("\n".join(units))


def test_a_change_belongs_to_the_latest_transaction_before_it():
    boot, isolate = Transaction(100, "boot"), Transaction(500, "isolate rescue.target")
    isolate.snapshots = [
        snapshot(target("basic.target", entered=200, left=600), target("rescue.target", entered=550))
    ]

    fill([boot, isolate])

    assert (boot.entered, boot.left) == (["basic.target"], [])
    assert (isolate.entered, isolate.left) == (["rescue.target"], ["basic.target"])


def test_what_two_snapshots_show_counts_once():
    boot = Transaction(100, "boot", snapshots=[snapshot(target("basic.target", entered=200))] * 2)

    fill([boot])

    assert boot.entered == ["basic.target"]


def test_an_earlier_life_is_left_out():
    boot = Transaction(100, "boot", snapshots=[snapshot(target("slices.target", entered=50))])

    fill([boot])

    assert boot.entered == []


def test_a_later_transaction_orders_only_what_moved_in_it():
    boot, back = Transaction(100, "boot"), Transaction(500, "isolate multi-user.target")
    back.snapshots = [
        snapshot(
            target("sysinit.target", entered=150),
            target("basic.target", entered=510, after="sysinit.target sockets.target"),
            target("sockets.target", entered=505, after="sysinit.target"),
        )
    ]

    fill([boot, back])

    assert back.after == {"basic.target": ["sockets.target"]}
    assert boot.after is None


def test_the_order_of_the_boot_is_that_of_its_own_jobs():
    boot = Transaction(100, "boot")
    boot.snapshots = [
        snapshot(target("b.target", entered=300, after="a.target"), target("a.target", entered=200))
    ]

    assert boot_order([boot]) == {"a.target": [], "b.target": ["a.target"]}


def test_the_header_counts_from_the_beginning_of_the_trace():
    member = Transaction(1_500_000, "halt", entered=["umount.target"]).as_member(1_000_000)

    assert member == {"t": 0.5, "cause": "halt", "entered": ["umount.target"], "left": []}


LATE = (
    target("boot.target", entered=200, after="timer.target bus.target"),
    target("timer.target", entered=320, after="bus.target"),
    target("bus.target", entered=340, left=380, after="early.target"),
    target("early.target", entered=150),
)


def test_what_comes_after_the_last_job_of_the_boot_is_a_transaction_of_its_own():
    boot, halt = Transaction(100, "boot", finished_usec=300), Transaction(500, "halt")
    halt.snapshots = [snapshot(*LATE, target("shutdown.target", entered=510))]
    transactions = [boot, halt]

    fill(transactions)

    assert [(each.asked_usec, each.cause) for each in transactions] == [
        (100, "boot"),
        (320, "later"),
        (500, "halt"),
    ]
    assert boot.entered == ["early.target", "boot.target"]
    later = transactions[1]
    assert (later.entered, later.left, later.after) == (["timer.target", "bus.target"], ["bus.target"], {})
    assert halt.entered == ["shutdown.target"]


def test_the_order_of_the_boot_does_not_lead_over_what_came_later():
    boot = Transaction(100, "boot", finished_usec=300, snapshots=[snapshot(*LATE)])

    assert boot_order([boot])["boot.target"] == ["bus.target", "timer.target"]
    boot.finished_usec = None
    assert boot_order([boot])["boot.target"] == ["bus.target", "early.target", "timer.target"]


def test_a_boot_that_is_not_known_to_have_finished_takes_all():
    transactions = [Transaction(100, "boot", snapshots=[snapshot(*LATE)])]

    fill(transactions)

    assert [each.cause for each in transactions] == ["boot"]


def test_what_was_asked_for_after_the_boot_is_not_later():
    transactions = [Transaction(100, "boot", finished_usec=300), Transaction(310, "start timer.target")]
    transactions[1].snapshots = [snapshot(*LATE)]

    fill(transactions)

    assert [each.cause for each in transactions] == ["boot", "start timer.target"]


def test_each_life_has_its_own_later():
    first, second = (
        Transaction(100, "boot", finished_usec=300),
        Transaction(1000, "boot", finished_usec=1300),
    )
    first.snapshots = [snapshot(target("a.target", entered=310))]
    second.snapshots = [snapshot(target("b.target", entered=1200), target("c.target", entered=1310))]
    transactions = [first, second]

    fill(transactions)

    assert [(each.cause, each.entered) for each in transactions] == [
        ("boot", []),
        ("later", ["a.target"]),
        ("boot", ["b.target"]),
        ("later", ["c.target"]),
    ]


def down(*last: str, whole: bool = True) -> list[str]:
    """What a halt left, of three targets before it."""
    boot, halt = Transaction(100, "boot"), Transaction(500, "halt")
    boot.snapshots = [
        snapshot(
            target("up.target", entered=200),
            target("kept.target", entered=210),
            target("idle.target", entered=150, left=160, active=False),
        )
    ]
    halt.snapshots = [snapshot(*last)]
    halt.dump = halt.snapshots[0] if whole else None
    fill([boot, halt])
    return halt.left


def test_a_target_that_the_manager_has_unloaded_at_the_end_was_left():
    assert down(target("kept.target", entered=210)) == ["up.target"]


def test_a_target_that_is_still_there_at_the_end_was_left_only_by_its_stamp():
    assert down(target("kept.target", entered=210), target("up.target", entered=200, left=600)) == [
        "up.target"
    ]
    assert down(target("kept.target", entered=210), target("up.target", entered=200)) == []


def test_an_ending_that_was_not_written_down_whole_unloads_nothing():
    assert down(target("kept.target", entered=210), whole=False) == []
