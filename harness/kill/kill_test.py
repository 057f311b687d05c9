"""The kill matrix holds: what fixtures/kills.jsonl says is complete, and each bug is killed by what is said to kill it.

The whole matrix is run by `./run kill`, which takes minutes. Here each bug meets the vectors that are recorded first
for it, over real sockets, and the correct implementation meets all of them.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import tool
from harness.exit_code import ExitCode
from harness.kill import __main__ as kill
from harness.kill import record
from harness.kill.bug import CORRECT, Bug, mutants, planted
from harness.kill.matrix import NotCorrect, against_vectors, matrix
from harness.scratch import scratch
from harness.vectors.vector import read

VECTORS = {role: read(role) for role in kill.ROLES}
BY_ID = {each.id: each for role in kill.ROLES for each in VECTORS[role]}
RECORDED = record.read()
BUGS = planted()
FEW = 2


def test_as_many_bugs_of_each_role_are_planted_as_were_asked_for() -> None:
    roles = [bug.role for bug in BUGS]
    assert roles.count("receiver") >= 42
    assert roles.count("sender") >= 15
    assert len({bug.id for bug in BUGS}) == len(BUGS)
    assert CORRECT not in {bug.name for bug in BUGS}


def test_every_bug_is_recorded_and_nothing_else() -> None:
    now = {bug.id: (bug.role, bug.what) for bug in BUGS}
    now |= {mutant.id: (mutant.role, mutant.what) for mutant in mutants()}
    assert {bug: (line["role"], line["what"]) for bug, line in RECORDED.items()} == now


def test_every_bug_is_killed_and_every_vector_kills_or_says_why_it_stays() -> None:
    assert kill.complaints(RECORDED, list(BY_ID.values())) == []
    known = {vector for line in RECORDED.values() for vector in line.get("vectors", [])}
    assert known <= BY_ID.keys()


@pytest.mark.parametrize("role", kill.ROLES)
def test_the_correct_one_is_as_every_vector_has_it(role: str, tmp_path: Path) -> None:
    assert against_vectors(role, CORRECT, VECTORS[role], tmp_path) == ()


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.id)
def test_each_bug_is_killed_by_what_is_recorded_first(bug: Bug, tmp_path: Path) -> None:
    first = RECORDED[bug.id]["vectors"][:FEW]
    assert against_vectors(bug.role, bug.name, [BY_ID[each] for each in first], tmp_path) == tuple(first)


def test_no_matrix_of_an_implementation_that_is_not_correct(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.kill.matrix.CORRECT", "no-ready")
    with pytest.raises(NotCorrect, match="receiver/lifecycle/ready"):
        list(matrix(BUGS[:1], {"receiver": [BY_ID["receiver/lifecycle/ready"]]}, tmp_path))


LINE = {"bug": "receiver/a", "role": "receiver", "what": "It errs.", "vectors": ["receiver/x/y"]}


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (LINE, []),
        (LINE | {"vectors": []}, ["receiver/a: receiver/x/y no longer kills it"]),
        (LINE | {"vectors": ["receiver/x/y", "receiver/x/z"]}, ["receiver/a: receiver/x/z kills it, too"]),
        (LINE | {"what": "It is wrong."}, ["receiver/a: it is told otherwise"]),
    ],
)
def test_a_difference_is_named(now: record.Line, words: list[str]) -> None:
    assert record.differences({"receiver/a": LINE}, {"receiver/a": now}) == words


def test_what_is_wrong_is_named() -> None:
    vector = BY_ID["receiver/lifecycle/ready"]
    assert kill.complaints({"a": LINE | {"vectors": []}}, []) == ["nothing kills a: It errs."]
    assert "does not say why it stays" in kill.complaints({"a": LINE}, [vector])[0]
    stays = next(each for each in BY_ID.values() if "stays" in each.content)
    assert "nevertheless" in kill.complaints({"a": LINE | {"vectors": [stays.id]}}, [stays])[0]


def test_a_bug_that_is_recorded_otherwise_is_a_baseline_that_is_no_longer_true(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    line = RECORDED["receiver/loses-last-fd"]
    path = tmp_path / "kills.jsonl"
    record.write([line | {"vectors": [*line["vectors"], "receiver/lifecycle/ready"]}], path)
    monkeypatch.setattr(record, "PATH", path)
    monkeypatch.setattr(record.read, "__defaults__", (path,))
    monkeypatch.setattr(
        kill, "read", lambda role: [BY_ID[each] for each in line["vectors"]] if role == "receiver" else []
    )
    assert kill.main(["receiver/loses-last-fd"]) is ExitCode.BASELINE
    assert "receiver/lifecycle/ready no longer kills it" in capsys.readouterr().out


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The whole command, as its first variants have been started. Its standard output is closed once all who are of it
    have ended."""
    fifo, program, folder = (tmp_path / name for name in ("begun", "notifyspec", "scratch"))
    os.mkfifo(fifo)
    folder.mkdir()
    program.write_text(f'#!/bin/sh\n[ "$1" != receive ] || echo >{fifo}\nexec {tool.notifyspec()} "$@"\n')
    program.chmod(0o755)
    command = subprocess.Popen(
        [sys.executable, "-m", "harness.kill", "receiver/loses-*"],
        env=os.environ | {"NOTIFYSPEC": str(program), "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    reader = os.open(fifo, os.O_RDWR)
    os.read(reader, 1)
    yield command
    os.close(reader)
    command.kill()
    command.communicate()


def test_who_ends_it_finds_nothing_left(begun: subprocess.Popen[str], tmp_path: Path) -> None:
    begun.terminate()
    begun.terminate()  # as who has no patience
    _, words = begun.communicate(timeout=60)
    assert words == "kill: interrupted; everything that was started is gone\n"
    assert begun.returncode == 128 + signal.SIGINT
    assert list((tmp_path / "scratch").iterdir()) == []


def test_who_kills_it_leaves_a_folder_at_most_and_that_to_the_next(
    begun: subprocess.Popen[str], tmp_path: Path
) -> None:
    begun.kill()
    begun.communicate(timeout=60)
    with scratch(tmp_path / "scratch") as own:
        assert list((tmp_path / "scratch").iterdir()) == [own]


def test_a_bug_that_there_is_not_is_wrong_usage() -> None:
    with pytest.raises(SystemExit) as refused:
        kill.main(["receiver/no-such-bug"])
    assert refused.value.code == ExitCode.USAGE
