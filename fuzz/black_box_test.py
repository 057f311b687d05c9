"""A real receiver before scenarios that nobody has written: it concludes as its model, and otherwise than the documents
only as listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuzz import black_box
from fuzz.black_box import Found
from vm.environment import EnvironmentUnfit

FEW = 60


def found(version: int, *arguments: object) -> Found:
    try:
        return black_box.run(version, *arguments)  # type: ignore[arg-type]
    except EnvironmentUnfit as unfit:
        pytest.skip(unfit.reason)


@pytest.mark.boots
@pytest.mark.parametrize("version", black_box.VERSIONS)
def test_systemd_concludes_as_its_model_and_otherwise_than_the_documents_as_listed(version: int) -> None:
    seen = found(version)
    assert seen.wrong == []
    assert seen.compared > 0.9 * black_box.COUNT


@pytest.mark.boots
def test_what_is_not_listed_fails_and_so_does_what_does_not_occur() -> None:
    listed = {"requirement": "receiver.none", "bytes": "no such bytes", "members": ["state"]}
    seen = found(262, [listed], FEW)
    *others, last = seen.wrong
    assert last == "known_disagreements.toml: receiver.none does not occur any more"
    assert others and all(each.startswith("documented has ") for each in others)


def test_scenarios_are_the_same_each_time_and_hang_on_nothing_but_themselves(tmp_path: Path) -> None:
    if not black_box.MAKER.exists():
        pytest.skip("make-scenarios is not built: ./run build release make-scenarios")
    one, other = (black_box.made(tmp_path / name, black_box.COUNT) for name in "ab")
    assert one == other and len(one) == len(set(one)) == black_box.COUNT


@pytest.mark.parametrize(
    ("scenario", "can"),
    [
        (b"READY=1\x1ecf3\x1fMAINPID=101\nWATCHDOG_USEC=3600000000", True),
        (b"MAINPID=102", False),  # nobody's, or somebody's
        (b"MAIN\\PID=102", False),
        (b"MAINPID= 100", False),
        (b"WATCHDOG_USEC=0\nWATCHDOG_USEC=", True),
        (b"WATCHDOG_USEC=1", False),  # runs out while somebody looks
        (b"WATCHDOG_USEC=0x10", False),
        (b"EXTEND_TIMEOUT_USEC=1", False),
    ],
)
def test_what_hangs_on_time_or_on_pids_is_not_put(scenario: bytes, can: bool) -> None:
    assert black_box.can_be_put(scenario) == can


def test_pids_are_those_of_who_plays() -> None:
    assert black_box.with_own_pids({"data": "MAINPID=101\nREADY=1", "fds": 1}) == {
        "data": "MAINPID=${child.pid}\nREADY=1",
        "fds": 1,
        "substitute": True,
    }
    assert black_box.with_own_pids({"data": "MAINPID=1000"}) == {"data": "MAINPID=1000"}
