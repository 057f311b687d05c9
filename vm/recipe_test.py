"""The key of an image changes when the image would, and only then."""

import datetime
from dataclasses import replace

from vm.recipe import Recipe, host_recipe, recipes

TODAY = datetime.date(2026, 3, 14)
STABLE = Recipe(
    name="257", suite="trixie", packages=("systemd", "dbus"), systemd=257, kernel="linux-image-cloud-amd64"
)


def test_another_package_is_another_image():
    more = replace(STABLE, packages=("systemd", "dbus", "udev"))

    assert more.key(TODAY) != STABLE.key(TODAY)


def test_another_suite_is_another_image():
    assert replace(STABLE, suite="forky").key(TODAY) != STABLE.key(TODAY)


def test_a_stable_suite_is_kept_over_the_years():
    assert STABLE.key(TODAY) == STABLE.key(datetime.date(2031, 1, 1))


def test_a_moving_suite_is_built_anew_each_month():
    moving = replace(STABLE, moving=True)

    assert moving.key(TODAY) == moving.key(datetime.date(2026, 3, 31))
    assert moving.key(TODAY) != moving.key(datetime.date(2026, 4, 1))


def test_the_matrix_has_the_versions_that_are_tested():
    assert list(recipes()) == ["252", "254", "257", "262", "sid"]


def test_no_recipe_names_a_mirror(tmp_path):
    for recipe in recipes().values():
        assert "://" not in " ".join(recipe.arguments(tmp_path))


def test_a_newer_suite_comes_from_the_same_mirror(tmp_path):
    (hook, *_) = [
        word for word in recipes()["254"].arguments(tmp_path) if word.startswith("--customize-hook")
    ]

    assert "s/ bookworm / bookworm-backports /p" in hook
    assert "-t bookworm-backports systemd " in hook


def test_a_host_keeps_its_qemu_and_takes_its_kernel_from_the_newer_suite(tmp_path):
    (hook, *_) = [word for word in host_recipe().arguments(tmp_path) if word.startswith("--customize-hook")]

    assert "-t bookworm-backports systemd systemd-sysv systemd-container linux-image-cloud-amd64; " in hook
