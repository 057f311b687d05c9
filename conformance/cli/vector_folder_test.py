"""`notifyspec list vectors`: what is wrong with a folder of vectors is said by file and member."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

REQUIREMENTS = """
[[requirement]]
id = "receiver.status"
role = "receiver"
transports = ["unix-dgram"]
by = "vectors"
level = "must"
since = 252
source = { document = "sd_notify(3)", section = "Well-known assignments", version = "262" }
text = "It does."
"""
GOOD: dict[str, Any] = {
    "requirements": ["receiver.status"],
    "level": "must",
    "note": "It matters.",
    "steps": [{"data": "STATUS=up"}],
    "expect": [{"status": "up"}],
}


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A folder with one good vector, and the table that it rests on beside it."""
    (tmp_path / "requirements.toml").write_text(REQUIREMENTS)
    write(tmp_path / "vectors/receiver/status/plain.json", GOOD)
    return tmp_path


def write(path: Path, vector: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(vector))


def listed(notifyspec: Any, suite: Path, *more: object) -> Any:
    table = suite / "requirements.toml"
    return notifyspec("list", "vectors", "--vectors", suite / "vectors", "--requirements", table, *more)


def test_vectors_are_listed(notifyspec: Any, suite: Path) -> None:
    done = listed(notifyspec, suite, "--format", "jsonl")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "id": "receiver/status/plain",
        "role": "receiver",
        "level": "must",
        "requirements": ["receiver.status"],
        "confirmed": [],
        "steps": 1,
        "note": "It matters.",
    }
    assert listed(notifyspec, suite).stdout == "must  receiver/status/plain  It matters.\n"


@pytest.mark.parametrize(
    ("member", "value", "reason"),
    [
        ("steps", [{"data_base64": "?"}], "steps[0].data_base64: is no base64"),
        ("requirements", ["receiver.mood"], 'requirements: "receiver.mood" is no requirement'),
        ("expect", [], "expect: is empty"),
        ("level", "should", "level: is should"),
        ("colour", "red", "colour: is no member"),
    ],
)
def test_a_broken_vector_is_refused_by_file_and_member(
    notifyspec: Any, suite: Path, member: str, value: object, reason: str
) -> None:
    path = suite / "vectors/receiver/status/broken.json"
    write(path, GOOD | {member: value})
    done = listed(notifyspec, suite)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"notifyspec: {path}: {reason}")


def test_an_id_used_twice_is_refused(notifyspec: Any, suite: Path) -> None:
    write(suite / "more/receiver/status/plain.json", GOOD)
    done = listed(notifyspec, suite, "--vectors", suite / "more")
    assert done.returncode == 2
    assert 'id "receiver/status/plain" is taken by' in done.stderr


def test_what_is_no_vector_is_refused(notifyspec: Any, suite: Path) -> None:
    (suite / "vectors/receiver/status/plain.json~").write_text("{}")
    done = listed(notifyspec, suite)
    assert done.returncode == 2
    assert "plain.json~: is no vector" in done.stderr


def test_a_folder_without_vectors_is_refused(notifyspec: Any, tmp_path: Path) -> None:
    assert "holds no vector" in notifyspec("list", "vectors", "--vectors", tmp_path).stderr
    for arguments in (["--vectors", tmp_path / "absent"], []):
        assert notifyspec("list", "vectors", *arguments).returncode == 2
