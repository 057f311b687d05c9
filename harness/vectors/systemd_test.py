"""Vectors before a real systemd 257, as PID 1 and as user manager: what it is told by whom, and what it concludes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.exit_code import ExitCode
from harness.vectors import confirmation, receiver, systemd
from harness.vectors.confirmation import Confirmation
from harness.vectors.manager import MANAGERS, SYSTEM, USER_MANAGER, Manager
from harness.vectors.outcomes import Outcomes
from harness.vectors.vector import Vector, read
from vm import image as images

AREAS = (
    "receiver/credentials/*",
    "receiver/barrier/*",
    "receiver/fdstore/*",
    "receiver/unknown/with-fds",
    "receiver/framing/backslash-*",
    "receiver/main-pid/stranger-*",
    "receiver/reload/*",
)


def asked(manager: Manager) -> list[Vector]:
    vectors = read("receiver", only=AREAS)
    return [each for each in vectors if "unobserved" not in each.content and not manager.cannot(each)]


@pytest.fixture(scope="module", params=MANAGERS, ids=["257", "257-user"])
def manager(request: pytest.FixtureRequest) -> Manager:
    return request.param


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory, manager: Manager) -> Path:
    folder = tmp_path_factory.mktemp("vectors")
    image = images.find("257")
    confirmed = systemd.confirm(asked(manager), image, folder, manager)
    assert ({line["outcome"] for line in confirmed.outcomes}, confirmed.ours) == ({"concluded"}, {})
    return Outcomes("systemd", image.systemd, "receiver", confirmed.outcomes).write(folder / "257.jsonl")


def test_it_concludes_what_the_vectors_record(outcomes: Path, manager: Manager) -> None:
    vectors = {each.id: each for each in asked(manager)}
    grades = [each for each in confirmation.grade(outcomes) if "conclusion" in each]
    assert len(grades) == len(vectors) > 10
    for grade in grades:
        assert grade["conclusion"] == vectors[grade["vector"]].recorded(f"257{manager.suffix}"), grade[
            "vector"
        ]


def test_a_user_manager_is_told_apart() -> None:
    """So that the test before this one would see a run that asked PID 1 for both."""
    (vector,) = read("receiver", only=["receiver/main-pid/stranger-by-privileged"])
    assert vector.recorded("257") != vector.recorded("257-user")


def test_nobody_is_another_user_before_a_user_manager() -> None:
    (vector,) = read("receiver", only=["receiver/main-pid/named-by-other-uid"])
    assert SYSTEM.cannot(vector) is None
    assert "another user" in (USER_MANAGER.cannot(vector) or "")


def test_no_must_is_broken(outcomes: Path) -> None:
    assert not [each for each in confirmation.grade(outcomes) if each["verdict"] == "fail"]


def test_the_model_of_that_version_agrees(outcomes: Path, manager: Manager, tmp_path: Path) -> None:
    vectors = asked(manager)
    model = receiver.run(receiver.reference("systemd-257"), vectors, tmp_path, uid=manager.uid).write(
        tmp_path / "model.jsonl"
    )
    grades = confirmation.grade(model, "--against", outcomes)
    assert len(grades) == len(vectors)
    assert not [each for each in grades if each["verdict"] != "pass"]


def test_a_player_that_dies_is_our_fault_and_known_at_once(tmp_path: Path) -> None:
    """That of a vector which it cannot read ends with 2. Systemd has done nothing wrong, and the other is played."""
    broken, good = read("receiver", only=["receiver/unknown/*"])[:2]
    path = tmp_path / "broken.json"
    path.write_text("{}")
    image = images.find("257")
    confirmed = systemd.confirm([replace(broken, path=path), good], image, tmp_path)
    assert confirmed.ours == {broken.id: "its player died: exit-code exited 2"}
    assert [line["vector"] for line in confirmed.outcomes] == [good.id]
    file = Outcomes("systemd", image.systemd, "receiver", confirmed.outcomes).write(tmp_path / "257.jsonl")
    grades = confirmation.grade(file, "--only", broken.id, "--only", good.id)
    told = Confirmation("257", [broken, good], grades, "257", ours=confirmed.ours)
    assert (told.code(), told.differs) == (ExitCode.ENVIRONMENT, [])


def test_a_system_that_says_nothing_is_asked_vector_by_vector(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The first boot of all brings nothing, and of the boots for one vector the second."""
    vectors = read("receiver", only=["receiver/unknown/*"])[:2]
    boots = []

    def play(which: list, _image: object, _console: Path, _manager: object) -> systemd.Played:
        boots.append([each.id for each in which])
        good = len(boots) == 2
        outcome = {which[0].id: {"vector": which[0].id, "outcome": "concluded", "conclusion": {}}}
        return systemd.Played(outcome if good else {}, "Caught <SEGV>", crashed=len(boots) == 3)

    monkeypatch.setattr(systemd, "play", play)
    seen = systemd.confirm(vectors, images.find("257"), tmp_path).outcomes
    assert boots == [[vectors[0].id, vectors[1].id], [vectors[0].id], [vectors[1].id]]
    assert [line["outcome"] for line in seen] == ["concluded", "crash"]
    assert seen[1]["reason"] == "Caught <SEGV>"
