"""What others put into their CI: a linter has nothing to say, and its steps do what they are for, run here."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.documentation import page

ROOT = Path(__file__).parent.parent
ACTION = ROOT / ".github" / "actions" / "gate" / "action.yml"
TEMPLATE = ROOT / ".gitlab" / "gate.yml"
PAGE = ROOT / "harness" / "implementations" / "README.md"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
RULES = "{extends: default, rules: {line-length: {max: 120}, document-start: disable, truthy: {check-keys: false}}}"
WORDS = ("--only", "'sender/bytes/[ab]*'", "--strict")
EXPRESSION = re.compile(r"\$\{\{ ([^}]+) \}\}")
VALIDATOR = shutil.which("action-validator")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Somebody's project, with an adapter in it."""
    folder = tmp_path / "project" / "adapter"
    folder.mkdir(parents=True)
    program = ROOT / "harness" / "implementations" / "example-python" / "adapter.py"
    (folder / "adapter.toml").write_text(f'role = "sender"\ncommand = ["/usr/bin/python3", "{program}"]\n')
    return folder.parent


class Action:
    """Its steps that are scripts, with what GitHub would have put for each expression."""

    def __init__(self, project: Path, **inputs: str) -> None:
        self._action: Any = yaml.safe_load(ACTION.read_text())
        self._project = project
        self.temp = project.parent / "temp"
        self.temp.mkdir(exist_ok=True)
        self.known = {"github.action_path": str(ACTION.parent), "runner.temp": str(self.temp)}
        self.known["strategy.job-index"] = "3"
        given = {name: each["default"] for name, each in self._action["inputs"].items()} | inputs
        self.known |= {f"inputs.{name}": value for name, value in given.items()}
        self.summary = project.parent / "summary.md"
        self.codes: dict[str, int] = {}

    def run(self, *but: str) -> None:
        for step in self._action["runs"]["steps"]:
            if "run" in step and step["name"] not in but:
                self._run(step)

    def _run(self, step: Mapping[str, Any]) -> None:
        said = self.temp / "output"
        said.write_text("")
        github = {"GITHUB_OUTPUT": str(said), "GITHUB_STEP_SUMMARY": str(self.summary)}
        github |= {"GITHUB_JOB": "a job/2", "RUNNER_OS": "Linux", "RUNNER_ARCH": "X64"}
        environment = {name: self.filled(text) for name, text in step["env"].items()}
        cache = {"NOTIFYSPEC_CACHE": str(self.temp / "cache")}
        self.codes[step["name"]] = run(step["run"], self._project, **github, **environment, **cache)
        for line in said.read_text().splitlines():
            name, _, value = line.partition("=")
            self.known[f"steps.{step['id']}.outputs.{name}"] = value

    def filled(self, text: str) -> str:
        return EXPRESSION.sub(lambda found: self.known[found[1]], text)

    def output(self, name: str) -> str:
        return self.filled(self._action["outputs"][name]["value"])


def template(part: str) -> str:
    job: Any = yaml.safe_load(TEMPLATE.read_text())["notifyspec"]
    return "\n".join(job[part])


def scripts() -> dict[str, str]:
    action: Any = yaml.safe_load(ACTION.read_text())
    found = {each["name"]: each["run"] for each in action["runs"]["steps"] if "run" in each}
    return found | {part: template(part) for part in ("script", "after_script")}


def run(script: str, project: Path, **environment: str) -> int:
    call = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(
        call, cwd=project, env=os.environ | environment, stdin=subprocess.DEVNULL
    ).returncode


@pytest.mark.parametrize("path", [ACTION, TEMPLATE, *WORKFLOWS], ids=lambda path: path.name)
def test_it_is_yaml_as_it_should_be(path: Path) -> None:
    done = subprocess.run(["yamllint", "-s", "-d", RULES, path], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(
    VALIDATOR is None, reason="action-validator (npm: @action-validator/cli) is not installed"
)
@pytest.mark.parametrize("path", [ACTION, *WORKFLOWS], ids=lambda path: path.name)
def test_it_is_as_github_reads_it(path: Path) -> None:
    done = subprocess.run([str(VALIDATOR), path], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", [ACTION, *WORKFLOWS], ids=lambda path: path.name)
def test_no_hash_is_asked_of_files_outside_the_workspace(path: Path) -> None:
    """GitHub refuses `..` in it, and what an action brings lies elsewhere."""
    asked = re.findall(r"hashFiles\(.*", path.read_text())
    assert not [each for each in asked if ".." in each or "action_path" in each]


@pytest.mark.parametrize("name", scripts())
def test_its_scripts_are_as_they_should_be(name: str) -> None:
    call = ["shellcheck", "-s", "bash", "-"]
    done = subprocess.run(call, input=scripts()[name], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_action_puts_a_folder_before_the_gate(project: Path) -> None:
    action = Action(project, names="adapter", arguments=" ".join(WORDS), out="out")
    action.run()
    assert set(action.codes.values()) == {0}
    report = project / action.output("report")
    assert (action.output("exit-code"), action.summary.read_text()) == ("0", report.read_text())


def test_the_action_fails_where_the_gate_does_and_says_how(project: Path) -> None:
    action = Action(project, names="adapter", arguments="--only no-such-id", out="out")
    action.run()
    assert (action.codes["Gate"], action.output("exit-code"), action.output("report")) == (6, "6", "")


def test_options_of_the_second_line_count(project: Path) -> None:
    lines = "--only 'sender/bytes/[ab]*'\n--min-exercised 1000\n"
    action = Action(project, names="adapter\n", arguments=lines)
    action.run()
    assert action.codes["Gate"] == 5


def test_half_a_quote_is_usage(project: Path) -> None:
    action = Action(project, names="adapter", arguments="--only 'sender")
    action.run("Pack what is new")
    assert action.codes["Gate"] == 2


@pytest.mark.parametrize(("given", "name"), [("", "notifyspec-a-job-2-3-first"), ("mine", "mine")])
def test_an_artifact_is_named_by_job_number_and_folder_or_by_the_user(
    project: Path, given: str, name: str
) -> None:
    action = Action(project, out="runs/first", artifact=given)
    action.run("Unpack it", "Gate", "Pack what is new")
    assert action.known["steps.names.outputs.artifact"] == name


def test_the_action_keeps_its_cache_as_root_packs_it(project: Path) -> None:
    first = Action(project)
    objects = first.temp / "cache" / "ccache"
    objects.mkdir(parents=True)
    (objects / "objectR").write_text("compiled")
    first.run("Gate")
    assert (first.temp / "notifyspec.tar.zst").exists() and first.known["steps.pack.outputs.content"]
    shutil.rmtree(first.temp / "cache")  # the next machine
    second = Action(project)
    second.run("Gate")
    assert (objects / "objectR").read_text() == "compiled"
    assert second.known["steps.pack.outputs.content"] == ""  # nothing is new


def in_gitlab(project: Path, words: str, **variables: str) -> int:
    suite = ".notifyspec/suite"
    # What is built is taken from here: a clone has nothing else that this tree has not.
    script = template("script").replace(f"{suite}/.ci/", f"{ROOT}/.ci/")
    known = {"NOTIFYSPEC_REPOSITORY": str(ROOT), "NOTIFYSPEC_VERSION": "HEAD", "NOTIFYSPEC_GATE": words}
    known |= {"NOTIFYSPEC_CACHE": str(project.parent / "cache")}
    return run(script, project, **known | variables)


def test_the_template_puts_a_folder_before_the_gate_hears_the_second_line_and_shows_the_report(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (project / "my own.lock").write_text(f"suite = {json.dumps('1')}\ncases = ['no/such/case']\n")
    assert in_gitlab(project, f"adapter {' '.join(WORDS)}\n--lock 'my own.lock'") == 3
    kept = project / ".notifyspec"
    assert (kept / "suite" / "run").exists() and (kept / "run" / "junit.xml").exists()
    assert (kept / "run" / "report.md").read_text() in capfd.readouterr().out


@pytest.mark.parametrize("name", ["NOTIFYSPEC_VERSION", "NOTIFYSPEC_REPOSITORY"])
def test_the_template_wants_to_be_told_what_to_clone(
    project: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    assert in_gitlab(project, "adapter", **{name: ""}) == 2
    assert name in capfd.readouterr().err


def test_the_key_of_the_templates_cache_has_nothing_that_gitlab_refuses() -> None:
    """No slash: it has no name of a branch, and names of jobs as GitLab has made them fit."""
    key = yaml.safe_load(TEMPLATE.read_text())["notifyspec"]["cache"]["key"]
    assert re.fullmatch(r"[\w.-]*(\$CI_\w+_SLUG)?", key)


def test_what_the_template_does_afterwards_needs_no_suite(project: Path) -> None:
    assert run(template("after_script"), project) == 0


def test_what_the_documentation_shows_is_what_they_take() -> None:
    """And it is on GitHub and GitLab as it stands there."""
    [[step], theirs] = [yaml.safe_load(block) for block in page.blocks(PAGE, "yaml")]
    action = yaml.safe_load(ACTION.read_text())
    assert set(step["with"]) <= set(action["inputs"])
    assert str(ACTION.parent.relative_to(ROOT)) in step["uses"]
    assert set(theirs) - {"include"} == set(yaml.safe_load(TEMPLATE.read_text()))
    assert all(name in TEMPLATE.read_text() for name in theirs["notifyspec"]["variables"])
