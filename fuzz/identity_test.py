"""The identity of what ran is whole, and changes where what ran does."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from fuzz import identity
from fuzz.target import Target


def test_the_identity_of_what_ran_is_whole_where_there_is_no_git(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    found = identity.of(argparse.Namespace(engine="libfuzzer", seed=7), [Target("lines")])
    assert (found["revision"], found["seed"], found["sanitizers"]) == ("unknown", 7, "address, undefined")
    assert found["targets"]["lines"]["seeds"] == identity._hash(Target("lines").inputs) != "none"


def test_a_hash_is_of_what_is_held_and_not_of_names(tmp_path: Path) -> None:
    one, other = tmp_path / "a", tmp_path / "b"
    for folder, names in ((one, "xy"), (other, "yz")):
        folder.mkdir()
        for name, content in zip(names, ("1", "2"), strict=True):
            (folder / name).write_text(content)
    assert identity._hash([one]) == identity._hash([other])
    (other / "z").write_text("3")
    assert identity._hash([one]) != identity._hash([other])
