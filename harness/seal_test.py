"""A seal knows a file that is cut short, changed or gone, by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import seal


@pytest.fixture
def run(tmp_path: Path) -> Path:
    for name in ("results/one.jsonl", "traces/one/a.in.jsonl", "logs/one.txt", "cases.jsonl", "index.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1\n2\n")
    return tmp_path


def test_what_is_read_again_is_sealed_and_what_is_rendered_is_not(run: Path) -> None:
    sealed = seal.of(run)
    assert list(sealed) == ["cases.jsonl", "results/one.jsonl", "traces/one/a.in.jsonl"]
    (run / "index.html").write_text("")
    assert seal.broken(run, sealed) is None


def test_a_file_that_is_not_as_it_was_is_named(run: Path) -> None:
    sealed = seal.of(run)
    (run / "results" / "one.jsonl").write_text("1\n")
    assert "results/one.jsonl: not as the run left it: cut short" in (seal.broken(run, sealed) or "")
    (run / "results" / "one.jsonl").unlink()
    assert "results/one.jsonl: No such file" in (seal.broken(run, sealed) or "")


def test_nothing_outside_is_looked_at(run: Path) -> None:
    assert "lies outside of the run" in (seal.broken(run, {"../x": "0"}) or "")
