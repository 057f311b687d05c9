"""Which cases are run: each filter takes what it names, shards are a partition, and what was unmet is found again."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from harness.exit_code import ExitCode
from harness.gate import main
from harness.repetition import signature
from harness.selection import Selection, Shard
from harness.vectors import vector
from harness.wanted import DEFAULT

NAME = "reference-sender"


def ids(selection: Selection, name: str = NAME) -> list[str]:
    return [each.id for each in selection.vectors(name, "sender")]


ALL = [each.id for each in vector.read("sender")]


def test_without_a_filter_all_are_run() -> None:
    assert ids(Selection()) == ALL


def test_a_glob_names_a_case_or_a_requirement_of_it() -> None:
    assert ids(Selection(only=["sender/bytes/ready*"])) == [
        each for each in ALL if each.startswith("sender/bytes/ready")
    ]
    by_requirement = {each.id for each in vector.read("sender") if "sender.barrier" in each.requirements}
    assert by_requirement and set(ids(Selection(only=["sender.barrier"]))) == by_requirement


def test_a_level_is_that_of_the_case() -> None:
    parts = [ids(Selection(levels=[level])) for level in ("must", "should", "observed")]
    assert sorted(sum(parts, [])) == sorted(ALL)
    assert parts[0] and parts[2]


@pytest.mark.parametrize("parts", [1, 2, 7, 1000])
def test_shards_are_a_partition(parts: int) -> None:
    found = [Shard(number, parts).of(ALL) for number in range(1, parts + 1)]
    assert sorted(sum(found, [])) == sorted(ALL)
    assert max(map(len, found)) - min(map(len, found)) <= 1
    assert ids(Selection(shard=Shard(1, parts))) == found[0]


@pytest.mark.parametrize("text", ["0/4", "5/4", "1", "a/b", "1/0", "-1/2", "1/2/3"])
def test_what_is_no_part_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="no part of a whole"):
        Shard.read(text)


def test_what_was_not_met_is_run_of_the_one_that_did_not_meet_it() -> None:
    selection = Selection(failed={NAME: frozenset(ALL[:2]), "other": frozenset("*")})
    assert (ids(selection), ids(selection, "other"), ids(selection, "third")) == (ALL[:2], ALL, [])


def test_of_a_case_of_proxies_what_is_asked_of_it_can_be_named() -> None:
    plain = Selection(only=["proxy/plain/ready-forwarded"])
    assert [each.name for each in plain.proxy_cases("crun")] == ["plain"]
    (case,) = plain.proxy_cases("crun")
    assert plain.takes_part("crun", case, "proxy.ready-forwarded", "observed")
    assert not plain.takes_part("crun", case, "proxy.order-kept", "observed")
    assert len(Selection(only=["proxy.ready-forwarded"]).proxy_cases("crun")) > 1


def run(*words: str | Path) -> ExitCode:
    return main(list(map(str, words)))


def test_what_was_unmet_is_run_again_and_nothing_else(tmp_path: Path) -> None:
    folder, first, again = (tmp_path / name for name in ("one", "first", "again"))
    folder.mkdir()
    program = (Path(__file__).parent / "peers" / "peer.py").as_posix()
    command = json.dumps(["/usr/bin/python3", program, "wrong", "none"])
    (folder / "adapter.toml").write_text(f'role = "sender"\ncommand = {command}\n')
    assert run(folder, "--only", "sender/bytes/[abc][la]*", "--out", first) is ExitCode.DOES_NOT_CONFORM
    results = [json.loads(line) for line in (first / "results" / "one.jsonl").read_text().splitlines()]
    bad = [each["vector"] for each in results if each["word"] == "fail"]
    assert 0 < len(bad) < len(results)
    run("--rerun-failed", first, "--out", again)  # the folder is known from the run
    results = [json.loads(line) for line in (again / "results" / "one.jsonl").read_text().splitlines()]
    assert [each["vector"] for each in results] == bad


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--only", "no-such-id"], ExitCode.NOTHING_RAN),
        (["--only", "sender/bytes/ready", "--level", "observed"], ExitCode.NOTHING_RAN),
        (["--role", "receiver"], ExitCode.NOTHING_RAN),
        (["--only", "sender/bytes/ready", "--min-exercised", "1"], ExitCode.CONFORMS),
        (["--only", "sender/bytes/ready", "--min-exercised", "2"], ExitCode.ENVIRONMENT),
        (["--shard", "4999/5000"], ExitCode.NOTHING_RAN),
        (["--only", "no-such-id", "--list"], ExitCode.NOTHING_RAN),
        (["--only", "sender/bytes/ready", "--list"], ExitCode.CONFORMS),
    ],
)
def test_a_filter_that_matches_nothing_is_no_success(
    tmp_path: Path, words: list[str], code: ExitCode
) -> None:
    assert run(NAME, *words, "--out", tmp_path / "out") is code
    assert code is not ExitCode.NOTHING_RAN or not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["--list", "--only", "nothing*"],
        ["257/halt", "--only", "nothing.*"],
        ["257/halt", "--only", "boot.*", "--level", "should"],
        ["257/halt", "--shard", "2/2"],
    ],
)
def test_nor_of_boots_and_none_is_begun_for_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert run(*words, "--out", tmp_path / "out") is ExitCode.NOTHING_RAN
    assert f"{words[-2]} {words[-1]} leaves nothing to run" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_filter_alone_lists_what_would_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--list", "--only", "boot.ready.*") is ExitCode.CONFORMS
    assert capsys.readouterr().out.split() == list(DEFAULT)


@pytest.mark.parametrize("content", [None, "{", '{"format": 99}', "[]", '{"format": 1, "boots": 3}'])
def test_what_is_no_run_is_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    if content is not None:
        (tmp_path / "run.json").write_text(content)
    assert run("--rerun-failed", tmp_path) is ExitCode.USAGE
    assert str(tmp_path / "run.json") in capsys.readouterr().err


def test_several_at_once_come_to_the_same(tmp_path: Path) -> None:
    names = (NAME, "example-c", "example-python")
    for at_once in ("1", "3"):
        assert (
            run(*names, "-n", at_once, "--only", "sender/bytes/[a-c]*", "--out", tmp_path / at_once)
            is ExitCode.CONFORMS
        )
    assert signature(tmp_path / "1") == signature(tmp_path / "3")
    order = [
        each["name"] for each in json.loads((tmp_path / "3" / "run.json").read_text())["implementations"]
    ]
    assert order == list(names)
