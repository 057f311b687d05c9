"""A run that is interrupted is a run that can be read: what had ended is kept, and the rest can be run again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from harness.exit_code import ExitCode
from vm.environment import EnvironmentUnfit, require_container

ROOT = Path(__file__).parent.parent
PROGRAM = ROOT / "harness" / "implementations" / "example-python" / "adapter.py"
HEARS = ["/usr/bin/python3", str(PROGRAM)]
DEAF = ["sh", "-c", "cat >/dev/null"]
CASE = "sender/bytes/ready"
PAPERS = ("index.html", "report.md", "report.txt", "junit.xml", "badge.svg")


def begin(*words: object) -> subprocess.Popen[str]:
    call = [sys.executable, "-m", "harness.gate", *map(str, words)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(call, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def interrupted(number: signal.Signals, *words: object) -> str:
    """After the first of all has ended."""
    with begin(*words) as gate:
        assert gate.stdout is not None
        said = ""
        while "[1/2]" not in said:
            line = gate.stdout.readline()
            assert line, said
            said += line
        gate.send_signal(number)
        said += gate.stdout.read()
    assert gate.returncode == ExitCode.INTERRUPTED, said
    return said


def kept(out: Path) -> dict[str, Any]:
    run = json.loads((out / "run.json").read_text())
    assert run["exit_code"] == ExitCode.INTERRUPTED
    assert all((out / name).exists() for name in PAPERS)
    assert "interrupted: 1 of 2" in "".join(run["remarks"])
    return run


def adapter(folder: Path, command: list[str]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "adapter.toml").write_text(f'role = "sender"\ncommand = {json.dumps(command)}\n')
    return folder


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("at_once", [1, 2])
def test_implementations_that_have_ended_are_kept(
    tmp_path: Path, number: signal.Signals, at_once: int
) -> None:
    quick = adapter(tmp_path / "quick", HEARS)
    deaf = adapter(tmp_path / "deaf", DEAF)
    out = tmp_path / "out"
    said = interrupted(number, quick, deaf, "--only", CASE, "--out", out, "-n", at_once)
    run = kept(out)
    assert [each["name"] for each in run["implementations"]] == ["quick"]
    assert [each["name"] for each in run["broken"]] == ["deaf"]
    assert "interrupted; everything that was started is gone" in said
    adapter(deaf, HEARS)
    with begin("--rerun-failed", out, "--out", tmp_path / "again") as again:
        assert again.stdout is not None
        assert "[1/1] deaf" in again.stdout.read()
    assert again.returncode == ExitCode.CONFORMS


@pytest.mark.boots
def test_boots_that_have_ended_are_kept(tmp_path: Path) -> None:
    try:
        require_container()
    except EnvironmentUnfit as unfit:
        pytest.skip(unfit.reason)
    interrupted(signal.SIGINT, "257/halt", "257/reboot", "--out", tmp_path / "out")
    run = kept(tmp_path / "out")
    assert [each["scenario"] for each in run["boots"]] == ["halt"]
    assert [each["name"] for each in run["skipped"]] == ["257/reboot"]
    left = {each.relative_to(tmp_path / "out").parts[0] for each in (tmp_path / "out").rglob("*reboot*")}
    assert left == set() and not (tmp_path / "out" / "boots").exists()
