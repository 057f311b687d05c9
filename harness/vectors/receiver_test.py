"""All receiver vectors before the reference receiver, over real sockets; and adapters that fail."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from harness.adapter import AdapterFault
from harness.vectors import confirmation, receiver
from harness.vectors.vector import Vector, read

VECTORS = read("receiver")
FEW = read("receiver", only=["receiver/unknown/*"])[:3]

# A receiver in which something is wrong at the second vector.
ADAPTER = """
import json, os, sys
listened = 0
for line in sys.stdin:
    request = json.loads(line)
    answer = {"seq": request["seq"]}
    if request["do"] == "start":
        answer |= {"name": "bad", "version": "1", "role": "receiver"}
    elif request["do"] == "listen":
        listened += 1
        answer["unsupported"] = "it hears nothing"
        if listened == 2:
            FAULT
    elif request["do"] != "stop":
        answer["unsupported"] = "unknown"
    print(json.dumps(answer), flush=True)
    if request["do"] == "stop":
        break
"""


def outcomes_of(fault: str, vectors: list[Vector], folder: Path) -> list[str]:
    command = [sys.executable, "-c", ADAPTER.replace("FAULT", fault)]
    return [each["outcome"] for each in receiver.run(command, vectors, folder).all]


def test_the_reference_is_as_every_text_has_it(tmp_path: Path) -> None:
    outcomes = receiver.run(receiver.reference("documented"), VECTORS, tmp_path)
    grades = confirmation.grade(outcomes.write(tmp_path / "reference.jsonl"))
    assert len(grades) == len(VECTORS)
    by_text = [each for each in grades if each["level"] in ("must", "should")]
    assert [each["vector"] for each in by_text if each["verdict"] != "pass"] == []


@pytest.mark.parametrize(
    ("fault", "expected"), [("os._exit(3)", "crash"), ("answer = {'seq': -1}", "nonsense")]
)
def test_an_adapter_that_fails_is_started_anew(fault: str, expected: str, tmp_path: Path) -> None:
    assert outcomes_of(fault, FEW, tmp_path) == ["unsupported", expected, "unsupported"]


def test_an_adapter_that_is_none_is_not_trusted(tmp_path: Path) -> None:
    with pytest.raises(AdapterFault):
        receiver.run([sys.executable, "-c", "print('hello')"], FEW, tmp_path)
