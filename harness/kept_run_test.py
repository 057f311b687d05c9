"""A kept run that is cut short, changed or of another kind is refused by name of the file, sealed or not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from harness.exit_code import ExitCode
from harness.gate import main
from harness.rejudge_test import boots, unseal  # noqa: F401 - a fixture

Spoil = Callable[[Path], None]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("real") / "run"
    assert main(["libsystemd", "--only", "sender/utf8/*", "--out", str(out)]) is ExitCode.CONFORMS
    return out


@pytest.fixture
def kept(real: Path, tmp_path: Path) -> Path:
    return copytree(real, tmp_path / "run")


def refused(run: Path, option: str, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    code = main([option, str(run), "--out", str(run.parent / f"out-{len(list(run.parent.iterdir()))}")])
    said = capsys.readouterr().err
    assert code is ExitCode.USAGE, said
    assert "object has no attribute" not in said and "subscriptable" not in said and "Errno" not in said
    return said


def last_lines(path: Path, count: int) -> None:
    path.write_text("".join(f"{line}\n" for line in path.read_text().split("\n")[: -count - 1]))


def put(text: str, line: int | None = None) -> Spoil:
    def spoil(path: Path) -> None:
        lines = path.read_text().split("\n")[:-1]
        path.write_text(text if line is None else "\n".join(lines[:line] + [text] + lines[line + 1 :]) + "\n")

    return spoil


@pytest.mark.parametrize("option", ["--rejudge", "--rerun-failed"])
@pytest.mark.parametrize("folder", ["outcomes", "grades", "results"])
def test_a_file_that_lacks_a_line_is_named(
    kept: Path, capsys: pytest.CaptureFixture[str], option: str, folder: str
) -> None:
    last_lines(kept / folder / "libsystemd.jsonl", 1)
    assert f"{folder}/libsystemd.jsonl: not as the run left it" in refused(kept, option, capsys)


@pytest.mark.parametrize(
    ("file", "spoil", "words"),
    [
        (
            "outcomes/libsystemd.jsonl",
            lambda path: last_lines(path, 1),
            ": 10 cases, where run.json counts 11",
        ),
        ("outcomes/libsystemd.jsonl", put(""), ":1: the head expected"),
        ("outcomes/libsystemd.jsonl", put('{"vector": 1}', 1), ":2: $"),
        ("outcomes/libsystemd.jsonl", Path.unlink, ": No such file"),
        (
            "results/libsystemd.jsonl",
            lambda path: last_lines(path, 1),
            ": 10 cases, where run.json counts 11",
        ),
        ("results/libsystemd.jsonl", put("7", 1), ":2: an object expected"),
        ("results/libsystemd.jsonl", put('{"vector": null}', 2), ":3: $"),
        ("results/libsystemd.jsonl", lambda path: path.write_bytes(b"\xff"), ": not UTF-8"),
        ("grades/libsystemd.jsonl", put('{"vector": "x"}', 0), ":1: $"),
    ],
)
def test_so_is_one_of_a_run_from_before_there_were_seals(
    kept: Path, capsys: pytest.CaptureFixture[str], file: str, spoil: Spoil, words: str
) -> None:
    unseal(kept)
    spoil(kept / file)
    assert f"{file}{words}" in refused(kept, "--rejudge", capsys)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (put(""), ""),
        (put('{"format": 9}', 0), "format"),
        (lambda path: path.write_bytes(path.read_bytes()[:-20]), ""),
        (Path.unlink, "No such file"),
    ],
)
def test_a_trace_that_cannot_be_read_is_named_as_it_was_kept(
    boots: Path, capsys: pytest.CaptureFixture[str], spoil: Spoil, words: str  # noqa: F811
) -> None:
    spoil(boots / "traces" / "257-halt.jsonl")
    said = refused(boots, "--rejudge", capsys)
    assert (
        str(boots / "traces" / "257-halt.jsonl") in said and words in said and "notifyspec judge" not in said
    )


def test_a_trace_whose_end_is_missing_is_known_by_its_seal(
    boots: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]  # noqa: F811
) -> None:
    sealed = tmp_path / "sealed"
    assert main(["--rejudge", str(boots), "--out", str(sealed)]) is ExitCode.CONFORMS
    last_lines(sealed / "traces" / "257-halt.jsonl", 1)
    assert "traces/257-halt.jsonl: not as the run left it" in refused(sealed, "--rejudge", capsys)


@pytest.mark.parametrize("place", ["../../../../etc/passwd", "results/..", "/etc/passwd", "results/out"])
def test_what_lies_outside_is_not_followed(
    kept: Path, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    (kept / "results" / "out").symlink_to("/etc/passwd")
    run: dict[str, Any] = json.loads((kept / "run.json").read_text())
    run["implementations"][0]["results"] = place
    (kept / "run.json").write_text(json.dumps(run))
    for option in ("--rejudge", "--rerun-failed"):
        said = refused(kept, option, capsys)
        assert "run.json: " in said and repr(place) in said
