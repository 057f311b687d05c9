"""Shards are joined into the run that they are parts of; what does not fit together is refused by name."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fixtures import run_schema_test
from harness.exit_code import ExitCode
from harness.gate import main
from harness.proxies.trial_test import SAMPLE
from harness.rejudge_test import boots  # noqa: F401: a fixture

SOME = ("--only", "sender/utf8/two-bytes", "--only", "sender/bytes/[abc][la]*")


def run(*words: str | Path) -> ExitCode:
    return main(list(map(str, words)))


def adapter(folder: Path, role: str, *command: str | Path) -> Path:
    folder.mkdir()
    words = json.dumps([*map(str, command)])
    (folder / "adapter.toml").write_text(f'role = "{role}"\ncommand = {words}\n')
    return folder


def change(folder: Path, do: Callable[[dict[str, Any]], object]) -> None:
    told = json.loads((folder / "run.json").read_text())
    do(told)
    (folder / "run.json").write_text(json.dumps(told))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of an implementation that does not meet one case, whole and in two shards."""
    folder = tmp_path_factory.mktemp("made")
    wrong = adapter(folder / "wrong", "sender", "{notifyspec}", "send", "--bug", "latin-1")
    words = (wrong, "libsystemd", *SOME)
    run(*words, "--out", folder / "whole")
    codes = [run(*words, "--shard", f"{n}/2", "--out", folder / str(n)) for n in (1, 2)]
    assert sorted(codes) == [ExitCode.CONFORMS, ExitCode.DOES_NOT_CONFORM]
    return folder


@pytest.fixture
def parts(made: Path, tmp_path: Path) -> list[Path]:
    return [Path(shutil.copytree(made / each, tmp_path / each)) for each in ("1", "2")]


def joined(out: Path, *parts: Path) -> ExitCode:
    return run("--join", *parts, "--out", out)


def test_the_joined_run_is_that_which_was_made_at_once(made: Path, parts: list[Path], tmp_path: Path) -> None:
    assert joined(tmp_path / "out", *reversed(parts)) is ExitCode.DOES_NOT_CONFORM
    run_schema_test.hold(tmp_path / "out")
    for name in ("results/libsystemd.jsonl", "results/wrong.jsonl", "cases.jsonl", "badge.svg"):
        assert (tmp_path / "out" / name).read_bytes() == (made / "whole" / name).read_bytes(), name
    one, other = (json.loads((each / "run.json").read_text()) for each in (made / "whole", tmp_path / "out"))
    for each in ("exit_code", "profile", "counts", "host", "skipped", "faulty", "broken"):
        assert one[each] == other[each]
    assert [each["counts"] for each in one["implementations"]] == [
        each["counts"] for each in other["implementations"]
    ]
    assert "shard" not in other
    assert run("--compare", made / "whole", tmp_path / "out") is ExitCode.CONFORMS
    assert "1 fail" in (tmp_path / "out" / "report.txt").read_text()


def test_what_is_expected_of_a_requirement_is_held_to_the_whole(made: Path, tmp_path: Path) -> None:
    """Of its two vectors one is not met, in one of the shards."""
    one = Path(shutil.copytree(made / "wrong", tmp_path / "wrong"))
    (one / "expectations.toml").write_text(
        '[[expectation]]\nid = "sender.utf8"\noutcome = "fail"\nreason = "latin-1"\n'
        '[[expectation]]\nid = "sender.one-datagram"\noutcome = "fail"\nreason = "not so"\n'
    )
    shards = [tmp_path / str(n) for n in (1, 2)]
    for n, out in enumerate(shards, 1):
        assert run(one, "--shard", f"{n}/2", "--out", out) is ExitCode.CONFORMS
    assert joined(tmp_path / "out", *shards) is ExitCode.BASELINE
    told = json.loads((tmp_path / "out" / "run.json").read_text())
    assert told["implementations"][0]["expectations"] == [
        "unexpected pass: sender.one-datagram, expected fail"
    ]


def other_suite(run: dict[str, Any]) -> None:
    run["suite"] = "0.0.0"


def other_profile(run: dict[str, Any]) -> None:
    run["profile"] = "systemd-262"


def other_words(run: dict[str, Any]) -> None:
    run["shard"]["of"] = ["libsystemd"]


def other_version(run: dict[str, Any]) -> None:
    run["implementations"][0]["version"] = "0.0"


def other_parts(run: dict[str, Any]) -> None:
    run["shard"]["parts"] = 3


def same_shard(run: dict[str, Any]) -> None:
    run["shard"]["number"] = 1


def no_shard(run: dict[str, Any]) -> None:
    del run["shard"]


@pytest.mark.parametrize(
    ("do", "words"),
    [
        (other_suite, "of suite 0.0.0, and this is "),
        (other_profile, "another profile than "),
        (other_words, "another command line than "),
        (other_version, "wrong is 0.0 there, and "),
        (other_parts, "another number of shards than "),
        (same_shard, "shard 1/2, as "),
        (no_shard, "no part of a run: it was made without --shard"),
    ],
)
def test_what_does_not_fit_together_is_refused_by_name(
    parts: list[Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    do: Callable[[dict[str, Any]], object],
    words: str,
) -> None:
    change(parts[1], do)
    assert joined(tmp_path / "out", *parts) is ExitCode.USAGE
    said = capsys.readouterr().err
    assert said.startswith(f"gate: {parts[1]}: ") and words in said


def test_a_shard_that_is_missing_is_named(
    parts: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert joined(tmp_path / "out", parts[1]) is ExitCode.USAGE
    assert "shard 1/2 is missing" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="namespaces need root")
def test_proxies_are_joined(tmp_path: Path) -> None:
    good = adapter(tmp_path / "good", "proxy", "/usr/bin/python3", SAMPLE / "proxy.py", "none")
    words = (good, "--only", "proxy/plain", "--only", "proxy/together")
    shards = [tmp_path / str(n) for n in (1, 2)]
    for n, out in enumerate(shards, 1):
        assert run(*words, "--shard", f"{n}/2", "--out", out) is ExitCode.CONFORMS
    assert joined(tmp_path / "out", *shards) is ExitCode.CONFORMS
    run_schema_test.hold(tmp_path / "out")
    assert "| MAINPID | ? yes ? |" in (tmp_path / "out" / "proxies.md").read_text()
    lines = [(each / "results" / "good.jsonl").read_text() for each in (*shards, tmp_path / "out")]
    assert lines[2] == lines[0] + lines[1] != lines[0]


def test_boots_are_joined(boots: Path, tmp_path: Path) -> None:  # noqa: F811
    shards = [Path(shutil.copytree(boots, tmp_path / str(n))) for n in (1, 2)]
    for n, each in enumerate(shards, 1):
        change(each, lambda told: told.update(shard={"number": n, "parts": 2, "of": ["257/*"]}, exit_code=0))
    assert joined(tmp_path / "twice", *shards) is ExitCode.USAGE
    change(
        shards[1], lambda told: told.update(boots=[], counts={}, skipped=[{"name": "257/x", "reason": "y"}])
    )
    assert joined(tmp_path / "out", *shards) is ExitCode.CONFORMS
    told = json.loads((tmp_path / "out" / "run.json").read_text())
    assert [each["name"] for each in told["boots"]] == ["257-halt"]
    assert told["skipped"] == [{"name": "257/x", "reason": "y"}]
    verdicts = (tmp_path / "out" / "verdicts" / "257-halt.jsonl").read_text().splitlines()
    assert [json.loads(each)["requirement"] for each in verdicts] == ["boot.ready.sent"]
