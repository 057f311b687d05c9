"""Which of all cases are run: by id, level and role, by shard, and because they were not met in another run.

A case is a vector, a case of proxies, or a requirement of boots; a glob names it by its own id, or by that of a
requirement that it has to do with.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Self, TypeVar

from harness import judgement
from harness.proxies import case as cases
from harness.proxies.case import Case
from harness.vectors import vector
from harness.vectors.vector import Vector

LEAVES_NOTHING = "leaves nothing to run"
HINT = "ids are as in sender/bytes/ready, sender.exact-bytes and boot.ready.sent: --list shows those of what is named"

Each = TypeVar("Each")


@dataclass(frozen=True)
class Shard:
    """One of several equal parts; each case is in exactly one of them."""

    number: int  # from 1 on
    parts: int

    @classmethod
    def read(cls, text: str) -> Self:
        number, _, parts = text.partition("/")
        if not (number.isdecimal() and parts.isdecimal() and 1 <= int(number) <= int(parts)):
            raise argparse.ArgumentTypeError(f"{text!r} is no part of a whole: 1/4 to 4/4 are")
        return cls(int(number), int(parts))

    def of(self, some: Sequence[Each]) -> list[Each]:
        return list(some[self.number - 1 :: self.parts])


WHOLE = Shard(1, 1)


@dataclass(frozen=True)
class Selection:
    only: Sequence[str] = ()  # globs
    levels: Sequence[str] = ()
    roles: Sequence[str] = ()
    shard: Shard = WHOLE
    failed: Mapping[
        str, frozenset[str]
    ] | None = None  # by implementation or boot, what was not met; "*" is all

    def vectors(self, name: str, role: str) -> list[Vector]:
        """Those that are put before the implementation of that name."""
        found = [
            each for each in vector.read(role) if self._takes(name, each.id, each.requirements, each.level)
        ]
        return self.shard.of(found)

    def proxy_cases(self, name: str) -> list[Case]:
        """Those of which something is asked."""
        rows = cases.requirements()
        found = [
            case
            for case in cases.read()
            if any(self.takes_part(name, case, row["id"], row["level"]) for row in rows)
        ]
        return self.shard.of(found)

    def takes_part(self, name: str, case: Case, requirement: str, level: str) -> bool:
        """What one requirement says of a case of proxies."""
        part = cases.part(case.id, requirement)
        return self._takes(name, part, [requirement, case.id], level)

    def for_judge(self) -> list[str]:
        """For `notifyspec judge`: which requirements a boot is asked for."""
        options = (("--only", self.only), ("--level", self.levels), ("--role", self.roles))
        return [f"{option}={each}" for option, some in options for each in some]

    def asks_of_boots(self) -> bool:
        """Whether any requirement that a boot may be judged by is asked for."""
        return any(
            (not self.only or any(fnmatchcase(row["id"], glob) for glob in self.only))
            and (not self.levels or row["level"] in self.levels)
            and (not self.roles or row["role"] in self.roles)
            for row in judgement.requirements()
            if row["role"] != cases.ROLE
        )

    def left_nothing(self) -> str:
        """Why there is nothing to run."""
        words = [f"--only {each}" for each in self.only]
        words += [f"--level {each}" for each in self.levels] + [f"--role {each}" for each in self.roles]
        if self.shard != WHOLE:
            words.append(f"--shard {self.shard.number}/{self.shard.parts}")
        return f"{' '.join(words) or 'what is named'} {LEAVES_NOTHING}; {HINT}"

    def _takes(self, name: str, id_: str, requirements: Iterable[str], level: str) -> bool:
        ids = [id_, *requirements]
        if self.levels and level not in self.levels:
            return False
        if self.only and not any(fnmatchcase(each, glob) for each in ids for glob in self.only):
            return False
        if self.failed is None:
            return True
        failed = self.failed.get(name, frozenset())
        return "*" in failed or any(each in failed for each in ids)


def of(options: argparse.Namespace) -> Selection:
    return Selection(
        tuple(options.only), tuple(options.level), tuple(options.role), options.shard, options.failed
    )
