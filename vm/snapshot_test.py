"""What is made of the answers of `systemctl show`."""

from vm.snapshot import Change, Snapshot, target_order


def shown(
    name: str, *, after: str = "", entered: int = 0, left: int = 0, tried: int = 0, names: str = ""
) -> str:
    return (
        f"Id={name}\nNames={names or name}\nAfter={after}\nActiveState=active\n"
        f"ActiveEnterTimestampMonotonic={entered}\nInactiveEnterTimestampMonotonic={left}\n"
        f"InactiveExitTimestampMonotonic={tried}\nConditionTimestampMonotonic=0\n"
    )


def order(*units: str) -> dict[str, list[str]]:
    return target_order([Snapshot("\n".join(units))])


def test_changes_are_those_of_targets():
    snapshot = Snapshot(shown("a.target", entered=5, left=9) + "\n" + shown("b.service", entered=7))

    assert snapshot.changes() == {Change(5, "a.target", True), Change(9, "a.target", False)}


def test_order_leads_over_units_of_every_kind():
    relation = order(
        shown("last.target", after="middle.service"),
        shown("middle.service", after="first.target", tried=1),
        shown("first.target"),
    )

    assert relation["last.target"] == ["first.target"]


def test_a_unit_that_never_had_a_job_orders_nobody():
    relation = order(
        shown("last.target", after="idle.service"),
        shown("idle.service", after="first.target"),
        shown("first.target"),
    )

    assert relation["last.target"] == []


def test_a_direct_order_needs_no_job():
    assert order(shown("last.target", after="first.target"), shown("first.target"))["last.target"] == [
        "first.target"
    ]


def test_an_alias_is_the_unit_that_it_names():
    relation = order(
        shown("last.target", after="alias.target"), shown("real.target", names="real.target alias.target")
    )

    assert relation["last.target"] == ["real.target"]


def test_a_circle_ends():
    relation = order(
        shown("a.target", after="b.target", tried=1), shown("b.target", after="a.target", tried=1)
    )

    assert relation == {"a.target": ["b.target"], "b.target": ["a.target"]}


def test_a_job_of_an_earlier_transaction_orders_nobody_in_a_later_one():
    snapshot = Snapshot(
        "\n".join(
            (
                shown("last.target", after="middle.service", tried=20),
                shown("middle.service", after="first.target", tried=10),
                shown("first.target", tried=20),
            )
        )
    )

    assert target_order([snapshot])["last.target"] == ["first.target"]
    assert target_order([snapshot], since_usec=15)["last.target"] == []
