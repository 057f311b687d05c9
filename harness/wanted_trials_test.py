from pathlib import Path

import pytest

from harness.implementation import ImplementationRefused
from harness.wanted_trials import resolve, unique

IMAGES = ["254", "257"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, role, places in (
        ("liba", "sender", '["here", "image"]'),
        ("libb", "sender", '["here"]'),
        ("init", "receiver", '["image"]'),
    ):
        (tmp_path / name).mkdir()
        text = f'role = "{role}"\ncommand = ["x"]\nplaces = {places}\n'
        (tmp_path / name / "adapter.toml").write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("liba", ["liba"]),
        ("lib*", ["liba", "libb"]),
        ("sender", ["liba", "libb"]),
        ("receiver", ["init/254", "init/257"]),
        ("liba/257", ["liba/257"]),
        ("sender/*", ["liba/254", "liba/257"]),
        ("libb/257", []),
        ("257/halt", []),
    ],
)
def test_names_are_implementations_and_where_they_run(folder: Path, name: str, found: list[str]) -> None:
    assert [each.name for each in resolve(name, IMAGES, folder)] == found


@pytest.mark.parametrize(
    ("name", "found"),
    [("mine", ["mine"]), ("liba", ["liba"]), ("./liba", ["liba"]), ("257", []), ("", [])],
)
def test_a_folder_needs_a_slash_only_where_it_is_named_as_something_known(
    folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    found: list[str],
) -> None:
    theirs = tmp_path_factory.mktemp("theirs")
    for each in ("mine", "liba", "257", "."):
        (theirs / each).mkdir(exist_ok=True)
        (theirs / each / "adapter.toml").write_text('role = "receiver"\ncommand = ["x"]\n')
    monkeypatch.chdir(theirs)
    trials = resolve(name, IMAGES, folder)
    assert [each.name for each in trials] == found
    assert all((each.implementation.folder.parent == folder) == (name == "liba") for each in trials)


def test_what_has_to_be_booted_is_asked_for_by_name_or_with_its_images(folder: Path) -> None:
    (folder / "init" / "adapter.toml").write_text(
        'role = "receiver"\nmanager = "system"\nplaces = ["image"]\n'
    )
    found = {
        name: [each.name for each in resolve(name, IMAGES, folder)]
        for name in ("receiver", "init", "receiver/257")
    }
    assert found == {"receiver": [], "init": ["init/254", "init/257"], "receiver/257": ["init/257"]}


def test_only_a_name_without_a_glob_is_exact(folder: Path) -> None:
    exact = {name: resolve(name, IMAGES, folder)[0].exact for name in ("liba", "liba/257", "lib*", "sender")}
    assert exact == {"liba": True, "liba/257": True, "lib*": False, "sender": False}


def test_nothing_comes_twice(folder: Path) -> None:
    found = [each for name in ("libb", "sender", "liba") for each in resolve(name, IMAGES, folder)]
    assert [each.name for each in unique(found)] == ["libb", "liba"]


def test_a_folder_of_ones_own_is_named_by_its_path(folder: Path) -> None:
    (found,) = resolve(f"{folder}/liba", IMAGES, folder / "none")
    assert (found.name, found.exact) == ("liba", True)
    (folder / "liba" / "adapter.toml").write_text("role = 3")
    with pytest.raises(ImplementationRefused, match="role: a string expected"):
        resolve(f"{folder}/liba", IMAGES, folder)
