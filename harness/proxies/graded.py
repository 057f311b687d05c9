"""What became of one proxy, in the words of other implementations: results, and what was expected of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from harness.expectations import Result
from harness.graded import Graded, circumstances, hold
from harness.implementation import Implementation
from harness.proxies import case as cases
from harness.proxies.case import ROLE, Case
from harness.proxies.trial import Tried
from harness.selection import Selection
from harness.suite_lock import SuiteLock
from harness.vectors.outcomes import Outcomes

Grade = dict[str, Any]
# Without which there is nothing to grade (trial.py).
PROOF = {"an unknown request": "refused", "a command that is not there": "refused"}


def grade(
    tried: Tried,
    name: str,
    implementation: Implementation,
    put: Sequence[Case],
    *,
    strict: bool = False,
    lock: SuiteLock | None = None,
    selection: Selection = Selection(),
) -> Graded:
    grades = [
        each
        for case in put
        for each in _grades(case, tried)
        if "requirement" not in each or selection.takes_part(name, case, each["requirement"], each["level"])
    ]
    found = [
        Result(each["vector"], tuple(each["requirements"]), each["word"], each.get("seen", ""))
        for each in grades
    ]
    advisory = frozenset() if lock is None else frozenset(_newer(found, put, lock))
    account = hold(
        implementation,
        [each for each in found if each.vector not in advisory],
        known_ids(),
        circumstances(tried.version, None),
        strict=strict,
        lock=lock,
        partial=() if len(put) == len(cases.read()) else [row["id"] for row in cases.requirements()],
    )
    outcomes = Outcomes(implementation.name, tried.version, ROLE, [])
    asked = [case.id for case in put]
    return Graded(
        name, implementation, outcomes, grades, found, account, tried.seconds, PROOF, asked, advisory
    )


def _newer(found: Sequence[Result], put: Sequence[Case], lock: SuiteLock) -> Iterator[str]:
    """A case that came to nothing counts if something of it was adopted."""
    whole = {case.id for case in put}
    for each in found:
        adopted = each.vector in lock.cases
        if each.vector in whole:
            adopted = any(one.startswith(f"{each.vector}/") for one in lock.cases)
        if not adopted:
            yield each.vector


def known_ids() -> list[str]:
    """What an expectation can speak of: case and requirement, or the requirement alone."""
    asked = [row["id"] for row in cases.requirements()]
    return [*cases.parts(), *(case.id for case in cases.read()), *asked]


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
            "vector": cases.part(case.id, requirement),
            "requirements": [requirement],
            "word": line["verdict"],
        }
