"""Each command of the first table of FINDINGS.md shows what stands there: with --strict nobody conforms.

What is said of proxies hangs on purpose, for as long as patience lasts: people see for themselves.
"""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path

import pytest

from harness.documentation import page
from harness.exit_code import ExitCode
from harness.gate import main
from vm.installation import ROOT

FINDINGS = ROOT / "harness" / "FINDINGS.md"
COMMANDS = [line for line in page.in_text(FINDINGS) if "--strict" in line and "--only proxy/" not in line]


@pytest.mark.boots
@pytest.mark.parametrize("line", COMMANDS)
def test_it_is_seen(line: str, tmp_path: Path) -> None:
    if os.geteuid() != 0 and "/262" in line:
        pytest.skip("what is inside an image wants root")
    code = main([*shlex.split(line)[2:], "--out", str(tmp_path / "run")])
    skipped = json.loads((tmp_path / "run" / "run.json").read_text())["skipped"]
    if skipped:
        pytest.skip(skipped[0]["reason"])
    assert code is ExitCode.DOES_NOT_CONFORM


def test_there_are_some() -> None:
    assert len(COMMANDS) == 9
