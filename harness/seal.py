"""The files of a run, each with its SHA-256, as run.json has them: one that is cut short or changed is known for it.

Reports and logs are left out: nothing is read from them again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

FOLDERS = ("outcomes", "grades", "results", "traces", "fields", "verdicts", "console", "comparisons")
FILES = ("requirements.jsonl", "cases.jsonl")


def of(run_dir: Path) -> dict[str, str]:
    """Of what lies there now: the last thing to ask before run.json is written."""
    return {str(path.relative_to(run_dir)): _sum(path) for path in _files(run_dir)}


def broken(run_dir: Path, sealed: Mapping[str, str]) -> str | None:
    """The first file that is not as it was left, with what is wrong with it."""
    for name, sum_then in sealed.items():
        path = run_dir / name
        if not path.resolve().is_relative_to(run_dir.resolve()):
            return f"{run_dir / 'run.json'}: $.files: {name!r} lies outside of the run directory"
        try:
            if _sum(path) != sum_then:
                return f"{path}: not as the run left it: cut short, or changed"
        except OSError as failure:
            return f"{path}: {failure.strerror}"
    return None


def _files(run_dir: Path) -> Iterator[Path]:
    for name in FILES:
        if (run_dir / name).is_file():
            yield run_dir / name
    for name in FOLDERS:
        yield from (path for path in sorted((run_dir / name).rglob("*")) if path.is_file())


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
