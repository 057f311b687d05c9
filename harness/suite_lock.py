"""suite.lock: the cases that a user has adopted. What the suite has beyond them is run and told, and fails nobody.

So a newer suite never turns somebody's CI red by surprise; and what it asks anew is seen, until it is adopted.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from harness import judgement
from harness.proxies import case as cases
from harness.proxies.case import ROLE
from harness.vectors import vector

NOTHING_COUNTS = "nothing of what was judged is adopted in suite.lock, so nothing counts"
NAME = "suite.lock"  # beside an adapter.toml it is taken without being named
HEAD = """# The cases of notifyspec that count here. Newer ones are told of, and fail nobody, until it is written anew:
# {gate} --write-lock {name}
"""


class LockRefused(Exception):
    """The file is no lock: it is named, with what is wrong."""


@dataclass(frozen=True)
class SuiteLock:
    path: Path
    suite: str  # version that it was written by
    cases: frozenset[str]

    def unknown(self) -> list[str]:
        """What this suite does not have: a lock that names it is no longer true."""
        return sorted(self.cases - set(known()))

    def untrue(self) -> list[str]:
        """The same in words, for a run as a whole."""
        unknown = self.unknown()
        return [f"{self.path.name}: there is no {', '.join(unknown)}"] if unknown else []


@cache
def known() -> tuple[str, ...]:
    """All that can be adopted: vectors, what is asked of each case of proxies, and requirements of boots."""
    vectors = [json.loads(line)["id"] for line in judgement.vectors(vector.FOLDER).splitlines()]
    boots = [row["id"] for row in judgement.requirements() if row["role"] != ROLE]
    return tuple(sorted({*vectors, *cases.parts(), *boots}))


def read(path: Path) -> SuiteLock:
    """Raises LockRefused."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as failure:
        raise LockRefused(f"{path}: {failure.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as failure:
        raise LockRefused(f"{path}: no {NAME}, as --write-lock writes it: {failure}") from None
    for member in table:
        if member not in ("suite", "cases"):
            raise LockRefused(f"{path}: {member}: unknown; there are suite and cases")
    suite, some = table.get("suite"), table.get("cases")
    if not isinstance(suite, str):
        raise LockRefused(f"{path}: suite: the version that wrote it expected, a string")
    if not isinstance(some, list) or not all(isinstance(each, str) for each in some):
        raise LockRefused(f"{path}: cases: an array of ids expected")
    return SuiteLock(path, suite, frozenset(some))


def beside(folder: Path) -> SuiteLock | None:
    """The one in the folder of an implementation, if there is one."""
    return read(folder / NAME) if (folder / NAME).exists() else None


def write(path: Path, gate: str, adopted: Iterable[str]) -> None:
    lines = [f"suite = {json.dumps(judgement.version())}", "cases = ["]
    lines += [f"  {json.dumps(each)}," for each in adopted]
    path.write_text(
        HEAD.format(gate=gate, name=path.name) + "\n".join([*lines, "]"]) + "\n", encoding="utf-8"
    )
