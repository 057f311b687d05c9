"""What is wrong with a vector is found before anything runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.judgement import InputRefused
from harness.vectors.vector import read

GOOD = {
    "requirements": ["receiver.status-kept"],
    "level": "should",
    "note": "It matters.",
    "steps": [{"data": "STATUS=up"}],
    "expect": [{"status": "up"}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "plain", GOOD)
    return tmp_path


def write(folder: Path, name: str, vector: object) -> None:
    path = folder / "receiver/status" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(vector), encoding="utf-8")


def test_those_of_a_role_that_a_glob_names_are_read(folder: Path) -> None:
    write(folder, "other", GOOD)
    assert [each.id for each in read("receiver", folder)] == [
        "receiver/status/other",
        "receiver/status/plain",
    ]
    assert [each.id for each in read("receiver", folder, ["*/plain"])] == ["receiver/status/plain"]
    assert read("sender", folder) == []


def test_of_a_user_manager_is_kept_what_is_not_as_pid_1_has_it(folder: Path) -> None:
    (vector,) = read("receiver", folder)
    vector.keep("257", {"status": "up"})
    vector.keep("257-user", {"status": "up"})
    assert vector.content["systemd"] == {"257": {"status": "up"}}
    assert vector.recorded("257-user") == {"status": "up"}
    vector.keep("257-user", {})
    assert json.loads(vector.path.read_text(encoding="utf-8"))["systemd"] == {
        "257": {"status": "up"},
        "257-user": {},
    }
    assert (vector.recorded("257"), vector.recorded("257-user")) == ({"status": "up"}, {})
    (read_again,) = read("receiver", folder)
    assert read_again.content == vector.content
    vector.keep("257-user", {"status": "up"})
    assert "257-user" not in vector.content["systemd"]


def test_a_broken_one_is_refused_by_file_and_member_even_if_nobody_asked_for_it(folder: Path) -> None:
    write(folder, "broken", GOOD | {"expect": []})
    with pytest.raises(InputRefused, match=r"receiver/status/broken\.json: expect: is empty"):
        read("receiver", folder, ["*/plain"])
