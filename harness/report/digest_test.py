from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.kept_run import RunRefused
from harness.page.sample_run import write_sample as write_boots
from harness.page.sample_trials import write_sample as write_trials
from harness.report.digest import read


@pytest.fixture
def trials(tmp_path: Path) -> Path:
    return write_trials(tmp_path / "run", implementations=2, requirements=5, cases=300)


def change(folder: Path, **members: Any) -> None:
    path = folder / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | members))


def test_boots_and_implementations_are_read_alike(tmp_path: Path, trials: Path) -> None:
    boots, others = read(write_boots(tmp_path / "boots")), read(trials)
    assert (boots.kind, others.kind) == ("boots", "implementations")
    assert boots.subjects["257-halt"].about == "container over unix-dgram"
    assert boots.subjects["257-halt"].cases["boot.hostname.sent"].again == "./run gate 257/halt"
    assert len(others.subjects["implementation-01"].cases) == 300
    assert {each.told for each in others.cases if each.foreseen} == {"expected fail"}


def test_what_a_lock_has_not_adopted_is_new_and_not_bad(tmp_path: Path) -> None:
    folder = write_boots(tmp_path)
    path = folder / "verdicts" / "262-hostile.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    failed = [each for each in lines if each["verdict"] == "fail"]
    for each in failed:
        each["advisory"] = True
    path.write_text("".join(json.dumps(each) + "\n" for each in lines))
    hostile = read(folder).subjects["262-hostile"]
    assert hostile.counts["new fail"] == len(failed) > 0 and hostile.counts["fail"] == 0
    assert not any(each.is_bad for each in hostile.cases.values())
    assert sum(each.is_news for each in hostile.cases.values()) == len(failed)


def test_what_is_not_as_it_should_be_is_counted_first(trials: Path) -> None:
    words = list(read(trials).subjects["implementation-00"].counts)
    assert words[0] == "fail" and words.index("pass") > 0 and words[-1] == "expected fail"


@pytest.mark.parametrize(
    ("file", "damage", "words"),
    [
        ("run.json", None, "run.json is not there: no run"),
        ("run.json", 40, "run.json: "),
        ("results/implementation-01.jsonl", None, "results/implementation-01.jsonl: "),
        ("results/implementation-01.jsonl", 150, "results/implementation-01.jsonl:2: cut short"),
        (
            "results/implementation-01.jsonl",
            0,
            "results/implementation-01.jsonl: 0 cases, where run.json counts 300",
        ),
        ("requirements.jsonl", 70, "requirements.jsonl:1: cut short"),
    ],
)
def test_a_folder_that_is_cut_short_is_refused_by_name(
    trials: Path, file: str, damage: int | None, words: str
) -> None:
    path = trials / file
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:damage])
    with pytest.raises(RunRefused, match=words):
        read(trials)


def test_no_folder_and_no_run_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(RunRefused, match="there is no such folder"):
        read(tmp_path / "none")
    for part in ("vectors", "proxies"):
        (tmp_path / part).mkdir()
        (tmp_path / part / "run.json").write_text("{}")
    with pytest.raises(RunRefused, match="proxies, vectors in it may be one"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"format": 2}, "no run of format 1, the only one known here, but 2"),
        (
            {"implementations": [{"name": "one"}]},
            r"run.json: \$.implementations\[0\]: '\w+' is a required property",
        ),
        ({"implementations": 7}, r"run.json: \$.implementations: 7 is not of type 'array'"),
        ({"suite": None}, r"run.json: \$.suite: None is not of type 'string'"),
        ({"skipped": [1]}, r"run.json: \$.skipped\[0\]: 1 is not of type 'object'"),
    ],
)
def test_another_format_and_members_that_are_missing_are_named(
    trials: Path, members: dict[str, Any], words: str
) -> None:
    change(trials, **members)
    with pytest.raises(RunRefused, match=words):
        read(trials)
