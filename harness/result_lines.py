"""What a run of implementations says of each vector, a line each: for readers, and made of nothing but what was judged.

A line of a vector that was not met has what is needed to look into it: what was put, what would conform, what was seen,
and the command that shows it again.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import Any

from harness.expectations import GOOD, Result
from harness.graded import Graded
from harness.vectors import vector
from vm import installation

Line = dict[str, Any]


def lines(graded: Graded, profile: str | None) -> Iterator[Line]:
    vectors = {each.id: each.content for each in vector.read(graded.outcomes.role)}
    grades = {each["vector"]: each for each in graded.grades if "vector" in each}
    for result in graded.results:
        line = told(graded, result, grades[result.vector])
        if result.word not in GOOD:
            content = vectors[result.vector]
            line |= {"note": content["note"], "put": put(content), "again": again(graded, result, profile)}
        yield line


def told(graded: Graded, result: Result, grade: Line) -> Line:
    """What there is to say of any, whatever was put and whatever came of it."""
    line: Line = {
        "vector": result.vector,
        "requirements": list(result.requirements),
        **({"level": grade["level"]} if "level" in grade else {}),
        "word": result.word,
        "seen": result.seen,
    }
    if result.vector in graded.advisory:
        line["advisory"] = True
    if entry := graded.account.foreseen.get(result.vector):
        line["foreseen"] = {"outcome": entry.outcome, "reason": entry.reason}
        line["foreseen"] |= {"link": entry.link} if entry.link else {}
    if result.word not in GOOD and (expected := grade.get("expected")):  # of a good one the word is all
        line["expected"] = expected
    return line


def put(content: Line) -> list[str]:
    """What was put before it, a line a thing, as the vector has it."""
    told = [f"{name}: {_json(content[name])}" for name in ("service", "environment") if name in content]
    return told + [_json(step) for step in content["steps"]]


def again(graded: Graded, result: Result, profile: str | None) -> str:
    """The command line that shows the same, whatever is expected."""
    return f"{again_prefix(graded, profile)} --only {shlex.quote(result.vector)}"


def again_prefix(graded: Graded, profile: str | None) -> str:
    """The same for all of its vectors: `--only` and the name of one makes it that one's."""
    words = [*installation.call_from_here(), graded.implementation.asked(graded.name), "--strict"]
    return shlex.join(words + (["--profile", profile] if profile else []))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
