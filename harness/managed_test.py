"""A manager that is booted comes to outcomes as any receiver does; it is proved first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness import managed
from harness.exit_code import ExitCode
from harness.gate import main
from harness.implementation import ImplementationRefused, read_folder
from harness.vectors.outcomes import Outcomes

pytestmark = pytest.mark.boots


def test_pid_1_is_put_before_vectors_by_its_image(tmp_path: Path) -> None:
    out = tmp_path / "run"
    assert main(["systemd/257", "--only", "receiver/errno/*", "--out", str(out)]) is ExitCode.CONFORMS
    (one,) = json.loads((out / "run.json").read_text())["implementations"]
    assert (one["implementation"], one["version"].partition(".")[0]) == ("systemd", "257")
    assert one["counts"]["pass"] > 0


def test_one_that_calls_everything_right_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(_which: str, _image: object, vectors: list, _folder: Path) -> Outcomes:
        lines = [{"vector": each.id, "outcome": "concluded", "conclusion": {}} for each in vectors]
        return Outcomes("systemd", "257", "receiver", lines)

    monkeypatch.setattr(managed, "outcomes", nothing)
    out = tmp_path / "run"
    assert main(["systemd/257", "--only", "receiver/errno/*", "--out", str(out)]) is ExitCode.ADAPTER


def test_a_manager_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    (tmp_path / "adapter.toml").write_text('role = "receiver"\nmanager = "herald"\nplaces = ["image"]\n')
    with pytest.raises(ImplementationRefused, match="manager: system or user expected"):
        read_folder(tmp_path)
