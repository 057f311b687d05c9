"""Planted bugs, of all roles: variants of the reference receiver and sender, and traces with one change.

The latter stand for managers, senders and devices that are wrong in one point; fixtures/mutants_test.py shows that
each fails the requirement that it names, and what falls with it.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import judgement

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
CORRECT = "none"
# Between the two words of a change.
TO = {
    "replace": "by",
    "replace-all": "by",
    "move": "before",
    "copy": "before",
    "forge": "before",
    "insert": "before",
    "share": "with",
    "time": "at",
    "header": "as",
}


@dataclass(frozen=True)
class Bug:
    """One that vectors are to catch."""

    role: str
    name: str
    what: str

    @property
    def id(self) -> str:
        return f"{self.role}/{self.name}"


@dataclass(frozen=True)
class Mutant:
    """A trace with one change, and what it fails."""

    id: str
    role: str
    what: str
    requirements: tuple[str, ...]


def planted() -> list[Bug]:
    return [
        Bug(row["role"], row["name"], row["what"])
        for row in map(json.loads, judgement.listing("bugs").splitlines())
    ]


def mutants(folder: Path = FIXTURES) -> list[Mutant]:
    """In the order of their file. Of several for one requirement the later ones have a number."""
    table = tomllib.loads((folder / "requirements.toml").read_text(encoding="utf-8"))["requirement"]
    requirements = {row["id"]: row for row in table}
    seen: Counter[str] = Counter()
    found = []
    for each in tomllib.loads((folder / "mutants.toml").read_text(encoding="utf-8"))["mutant"]:
        name = each["requirement"]
        seen[name] += 1
        number = f"-{seen[name]}" if seen[name] > 1 else ""
        row = requirements[name]
        fails = (name, *row.get("entails", []))
        found.append(Mutant(f"trace/{name}{number}", row["role"], _sentence(each), fails))
    return found


def _sentence(mutant: dict[str, Any]) -> str:
    ((how, what),) = mutant["change"].items()
    first, then = (what, None) if isinstance(what, str) else what
    words = f"{how} {first}" if then is None else f"{how} {first} {TO[how]} {then or 'nothing'}"
    return f"{mutant['trace']}: {words}"
