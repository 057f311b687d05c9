import pytest

from harness.wanted import NothingMatches, UnknownName, Wanted, resolve

IMAGES = ["257", "262"]
SCENARIOS = ["halt", "reboot", "reboot-argument"]


def test_an_image_alone_is_booted_and_halted() -> None:
    assert resolve(["262"], IMAGES, SCENARIOS) == [Wanted("262", "halt")]


def test_globs_match_images_and_scenarios_and_nothing_comes_twice() -> None:
    found = resolve(["*/reboot*", "257/reboot"], IMAGES, SCENARIOS)
    assert [each.name for each in found] == [
        "257/reboot",
        "257/reboot-argument",
        "262/reboot",
        "262/reboot-argument",
    ]


def test_a_name_that_matches_nothing_is_refused_with_advice() -> None:
    with pytest.raises(UnknownName, match="did you mean 262/reboot"):
        resolve(["262/rebot"], IMAGES, SCENARIOS)
    with pytest.raises(UnknownName, match="--list"):
        resolve(["zzz"], IMAGES, SCENARIOS)


def test_a_glob_that_matches_nothing_is_no_mistake_of_typing() -> None:
    with pytest.raises(NothingMatches, match="matches nothing"):
        resolve(["26[345]/*"], IMAGES, SCENARIOS)
