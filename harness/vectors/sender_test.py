"""Senders before the vectors: the reference meets all of them, and real ones do what is recorded of them."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.exit_code import ExitCode
from harness.vectors import sender
from harness.vectors.vector import Vector, read
from vm import image

SOME = ("sender/reload/*", "sender/pid/*", "sender/unset/*", "sender/fds/254*")


def one(grades: Sequence[dict[str, Any]], vector: str) -> dict[str, Any]:
    (found,) = (grade for grade in grades if grade["vector"] == vector)
    return found


def altered(vector: Vector) -> Vector:
    """With something else on record of systemd 257 than was seen."""
    content = copy.deepcopy(vector.content)
    content["systemd"]["257"]["returns"] = ["zero"]
    return replace(vector, content=content)


def test_the_reference_meets_every_vector(tmp_path: Path) -> None:
    vectors = read("sender")
    (reference,) = sender.reference(vectors, tmp_path)
    assert len(reference.grades) == len(vectors)
    assert {grade["as_described"] for grade in reference.grades} == {True}
    assert reference.code() == ExitCode.CONFORMS


def test_a_vector_that_it_does_not_meet_is_seen(tmp_path: Path) -> None:
    (vector,) = read("sender", only=["sender/bytes/ready"])
    vector.content["steps"][0]["state"] = "READY=0"  # what is sent; the file that is graded by is another
    (reference,) = sender.reference([vector], tmp_path)
    assert one(reference.grades, vector.id)["verdict"] == "fail"
    assert reference.code() == ExitCode.DOES_NOT_CONFORM


@pytest.mark.boots
def test_a_real_one_does_what_is_recorded_of_it(tmp_path: Path) -> None:
    vectors = read("sender", only=SOME)
    library, command = sender.real(vectors, image.find("257"), tmp_path)
    assert (library.code(), command.code(), library.differs) == (ExitCode.CONFORMS, ExitCode.CONFORMS, [])
    assert len(library.conclusions()) == len([each for each in vectors if "unobserved" not in each.content])
    begin = one(library.grades, "sender/reload/begin")
    assert begin["conclusion"]["arrived"] == [{"data": "RELOADING=1\nMONOTONIC_USEC=${usec}"}]


@pytest.mark.boots
def test_a_record_that_is_not_true_is_named(tmp_path: Path) -> None:
    vectors = [
        altered(vector) for vector in read("sender", only=["sender/bytes/ready", "sender/bytes/quotes"])
    ]
    library, _ = sender.real(vectors, image.find("257"), tmp_path)
    assert library.code() == ExitCode.BASELINE
    assert [words.partition(":")[0] for words in library.differs] == [vector.id for vector in vectors]
