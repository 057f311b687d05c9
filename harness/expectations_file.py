"""expectations.toml beside an adapter.toml: read strictly, and written so that the same is read again."""

from __future__ import annotations

import datetime
import json
import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from harness.expectations import CONDITIONS, OUTCOMES, Expectation

NAME = "expectations.toml"
MEMBERS = ("id", "outcome", "reason", "link", "when", "until")
HEAD = """# What is known to go otherwise here, and why; harness/implementations/README.md has the members.
"""


class ExpectationsRefused(Exception):
    """The file is not what it should be: it is named, with the entry and the member."""


def read(folder: Path) -> list[Expectation]:
    """Those of an implementation; none where there is no file. Raises ExpectationsRefused."""
    path = folder / NAME
    if not path.exists():
        return []
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as failure:
        raise ExpectationsRefused(f"{path}: {failure}") from None
    rows = table.pop("expectation", [])
    if table or not isinstance(rows, list):
        raise ExpectationsRefused(
            f"{path}: {next(iter(table), 'expectation')}: only [[expectation]] is known"
        )
    out = []
    for number, row in enumerate(rows, 1):
        try:
            out.append(_entry(row))
        except ValueError as wrong:
            raise ExpectationsRefused(f"{path}: entry {number}: {wrong}") from None
    return out


def _entry(row: Mapping[str, Any]) -> Expectation:
    for member in row:
        if member not in MEMBERS:
            raise ValueError(f"{member}: unknown; there are {', '.join(MEMBERS)}")
    ids = _texts(row, "id")
    outcome, reason, link = (_text(row, member) for member in ("outcome", "reason", "link"))
    if outcome not in OUTCOMES:
        raise ValueError(f"outcome: one of {', '.join(OUTCOMES)} expected")
    if not reason:
        raise ValueError("reason: missing")
    when = row.get("when", {})
    if not isinstance(when, dict) or not set(when) <= set(CONDITIONS):
        raise ValueError(f"when: a table of {', '.join(CONDITIONS)} expected")
    until = row.get("until")
    if until is not None and type(until) is not datetime.date:
        raise ValueError("until: a date expected, 2027-01-31")
    return Expectation(ids, outcome, reason, link, {name: _texts(when, name) for name in when}, until)


def _text(row: Mapping[str, Any], member: str) -> str:
    value = row.get(member, "")
    if not isinstance(value, str):
        raise ValueError(f"{member}: a string expected")
    return value


def _texts(row: Mapping[str, Any], member: str) -> tuple[str, ...]:
    """A string, or an array of them."""
    value = row.get(member, [])
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not texts or not all(isinstance(each, str) and each for each in texts):
        raise ValueError(f"{member}: a string, or an array of strings, expected")
    return tuple(texts)


def require_writable(folder: Path) -> None:
    """Before a run that ends with `write`. Raises ExpectationsRefused."""
    path = folder / NAME
    read(folder)
    try:  # a question of rights alone would not tell of all that can be in the way
        with path.open("r+") if os.path.lexists(path) else TemporaryFile(dir=folder):
            pass
    except OSError as failure:
        raise ExpectationsRefused(f"{path}: cannot be written: {failure.strerror}") from None


def write(folder: Path, entries: Sequence[Expectation]) -> Path:
    """The comment at the top of the file stays."""
    path = folder / NAME
    head = HEAD
    if path.exists():
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        first = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
        head = "".join(lines[:first]) or HEAD
    path.write_text(head + "".join(map(_written, entries)), encoding="utf-8")
    return path


def _written(entry: Expectation) -> str:
    lines = ["", "[[expectation]]", f"id = {_array(entry.ids)}"]
    lines += [f"outcome = {_quoted(entry.outcome)}", f"reason = {_quoted(entry.reason)}"]
    if entry.link:
        lines.append(f"link = {_quoted(entry.link)}")
    if entry.when:
        pairs = ", ".join(f"{name} = {_array(globs)}" for name, globs in entry.when.items())
        lines.append(f"when = {{ {pairs} }}")
    if entry.until:
        lines.append(f"until = {entry.until.isoformat()}")
    return "\n".join(lines) + "\n"


def _array(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return _quoted(texts[0])
    return "[\n" + "".join(f"  {_quoted(each)},\n" for each in texts) + "]"


def _quoted(text: str) -> str:
    """JSON's escapes are TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
