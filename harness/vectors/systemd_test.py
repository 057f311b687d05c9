"""Vectors before a real systemd 257: what it is told by whom, and what it concludes."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.vectors import confirmation, receiver, systemd
from harness.vectors.outcomes import Outcomes
from harness.vectors.vector import read
from vm import image as images

AREAS = (
    "receiver/credentials/*",
    "receiver/barrier/*",
    "receiver/fdstore/*",
    "receiver/unknown/with-fds",
    "receiver/framing/backslash-*",
)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vectors")
    vectors = [each for each in read("receiver", only=AREAS) if "unobserved" not in each.content]
    image = images.find("257")
    seen = systemd.confirm(vectors, image, folder)
    assert {line["outcome"] for line in seen} == {"concluded"}
    return Outcomes("systemd", image.systemd, "receiver", seen).write(folder / "257.jsonl")


def test_it_concludes_what_the_vectors_record(outcomes: Path) -> None:
    vectors = {each.id: each for each in read("receiver", only=AREAS)}
    grades = [each for each in confirmation.grade(outcomes) if "conclusion" in each]
    assert len(grades) > 10
    for grade in grades:
        assert grade["conclusion"] == vectors[grade["vector"]].content["systemd"]["257"], grade["vector"]


def test_no_must_is_broken(outcomes: Path) -> None:
    assert not [each for each in confirmation.grade(outcomes) if each["verdict"] == "fail"]


def test_the_model_of_that_version_agrees(outcomes: Path, tmp_path: Path) -> None:
    vectors = [each for each in read("receiver", only=AREAS) if "unobserved" not in each.content]
    model = receiver.run(receiver.reference("systemd-257"), vectors, tmp_path).write(tmp_path / "model.jsonl")
    grades = confirmation.grade(model, "--against", outcomes)
    assert len(grades) == len(vectors)
    assert not [each for each in grades if each["verdict"] != "pass"]


def test_a_system_that_says_nothing_is_asked_vector_by_vector(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The first boot of all brings nothing, and of the boots for one vector the second."""
    vectors = read("receiver", only=["receiver/unknown/*"])[:2]
    boots = []

    def play(which: list, _image: object, _console: Path) -> systemd.Played:
        boots.append([each.id for each in which])
        good = len(boots) == 2
        outcome = {which[0].id: {"vector": which[0].id, "outcome": "concluded", "conclusion": {}}}
        return systemd.Played(outcome if good else {}, "Caught <SEGV>", crashed=len(boots) == 3)

    monkeypatch.setattr(systemd, "play", play)
    seen = systemd.confirm(vectors, images.find("257"), tmp_path)
    assert boots == [[vectors[0].id, vectors[1].id], [vectors[0].id], [vectors[1].id]]
    assert [line["outcome"] for line in seen] == ["concluded", "crash"]
    assert seen[1]["reason"] == "Caught <SEGV>"
