"""A run directory as it was left, read to be judged again; what is broken is refused by name of the file.

A run says of each file what it was (seal.py). Of one from before that, what it counts is held to what there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from harness import run_directory, schema, seal
from harness.exit_code import ExitCode
from harness.expectations import GOOD
from harness.judgement import ToolBroke
from harness.page.run_directory import object_of
from harness.page.trial_run import APART, LEFT

Lines = list[dict[str, Any]]
Entry = Mapping[str, Any]
PLACES = ("trace", "fields", "verdicts", "console", "outcomes", "grades", "results", "traces", "comparisons")


class RunRefused(Exception):
    """The folder holds no run, or one that is broken: the file is named."""


def read(kept: Path) -> dict[str, Any]:
    """Its run.json, whose files are all there and whole."""
    if not kept.is_dir():
        raise RunRefused(f"{kept}: there is no such folder")
    path = kept / "run.json"
    if not path.exists():
        parts = sorted(each.parent.name for each in kept.glob("*/run.json"))
        hint = f"; {', '.join(parts[:4])} in it may be one" if parts else ""
        raise RunRefused(f"{path} is not there: no run{hint}")
    run = _object(path, _text(path))
    if "format" not in run:
        raise RunRefused(f"{path}: no run of format {run_directory.FORMAT}")
    if run["format"] != run_directory.FORMAT:
        found = run["format"]
        raise RunRefused(
            f"{path}: no run of format {run_directory.FORMAT}, the only one known here, but {found!r}"
        )
    if wrong := schema.failure("run", run):
        raise RunRefused(f"{path}: {wrong}")
    for entry in _entries(run):
        for name in PLACES:
            if name in entry:
                file(kept, entry, name)
    _require_whole(kept, run)
    return run


def _entries(run: Mapping[str, Any]) -> list[Entry]:
    return [*run["boots"], *_implementations(run)]


def _implementations(run: Mapping[str, Any]) -> list[Entry]:
    return [*run.get("implementations", []), *run.get("proxies", [])]


def file(kept: Path, entry: Entry, name: str) -> Path:
    """What lies outside of the run, by a link, say, is none of it, and would come to stand in a page."""
    path = kept / entry[name]
    if not path.resolve().is_relative_to(kept.resolve()):
        raise RunRefused(f"{kept / 'run.json'}: {name}: {entry[name]!r} lies outside of the run directory")
    return path


def _require_whole(kept: Path, run: Mapping[str, Any]) -> None:
    if "files" in run:
        if broken := seal.broken(kept, run["files"]):
            raise RunRefused(broken)
        return
    require_lines(kept, run)
    for entry in _implementations(run):
        require_count(kept, entry, "results", len(lines(file(kept, entry, "results"))))
    there = sum(len(lines(file(kept, entry, "verdicts"))) for entry in run["boots"])
    if run["boots"] and there != sum(run.get("counts", {}).values()):
        raise RunRefused(
            f"{kept / 'run.json'}: it counts {sum(run.get('counts', {}).values())} verdicts, and the files that "
            f"it names have {there}: the folder is cut short, or was changed"
        )


def require_count(kept: Path, entry: Entry, name: str, there: int) -> None:
    """A file that ends too early at a whole line is seen by the counts alone."""
    counted = sum(entry["counts"].values()) - entry["counts"].get("not put", 0)
    if there != counted:
        raise RunRefused(
            f"{file(kept, entry, name)}: {there} cases, where run.json counts {counted}: cut short, or changed"
        )


def require_lines(kept: Path, run: Mapping[str, Any]) -> None:
    """Each line that came of a case, to its schema."""
    for entry in _entries(run):
        for name in ("results", "verdicts"):
            if name in entry:
                checked(file(kept, entry, name), name)


def checked(path: Path, name: str) -> Lines:
    """The lines, each held to the schema of that name."""
    found = lines(path)
    for number, line in enumerate(found, 1):
        if wrong := schema.failure(name, line):
            raise RunRefused(f"{path}:{number}: {wrong}")
    return found


def lines(path: Path) -> Lines:
    numbered = enumerate(_text(path).split("\n"), 1)
    return [_object(f"{path}:{number}", line) for number, line in numbered if line]


def _object(where: Path | str, text: str) -> dict[str, Any]:
    try:
        return object_of(where, text)
    except ValueError as wrong:
        raise RunRefused(str(wrong)) from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as failure:
        raise RunRefused(f"{path}: {failure.strerror}") from None
    except UnicodeDecodeError as wrong:
        raise RunRefused(f"{path}: not UTF-8, from byte {wrong.start} on") from None


@contextmanager
def readable(path: Path, copy: Path | None = None) -> Iterator[None]:
    """What our tool cannot read of a run is wrong with the run. `copy`: what is read in place of `path`."""
    try:
        yield
    except ToolBroke as broke:
        if broke.code != ExitCode.USAGE:
            raise
        words = broke.words.replace(str(copy), str(path)) if copy else broke.words
        raise RunRefused(words if str(path) in words else f"{path}: {words}") from None


def not_met(folder: Path, run: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Of the run in that folder, by implementation or boot, the cases that were not met and that nobody had foreseen;
    all of them, "*", where it came to no outcome. Raises RunRefused."""
    require_lines(folder, run)
    found: dict[str, frozenset[str]] = {}
    for entry in _implementations(run):
        results = lines(file(folder, entry, "results"))
        bad = {each["vector"] for each in results if each["word"] not in GOOD and not APART & each.keys()}
        found[entry["name"]] = frozenset(bad | set(entry.get("unput", ())))
    for entry in run["boots"]:
        bad_boot = entry["outcome"] not in ("pass", "warn")
        found[f"{entry['image']}/{entry['scenario']}"] = frozenset("*" if bad_boot else "")
    for kind in LEFT:
        found |= {each["name"]: frozenset("*") for each in run.get(kind, [])}
    return {name: ids for name, ids in found.items() if ids}


def names(run: Mapping[str, Any], bad: Iterable[str]) -> list[str]:
    """NAMEs by which those are asked for."""
    entries = [*_implementations(run), *(each for kind in LEFT for each in run.get(kind, ()))]
    asked = {entry["name"]: entry.get("asked", entry["name"]) for entry in entries}
    return [asked.get(name, name) for name in bad]
