"""The device as a process, with programs in its place that do what it should not."""

from __future__ import annotations

from pathlib import Path

import pytest

from vm.vsock_device import DeviceFailed, Lost, VsockDevice

pytestmark = pytest.mark.boots  # an enclosure needs root

HANG = "while :; do sleep 1000; done"
LISTENS = """echo '{"listening":"here"}'"""
UNTIL_ASKED = "cat >/dev/null"
BRIEF_S = 0.5  # where a wait has to come to its end


def device(folder: Path, *script: str, patience_s: float = 20.0) -> VsockDevice:
    return VsockDevice(["sh", "-c", "\n".join(script)], folder, patience_s=patience_s)


def says(guest_to_host: int, host_to_guest: int) -> str:
    return f"""echo '{{"lost":{{"guest_to_host":{guest_to_host},"host_to_guest":{host_to_guest}}}}}'"""


def ended(folder: Path, *script: str, patience_s: float = 20.0) -> VsockDevice:
    with device(folder, LISTENS, *script, patience_s=patience_s) as one:
        one.require_alive()
    assert one.process.returncode is not None
    return one


def test_one_that_says_nothing_is_given_up(tmp_path: Path) -> None:
    silent = device(tmp_path, HANG, patience_s=BRIEF_S)

    with pytest.raises(DeviceFailed, match="says nothing: 0.5 s are over"):
        silent.__enter__()
    assert silent.process.returncode is not None


def test_one_that_cannot_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(DeviceFailed, match="does not start: no room"):
        device(tmp_path, "echo no room >&2; exit 5").__enter__()


def test_one_that_is_asked_to_end_says_what_it_lost(tmp_path: Path) -> None:
    one = ended(tmp_path, UNTIL_ASKED, says(0, 0))

    assert one.lost == Lost(0, 0)
    one.require_nothing_lost(played=True)


@pytest.mark.parametrize(("lost", "played"), [((7, 0), True), ((7, 0), False), ((0, 9), True)])
def test_what_is_lost_unasked_is_a_failure_of_ours(
    tmp_path: Path, lost: tuple[int, int], played: bool
) -> None:
    one = ended(tmp_path, UNTIL_ASKED, says(*lost), "sleep 0.2; echo counted >&2")

    (tmp_path / "device.log").unlink()  # with the folder of the machine, which it belongs to

    words = f"lost {lost[0]} bytes from the guest and {lost[1]} to it, though no fault was asked for"
    with pytest.raises(DeviceFailed, match=f"{words}: counted"):
        one.require_nothing_lost(played=played)


def test_a_machine_that_is_killed_may_miss_what_was_on_its_way_to_it(tmp_path: Path) -> None:
    ended(tmp_path, UNTIL_ASKED, says(0, 9)).require_nothing_lost(played=False)


@pytest.mark.parametrize("end", [HANG, UNTIL_ASKED])
def test_one_that_does_not_say_what_it_lost_is_a_failure_of_ours(tmp_path: Path, end: str) -> None:
    one = ended(tmp_path, end, patience_s=BRIEF_S if end == HANG else 20.0)

    with pytest.raises(DeviceFailed, match="did not say what it lost"):
        one.require_nothing_lost(played=True)
