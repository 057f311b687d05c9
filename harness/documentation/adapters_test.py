"""What the page for implementers shows is as it says: its conversations keep to the schema, its receiver conforms."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from fixtures.vector_schema_test import validator
from harness.documentation import page
from harness.exit_code import ExitCode
from harness.gate import main
from vm.installation import ROOT

PAGE = ROOT / "harness" / "implementations" / "README.md"
ONLY = [
    "--only",
    "receiver/lifecycle/*",
    "--only",
    "receiver/unknown/*",
    "--only",
    "receiver/barrier/of-another-uid",
]


def test_each_line_of_a_conversation_keeps_to_the_schema() -> None:
    lines = [line for block in page.blocks(PAGE, "json") for line in block.splitlines()]
    assert len(lines) > 12
    for line in lines:
        validator("adapter.schema.json").validate(json.loads(line))


@pytest.fixture
def receiver(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    folder.mkdir()
    (program,) = page.blocks(PAGE, "python")
    (folder / "adapter.py").write_text(program)
    (folder / "adapter.toml").write_text(
        'role = "receiver"\ncommand = ["/usr/bin/python3", "{folder}/adapter.py"]\n'
    )
    return folder


def test_the_receiver_of_the_page_is_put_before_the_gate_and_comes_out_as_expected(
    receiver: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It hears, and what it does not do is found; written down as expected, the same run is true."""

    def gate(name: str, *more: str) -> ExitCode:
        return main([str(receiver), *ONLY, *more, "--out", str(tmp_path / name)])

    with tempfile.TemporaryDirectory(prefix="notifyspec-", dir="/tmp") as name:  # that every user can reach
        os.chmod(name, 0o755)
        monkeypatch.setenv("TMPDIR", name)
        assert gate("first") is ExitCode.DOES_NOT_CONFORM
        assert os.listdir(name) == []
    monkeypatch.undo()
    (one,) = json.loads((tmp_path / "first" / "run.json").read_text())["implementations"]
    assert one["counts"]["pass"] > 5
    assert "search its folder" not in (tmp_path / "first" / one["grades"]).read_text()  # every user can send
    gate("second", "--write-expectations")
    assert gate("third") is ExitCode.CONFORMS


def test_the_sender_of_the_page_is_made_by_what_stands_there(tmp_path: Path) -> None:
    (made,) = [block for block in page.blocks(PAGE, "") if block.startswith("mkdir mine")]
    steps = [line for line in made.splitlines() if not line.startswith("./run")]
    (tmp_path / "harness").symlink_to(ROOT / "harness")
    subprocess.run(["sh", "-euc", "\n".join(steps)], cwd=tmp_path, check=True)
    assert {path.name for path in (tmp_path / "mine").iterdir()} >= {"adapter.py", "adapter.toml"}
