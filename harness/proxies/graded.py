"""What became of one proxy, in the words of other implementations: results, and what was expected of them."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence
from typing import Any

from harness import expectations, expectations_file, judgement
from harness.expectations import Result
from harness.graded import Graded, circumstances
from harness.implementation import Implementation
from harness.proxies import case as cases
from harness.proxies.case import ROLE, Case
from harness.proxies.trial import Tried
from harness.vectors.outcomes import Outcomes

Grade = dict[str, Any]
# Without which there is nothing to grade (trial.py).
PROOF = {"an unknown request": "refused", "a command that is not there": "refused"}


def grade(
    tried: Tried, name: str, implementation: Implementation, put: Sequence[Case], *, strict: bool = False
) -> Graded:
    grades = [each for case in put for each in _grades(case, tried)]
    found = [
        Result(each["vector"], tuple(each["requirements"]), each["word"], each.get("seen", ""))
        for each in grades
    ]
    account = expectations.judge(
        [] if strict else expectations_file.read(implementation.folder),
        found,
        known_ids(),
        circumstances(tried.version, None),
        datetime.date.today(),
    )
    outcomes = Outcomes(implementation.name, tried.version, ROLE, [])
    return Graded(name, implementation, outcomes, grades, found, account, tried.seconds, PROOF)


def known_ids() -> list[str]:
    """What an expectation can speak of: case and requirement, or the requirement alone."""
    listed = map(json.loads, judgement.listing("requirements").splitlines())
    requirements = [each["id"] for each in listed if each["role"] == ROLE]
    put = [each.id for each in cases.read()]
    return [*(_part(case, each) for case in put for each in requirements), *put, *requirements]


def _part(case: str, requirement: str) -> str:
    """Of a case, what one requirement says of it."""
    return f"{case}/{requirement.removeprefix(f'{ROLE}.')}"


def _grades(case: Case, tried: Tried) -> Iterator[Grade]:
    if fault := tried.faults.get(case.name):
        yield {"vector": case.id, "requirements": [], "word": str(fault.kind), "seen": fault.reason}
        return
    if reason := tried.unsupported.get(case.name):
        yield {"vector": case.id, "requirements": [], "word": "unsupported", "seen": reason}
        return
    for line in tried.lines[case.name]:
        if "requirement" not in line or "as_described" not in line:
            continue
        requirement = line["requirement"]
        yield {
            **line,
            "vector": _part(case.id, requirement),
            "requirements": [requirement],
            "word": line["verdict"],
        }
