"""Each command in the documentation is run: here, by a test that commands.toml names, or, with a reason, by people.

`./run COMMAND` hands over to a module; that is called here, since the packages and the build that come before it are
there where tests run. The door itself is opened in harness/ci_test.py and, for each command's help, in
understood_test.py.
"""

from __future__ import annotations

import ast
import importlib
import os
import shlex
import shutil
import string
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from harness.documentation import page
from harness.exit_code import ExitCode
from harness.gate import main as gate
from vm import image as images
from vm.installation import ROOT

TABLE = tomllib.loads(Path(__file__).with_name("commands.toml").read_text(encoding="utf-8"))
# What `./run` hands over to.
MODULES = {
    "gate": "harness.gate",
    "vectors": "harness.vectors.__main__",
    "kill": "harness.kill.__main__",
    "fuzz": "fuzz.campaign",
}
RUNS_NOTHING = {"--list", "--write-lock"}
TRACE = ROOT / "fixtures" / "traces" / "257" / "container-unix-dgram-halt.jsonl"


def documented() -> set[str]:
    return {command for each in page.pages() for command in page.in_blocks(each)}


def listed() -> list[str]:
    found = [each["command"] for each in TABLE["run"]]
    return found + [
        command for name in ("elsewhere", "by_hand") for each in TABLE[name] for command in each["commands"]
    ]


def test_each_command_of_the_documentation_is_run_by_somebody() -> None:
    assert documented() - set(listed()) == set(), "in no list of commands.toml"
    assert set(listed()) - documented() == set(), "in commands.toml, and in no page"
    assert len(listed()) == len(set(listed())) > 60


@pytest.mark.parametrize("entry", TABLE["elsewhere"], ids=lambda entry: entry["commands"][0])
def test_the_test_that_runs_it_is_there(entry: dict[str, Any]) -> None:
    file, _, name = entry["test"].partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}
    assert entry["how"]


def test_what_people_run_has_a_reason() -> None:
    assert all(each["reason"] for each in TABLE["by_hand"])


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What somebody has who follows the documentation."""
    folder = tmp_path_factory.mktemp("here")
    shutil.copytree(ROOT / "harness" / "implementations" / "example-python", folder / "mine")
    (folder / "fixtures").symlink_to(ROOT / "fixtures")
    (folder / "datagram").write_bytes(b"READY=1\nSTATUS=up")
    shutil.copy(TRACE, folder / "trace.jsonl")
    some = [str(folder / "mine"), "--only", "sender/bytes/*"]
    assert gate([*some, "--out", str(folder / "run")]) is ExitCode.CONFORMS
    assert gate(["--rejudge", str(folder / "run"), "--out", str(folder / "again")]) is ExitCode.CONFORMS
    deaf = folder / "deaf"
    shutil.copytree(folder / "mine", deaf)
    program = (deaf / "adapter.py").read_text()
    (deaf / "adapter.py").write_text(
        program.replace("state.encode()", 'state.replace("STATUS", "status").encode()')
    )
    assert gate([str(deaf), *some[1:], "--out", str(folder / "unmet")]) is ExitCode.DOES_NOT_CONFORM
    return folder


@pytest.mark.parametrize(
    "entry",
    [pytest.param(each, marks=pytest.mark.boots if "boots" in each else ()) for each in TABLE["run"]],
    ids=[each["command"] for each in TABLE["run"]],
)
def test_it_runs(
    entry: dict[str, Any],
    here: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if "boots" in entry and os.geteuid() != 0:
        pytest.skip("booting needs root")
    line = entry.get("as", entry["command"])
    places = {"HERE": here, "IMAGE": images.find("257").root if "$IMAGE" in line else ""}
    line = string.Template(line).substitute(places)
    monkeypatch.setenv("PATH", f"{ROOT / 'build' / 'release'}:{os.environ['PATH']}")
    code = handed_over(line, tmp_path) if line.startswith("./run ") else by_a_shell(line, here)
    said = "".join(capfd.readouterr())
    assert (code, entry["says"] in said) == (entry.get("code", 0), True), said


def handed_over(line: str, folder: Path) -> int:
    _, command, *words = shlex.split(line)
    if command == "gate" and not RUNS_NOTHING & set(words):
        words += ["--out", str(folder / "run")]
    return int(importlib.import_module(MODULES[command]).main(words))


def by_a_shell(line: str, folder: Path) -> int:
    """As somebody types it."""
    return subprocess.run(["bash", "-eu", "-o", "pipefail", "-c", line], cwd=folder, timeout=60).returncode
