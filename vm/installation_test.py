"""A source tree, and what an installation says of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from vm import installation


def test_a_source_tree_has_its_build_and_its_runs_in_it(tmp_path: Path) -> None:
    found = installation.read(tmp_path)
    assert found.gate == ("./run", "gate")
    assert found.commands == found.programs == tmp_path / "build" / "release"
    assert found.runs == tmp_path / "out" / "gate"


def test_an_installation_writes_nothing_beside_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = tmp_path / "share" / "notifyspec"
    share.mkdir(parents=True)
    (share / installation.RECORD).write_text(
        'commands = "../../bin"\nprograms = "../../libexec/notifyspec"\n'
    )
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    found = installation.read(share)
    assert found.gate == ("notifyspec-gate",)
    assert (found.commands, found.programs) == (tmp_path / "bin", tmp_path / "libexec" / "notifyspec")
    assert not found.runs.is_absolute()
    assert found.made == tmp_path / "cache" / "notifyspec" / "made"


def test_this_is_a_source_tree() -> None:
    assert installation.HERE == installation.read(Path(__file__).parent.parent)
    assert installation.GATE == "./run gate"


def test_from_another_folder_it_is_called_by_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(installation.ROOT)
    assert installation.call_from_here() == ["./run", "gate"]
    monkeypatch.chdir(tmp_path)
    program, command = installation.call_from_here()
    assert (Path(program).resolve(), command) == (installation.ROOT / "run", "gate")
