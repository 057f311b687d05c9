"""What others put into their CI: a linter has nothing to say, and its steps do what they are for, run here."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
ACTION = ROOT / ".github" / "actions" / "gate" / "action.yml"
TEMPLATE = ROOT / ".gitlab" / "gate.yml"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
RULES = "{extends: default, rules: {line-length: {max: 120}, document-start: disable, truthy: {check-keys: false}}}"
WORDS = ("--only", "sender/bytes/[ab]*", "--strict")


@pytest.fixture
def sender(tmp_path: Path) -> Path:
    """Somebody's project, with an adapter in it."""
    folder = tmp_path / "project" / "adapter"
    folder.mkdir(parents=True)
    program = ROOT / "harness" / "implementations" / "example-python" / "adapter.py"
    (folder / "adapter.toml").write_text(f'role = "sender"\ncommand = ["/usr/bin/python3", "{program}"]\n')
    return folder


def scripts() -> dict[str, str]:
    action: Any = yaml.safe_load(ACTION.read_text())
    template: Any = yaml.safe_load(TEMPLATE.read_text())
    found = {"action": next(each["run"] for each in action["runs"]["steps"] if "run" in each)}
    return found | {"template": "\n".join(template["notifyspec"]["script"])}


@pytest.mark.parametrize("path", [ACTION, TEMPLATE, *WORKFLOWS], ids=lambda path: path.name)
def test_it_is_yaml_as_it_should_be(path: Path) -> None:
    done = subprocess.run(["yamllint", "-s", "-d", RULES, path], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["action", "template"])
def test_its_scripts_are_as_they_should_be(name: str) -> None:
    done = subprocess.run(
        ["shellcheck", "-s", "bash", "-"], input=scripts()[name], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def run(script: str, project: Path, **environment: str) -> int:
    call = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(call, cwd=project, env=os.environ | environment).returncode


def test_the_step_of_the_action_puts_a_folder_before_the_gate(sender: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    code = run(
        scripts()["action"],
        sender.parent,
        ACTION=str(ACTION.parent),
        NAMES="adapter",
        ARGUMENTS=" ".join(WORDS),
        OUT="out",
        GITHUB_STEP_SUMMARY=str(summary),
    )
    assert code == 0
    assert summary.read_text() == (sender.parent / "out" / "report.md").read_text()


def test_the_step_of_the_action_fails_where_the_gate_does(sender: Path, tmp_path: Path) -> None:
    code = run(
        scripts()["action"],
        sender.parent,
        ACTION=str(ACTION.parent),
        NAMES="adapter",
        ARGUMENTS="--only no-such-id",
        OUT="out",
        GITHUB_STEP_SUMMARY=str(tmp_path / "summary.md"),
    )
    assert code == 6


def test_the_script_of_the_template_clones_the_suite_and_puts_a_folder_before_the_gate(sender: Path) -> None:
    project = sender.parent
    suite = project / ".notifyspec" / "suite"
    # What is built is taken from here: a clone has nothing else that this tree has not.
    script = scripts()["template"].replace(f"{suite.relative_to(project)}/run gate", f"{ROOT}/run gate", 1)
    code = run(
        script,
        project,
        CI_PROJECT_DIR=str(project),
        NOTIFYSPEC_REPOSITORY=str(ROOT),
        NOTIFYSPEC_VERSION="HEAD",
        NOTIFYSPEC_GATE=f"adapter {' '.join(WORDS)}",
    )
    assert code == 0
    assert (suite / "run").exists() and (project / ".notifyspec" / "run" / "junit.xml").exists()
