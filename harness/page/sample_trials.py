"""A run of many implementations to look at and to test with: as large as such a run may become, made by code.

Verdicts stand in for the judge's, and are spread by a fixed rule, so that each kind of outcome has its place.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

IMPLEMENTATIONS, REQUIREMENTS, CASES = 40, 120, 2000
LEVELS = ("must", "must", "must", "should", "observed")
DATA = ("READY=1", "STATUS=läuft\nREADY=1", "X_A=\u0000\u001b[31m", "MAINPID=1\nSTATUS=" + "a" * 700)

Line = dict[str, Any]


def write_sample(
    folder: Path, implementations: int = IMPLEMENTATIONS, requirements: int = REQUIREMENTS, cases: int = CASES
) -> Path:
    asked = [_requirement(number) for number in range(requirements)]
    put = [_case(number, asked[number % requirements]) for number in range(cases)]
    entries = [_implementation(folder, number, put, asked) for number in range(implementations)]
    run = {
        "format": 1,
        "suite": "0.1.0",
        "started": "2026-11-28T12:00:00Z",
        "host": {"kernel": "6.18", "machine": "x86_64"},
        "profile": None,
        "exit_code": 1,
        "counts": {},
        "boots": [],
        "implementations": entries,
        "skipped": [{"name": "absent", "reason": "this machine has no usr/lib/absent"}],
        "faulty": [],
        "broken": [],
    }
    _write(folder / "requirements.jsonl", asked)
    _write(folder / "cases.jsonl", put)
    (folder / "run.json").write_text(json.dumps(run))
    return folder


def _requirement(number: int) -> Line:
    return {
        "id": f"sender.requirement-{number:03}",
        "role": "sender",
        "vantages": ["any"],
        "level": LEVELS[number % len(LEVELS)],
        "since": 209,
        "source": {"document": "sd_notify(3)", "section": "Notes", "version": "262"},
        "text": f"What arrives is what the caller gave, and nothing else: the {number}th of these sentences.",
        "entails": [],
    }


def _case(number: int, requirement: Line) -> Line:
    return {
        "vector": f"sender/area-{number % 17}/case-{number:04}",
        "role": "sender",
        "requirements": [requirement["id"]],
        "level": requirement["level"],
        "note": f"Why the {number}th case matters.",
        "environment": "${path}",
        "steps": [{"call": "notify", "state": DATA[number % len(DATA)]}],
        "expect": [{"arrived": [{"data": DATA[number % len(DATA)]}]}],
    }


def _word(implementation: int, case: int, level: str) -> str:
    at = implementation * 7919 + case * 104729
    if level == "observed":
        return "skip"
    if at % 23 == 0:
        return "fail" if level == "must" else "warn"
    return "unsupported" if at % 19 == 0 else "crash" if at % 997 == 0 else "pass"


def _results(implementation: int, cases: Sequence[Line]) -> Iterator[tuple[Line, Line]]:
    """Result and grade of each case."""
    for number, case in enumerate(cases):
        word = _word(implementation, number, case["level"])
        told = {"vector": case["vector"], "requirements": case["requirements"], "level": case["level"]}
        seen = (
            f'arrived "READY={implementation}" of implementation {implementation}'
            if word == "fail"
            else "arrived"
        )
        result = told | {"word": word, "seen": seen}
        if word == "fail" and number % 2:
            result["foreseen"] = {"outcome": "fail", "reason": f"a known mistake of number {implementation}"}
        if word in ("fail", "warn", "crash"):
            again = f"./run gate implementation-{implementation:02} --strict --only {case['vector']}"
            result |= {"expected": "arrived", "note": case["note"], "put": [json.dumps(case["steps"][0])]}
            result["again"] = again
        verdict = "fail" if word == "crash" else "skip" if word == "unsupported" else word
        grade = {"outcomes": "o"} | told | {"verdict": verdict, "expected": "arrived as it was given"}
        arrived = case["steps"][0]["state"] if word != "fail" else f"READY={implementation}"
        yield result, grade | {"conclusion": {"arrived": [{"data": arrived}], "environment": "set"}}


def _implementation(folder: Path, number: int, cases: Sequence[Line], asked: Sequence[Line]) -> Line:
    name = f"implementation-{number:02}"
    both = list(_results(number, cases))
    results, grades = [each for each, _ in both], [each for _, each in both]
    _write(folder / "results" / f"{name}.jsonl", results)
    _write(folder / "grades" / f"{name}.jsonl", [*grades, *_met(grades, asked)])
    counts = Counter(("expected " if "foreseen" in each else "") + each["word"] for each in results)
    return {
        "name": name,
        "implementation": name,
        "version": f"{number}.1",
        "role": "sender",
        "exit_code": 1,
        "seconds": 1.5,
        "counts": dict(counts),
        "expectations": [],
        "proof": {"sender/proof/right": "pass"},
        "unput": [],
        "again": f"./run gate {name} --strict",
        "outcomes": f"outcomes/{name}.jsonl",
        "grades": f"grades/{name}.jsonl",
        "results": f"results/{name}.jsonl",
    }


def _met(grades: Iterable[Line], asked: Sequence[Line]) -> Iterator[Line]:
    by_requirement: dict[str, list[str]] = {}
    for each in grades:
        by_requirement.setdefault(each["requirements"][0], []).append(each["verdict"])
    for each in asked:
        verdicts = by_requirement.get(each["id"], [])
        worst = next((word for word in ("fail", "warn", "pass") if word in verdicts), "skip")
        told = {"outcomes": "o", "requirement": each["id"], "level": each["level"], "verdict": worst}
        if verdicts:
            yield told | {"vectors": len(verdicts), "as_described": verdicts.count("pass")}


def _write(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    write_sample(Path(sys.argv[1]))
