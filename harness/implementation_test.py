"""What is written of an implementation is read strictly; and the real ones answer for themselves."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import implementation, tool
from harness.adapter import Adapter
from harness.implementation import ROLES, ImplementationRefused
from harness.sending import Sending
from vm import image
from vm.environment import EnvironmentUnfit
from vm.image import Image

GOOD = """
role = "sender"
program = "p"
places = ["here", "image"]
packages = ["libp"]
needs = ["usr/lib/libp.so"]
"""
TWO_CALLS = {
    "environment": "${path}",
    "steps": [{"call": "notify", "state": "READY=1"}, {"call": "notify", "state": "STATUS=ä\n"}],
}


@pytest.fixture
def share() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="notifyspec-", dir="/tmp") as folder:
        yield Path(folder)


def written(folder: Path, text: str) -> Path:
    (folder / "one").mkdir()
    (folder / "one" / "adapter.toml").write_text(text)
    return folder


def test_what_is_written_is_read(tmp_path: Path) -> None:
    read = implementation.read("one", written(tmp_path, GOOD))
    assert (read.name, read.role, read.program, read.places) == ("one", "sender", "p", ["here", "image"])


@pytest.mark.parametrize(
    ("text", "member"),
    [
        (GOOD + "colour = 1", "colour: unknown; there are role, "),
        (GOOD.replace('role = "sender"', ""), "role: missing"),
        (GOOD.replace('"sender"', '"singer"'), "role: sender or receiver"),
        (GOOD.replace('"p"', "3"), "program: a string expected"),
        (GOOD.replace('program = "p"', ""), "command: one of it and program"),
        (GOOD + 'command = ["x"]', "command: one of it and program"),
        (GOOD.replace('["libp"]', '"libp"'), "packages: an array of strings"),
        (GOOD.replace('"image"', '"moon"'), "places: here or image"),
        (GOOD.replace('["here", "image"]', "[]"), "places: it is empty"),
        (GOOD + 'make = ["x", "{fold}/y"]', "make: there is no {fold}: did you mean {folder}?"),
        (GOOD + "[", "adapter.toml"),
    ],
)
def test_what_is_wrong_is_named_with_its_file(tmp_path: Path, text: str, member: str) -> None:
    with pytest.raises(ImplementationRefused) as refused:
        implementation.read("one", written(tmp_path, text))
    assert "one/adapter.toml" in str(refused.value) and member in str(refused.value)


def test_one_that_is_not_there_is_named() -> None:
    with pytest.raises(ImplementationRefused, match="nobody/adapter.toml: No such file"):
        implementation.read("nobody")


def test_all_of_the_suite_can_be_read() -> None:
    assert {"libsystemd", "systemd-notify"} < set(implementation.names("sender"))
    assert "reference-receiver" in implementation.names("receiver")
    assert set(implementation.names()) == {name for role in ROLES for name in implementation.names(role)}


def test_a_root_without_it_is_no_failure_of_its(share: Path, tmp_path: Path) -> None:
    bare = Image("root", tmp_path, "257", "none")
    with pytest.raises(EnvironmentUnfit, match="libsystemd.so.0"):
        implementation.read("libsystemd").start(bare, share)


def made(folder: Path, make: str) -> None:
    text = f'role = "sender"\ncommand = ["cat", "{{made}}/x"]\nmake = ["sh", "-c", "{make}"]\n'
    (folder / "one" / "adapter.toml").write_text(text)


def test_what_must_be_made_is_made_once_and_again_where_a_source_is_newer(
    tmp_path: Path, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool, "MADE", tmp_path / "made")
    made(written(tmp_path, ""), "echo again >> {made}/x")
    one = implementation.read("one", tmp_path)
    product = one.made / "x"
    assert product.is_relative_to(tmp_path / "made")
    for _ in range(2):
        assert one.start(None, share) == ["cat", str(product)]
    assert product.read_text() == "again\n"
    newer = time.time_ns() + 10**9
    os.utime(tmp_path / "one" / "adapter.toml", ns=(newer, newer))
    one.start(None, share)
    assert product.read_text() == "again\nagain\n"


def test_a_folder_anywhere_can_have_our_caller_speak_for_its_program(tmp_path: Path, share: Path) -> None:
    written(tmp_path, 'role = "sender"\ncommand = ["python3", "{caller}", "n", "p", "{folder}/call"]\n')
    call = implementation.read("one", tmp_path).start(None, share)
    assert Path(call[1]).is_file()
    assert call[-1] == str(tmp_path / "one" / "call")


def test_two_folders_of_one_name_share_nothing_that_is_made(tmp_path: Path) -> None:
    for project in ("a", "b"):
        (tmp_path / project).mkdir()
        written(tmp_path / project, GOOD)
    assert implementation.read("one", tmp_path / "a").made != implementation.read("one", tmp_path / "b").made


def test_what_cannot_be_made_is_told_with_its_words(
    tmp_path: Path, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool, "MADE", tmp_path / "made")
    made(written(tmp_path, ""), "echo no compiler >&2; exit 1")
    with pytest.raises(EnvironmentUnfit, match="could not be made: no compiler"):
        implementation.read("one", tmp_path).start(None, share)


def test_what_fails_to_be_made_without_a_word_is_told_with_its_exit_code(
    tmp_path: Path, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool, "MADE", tmp_path / "made")
    made(written(tmp_path, ""), "exit 3")
    with pytest.raises(EnvironmentUnfit, match="could not be made: exit code 3"):
        implementation.read("one", tmp_path).start(None, share)


def test_what_to_do_is_said_where_an_adapter_cannot_be_started(tmp_path: Path, share: Path) -> None:
    program = tmp_path / "one" / "adapter.sh"
    written(tmp_path, 'role = "sender"\ncommand = ["{folder}/adapter.sh"]')
    with pytest.raises(EnvironmentUnfit, match="is not installed") as absent:
        implementation.read("one", tmp_path).start(None, share)
    assert "as `packages` in" in absent.value.remedy
    program.write_text("#!/bin/sh")
    with pytest.raises(EnvironmentUnfit, match="is not executable") as found:
        implementation.read("one", tmp_path).start(None, share)
    assert found.value.remedy == f"chmod +x {program}"


@pytest.mark.boots
@pytest.mark.parametrize("name", ["libsystemd", "systemd-notify"])
def test_a_real_one_sends_from_inside_its_own_root(share: Path, name: str) -> None:
    system = image.find("257")
    with system.in_use():
        command = implementation.read(name).start(system, share)
        with Sending(lambda: Adapter(command, share / "adapter.log"), share / "n") as real:
            (seen,) = real.outcomes({"two": TWO_CALLS})
            real.stop()
    assert seen["conclusion"] == {
        "arrived": [{"data": "READY=1"}, {"data": "STATUS=ä\n"}],
        "returns": ["positive", "positive"],
        "environment": "set",
    }
