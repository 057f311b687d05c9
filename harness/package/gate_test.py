"""The gate as it is installed: without the source tree, from a folder of the user's, with an adapter of theirs."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from harness.package.conftest import Installed
from vm.installation import ROOT

ADAPTER = ROOT / "harness" / "implementations" / "example-python"


def gate(installed: Installed, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    bare = {"PATH": "/usr/bin:/bin", "HOME": str(folder)}
    call = [installed.command("notifyspec-gate"), *words]
    return subprocess.run(call, cwd=folder, env=bare, capture_output=True, text=True)


def test_it_puts_an_adapter_of_the_users_before_the_suite(installed: Installed, tmp_path: Path) -> None:
    shutil.copytree(ADAPTER, tmp_path / "mine")
    done = gate(installed, tmp_path, "./mine", "--only", "sender/bytes/*", "--max-skip", "100")
    assert done.returncode == 0, done.stdout + done.stderr
    latest = tmp_path / "notifyspec-runs" / "latest"
    assert json.loads((latest / "run.json").read_text())["exit_code"] == 0
    assert (latest / "index.html").exists()


def test_it_writes_nothing_where_it_is_installed(installed: Installed, tmp_path: Path) -> None:
    before = sorted(installed.prefix.rglob("*"))
    gate(installed, tmp_path, "--list")
    gate(installed, tmp_path, "libsystemd", "--only", "sender/bytes/ready")
    assert sorted(installed.prefix.rglob("*")) == before


def test_it_calls_itself_by_its_name(installed: Installed, tmp_path: Path) -> None:
    assert gate(installed, tmp_path, "--help").stdout.startswith("usage: notifyspec-gate [OPTION")
    refused = gate(installed, tmp_path, "no-such-thing")
    assert refused.returncode == 2
    assert "notifyspec-gate --list" in refused.stderr
    assert "./run" not in refused.stderr


def imported(path: Path) -> Iterator[str]:
    """The modules of ours that it asks for, and what it takes from them: each may be a module itself."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def module(root: Path, name: str) -> Path | None:
    path = root / name.replace(".", "/")
    return next((each for each in (path.with_suffix(".py"), path / "__init__.py") if each.exists()), None)


def test_no_module_that_is_installed_needs_one_that_is_not(installed: Installed) -> None:
    share = installed.prefix / "share" / "notifyspec"
    paths = sorted(share.rglob("*.py"))
    assert len(paths) > 80
    for path in paths:
        for name in imported(path):
            if module(ROOT, name):
                assert module(share, name), f"{path.relative_to(share)} imports {name}"


def test_no_test_is_installed(installed: Installed) -> None:
    names = {path.name for path in installed.prefix.rglob("*.*")}
    assert not {each for each in names if each.endswith(("_test.py", "_test.cc")) or each == "conftest.py"}
