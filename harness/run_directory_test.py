"""The folder of a run: its own, empty, and the same from wherever it is spoken of."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import run_directory


@pytest.mark.parametrize("out", [Path("mine"), None])
def test_it_is_named_for_programs_with_a_working_directory_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: Path | None
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = run_directory.create(out, Path("runs"))
    assert folder.is_absolute()
    assert folder.is_relative_to(tmp_path / (out or "runs"))


def test_two_at_once_have_two_and_latest_is_the_later(tmp_path: Path) -> None:
    first, second = (run_directory.create(None, tmp_path) for _ in range(2))
    assert first != second
    assert (tmp_path / "latest").resolve() == second


def test_one_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "something").touch()
    with pytest.raises(FileExistsError, match="is not empty"):
        run_directory.create(tmp_path, tmp_path)


@pytest.mark.parametrize("below", ["", "folder"])
def test_where_none_can_be_made_it_says_what_to_do(tmp_path: Path, below: str) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(OSError, match="no folder for the run can be made there .*: name another --out"):
        run_directory.create(file / below, tmp_path)
