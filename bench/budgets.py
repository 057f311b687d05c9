"""Budgets: what each case may cost, as committed in budgets/KEY.toml; and what has changed since.

A change in either direction over the limit is exit code 3: who makes something faster lowers its budget, so that the
next loss is seen.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.counts import Count, Counts

FOLDER = Path(__file__).parent / "budgets"
LIMIT = 0.01  # of the instructions; everything else must be equal
MEMBERS = ("messages", "instructions", "system_calls", "allocations", "fds")


class BudgetRefused(Exception):
    """A file of budgets that cannot be read."""


@dataclass(frozen=True)
class Change:
    """`member` of MEMBERS; None: the case is new, or gone."""

    case: str
    member: str
    budget: int | None
    now: int | None

    @property
    def is_over(self) -> bool:
        """Whether it is reason enough to stop."""
        if self.budget is None or self.now is None or self.member != "instructions":
            return True
        return abs(self.now - self.budget) > LIMIT * self.budget

    @property
    def text(self) -> str:
        if self.budget is None:
            return f"{self.case}: has no budget"
        if self.now is None:
            return f"{self.case}: has a budget, and is not there any more"
        ratio = f", {self.now / self.budget - 1:+.1%}" if self.budget else ""
        return f"{self.case}: {self.member} {self.budget} -> {self.now}{ratio}"


def path_of(key: str, folder: Path = FOLDER) -> Path:
    return folder / f"{key}.toml"


def read(key: str, folder: Path = FOLDER) -> Mapping[str, Count] | None:
    """None where there are none for such a build. Raises BudgetRefused."""
    path = path_of(key, folder)
    if not path.exists():
        return None
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: Count(**values) for name, values in content["cases"].items()}
    except (ValueError, KeyError, TypeError) as error:
        raise BudgetRefused(f"{path}: {error}") from error


def write(counts: Counts, folder: Path = FOLDER) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        "# What each case costs, of all its messages together: `./run bench --write-budgets` on such a build."
    ]
    for name in sorted(counts.cases):
        lines += ["", f'[cases."{name}"]']
        lines += [f"{member} = {getattr(counts.cases[name], member)}" for member in MEMBERS]
    path = path_of(counts.key, folder)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def compare(budget: Mapping[str, Count], now: Mapping[str, Count]) -> list[Change]:
    """All that differs, by case."""
    changes = []
    for name in sorted({*budget, *now}):
        before, after = budget.get(name), now.get(name)
        if before is None or after is None:
            changes.append(Change(name, "case", *(None if each is None else 1 for each in (before, after))))
            continue
        for member in MEMBERS:
            values = getattr(before, member), getattr(after, member)
            if values[0] != values[1]:
                changes.append(Change(name, member, *values))
    return changes
