"""Which targets a transaction entered and left, and what it orders."""

from harness.transaction import Transaction, boot_order, fill
from vm.snapshot import Snapshot


def target(name: str, *, entered: int = 0, left: int = 0, after: str = "") -> str:
    return (
        f"Id={name}\nNames={name}\nAfter={after}\n"
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
