"""fixtures/kills.jsonl: one line a bug, with the vectors that kill it, or the requirements that a trace fails."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.kill.bug import FIXTURES, Bug, Mutant
from harness.kill.matrix import Kills

PATH = FIXTURES / "kills.jsonl"

Line = dict[str, Any]


def line_of(bug: Bug, kills: Kills) -> Line:
    return {"bug": bug.id, "role": bug.role, "what": bug.what, "vectors": list(kills)}


def line_of_mutant(mutant: Mutant) -> Line:
    return {
        "bug": mutant.id,
        "role": mutant.role,
        "what": mutant.what,
        "requirements": list(mutant.requirements),
    }


def read(path: Path = PATH) -> dict[str, Line]:
    """By bug."""
    if not path.exists():
        return {}
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {line["bug"]: line for line in lines}


def write(lines: Sequence[Line], path: Path = PATH) -> None:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def differences(recorded: Mapping[str, Line], now: Mapping[str, Line]) -> list[str]:
    """What is no longer as recorded, one sentence each."""
    found = []
    for bug, line in now.items():
        before = recorded.get(bug)
        if before == line:
            continue
        if before is None:
            found.append(f"{bug}: it is not recorded")
            continue
        found += [f"{bug}: {vector} no longer kills it" for vector in _lost(before, line)]
        found += [f"{bug}: {vector} kills it, too" for vector in _lost(line, before)]
        if not _lost(before, line) and not _lost(line, before):
            found.append(f"{bug}: it is told otherwise")
    return found


def _lost(before: Line, after: Line) -> list[str]:
    kept = set(after.get("vectors", after.get("requirements", [])))
    return [each for each in before.get("vectors", before.get("requirements", [])) if each not in kept]
