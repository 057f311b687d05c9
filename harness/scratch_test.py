"""A scratch folder goes with its owner; and where that was killed, as soon as somebody else makes one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.scratch import PREFIX, scratch, sweep

OWNER = """
import sys
from pathlib import Path
from harness.scratch import scratch
with scratch(Path(sys.argv[1])) as folder:
    (folder / "outcome").write_text("x")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    made = subprocess.Popen(
        [sys.executable, "-c", OWNER, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    yield made
    made.kill()
    made.communicate()


def folder_of(owner: subprocess.Popen[str]) -> Path:
    assert owner.stdout is not None
    return Path(owner.stdout.readline().strip())


def test_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="on the way"), scratch(tmp_path) as folder:
        (folder / "deep").mkdir()
        raise ValueError("on the way")
    assert list(tmp_path.iterdir()) == []


def test_a_living_owner_keeps_it(tmp_path: Path, owner: subprocess.Popen[str]) -> None:
    folder = folder_of(owner)
    assert sweep(tmp_path) == []
    with scratch(tmp_path) as other:
        assert other != folder
    assert (folder / "outcome").exists()


def test_the_next_one_removes_that_of_an_owner_who_was_killed(
    tmp_path: Path, owner: subprocess.Popen[str]
) -> None:
    folder = folder_of(owner)
    owner.kill()
    owner.wait()
    assert folder.exists()
    with scratch(tmp_path) as other:
        assert list(tmp_path.iterdir()) == [other]


def test_what_only_has_such_a_name_is_let_be(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / f"{PREFIX}link").symlink_to(elsewhere)
    (tmp_path / f"{PREFIX}file").write_text("x")
    assert sweep(tmp_path) == []
    assert elsewhere.exists()
