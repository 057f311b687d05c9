"""`notifyspec grade`: outcomes to verdicts and exit codes; what cannot be read is named by file, line and member."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree

SCHEMA = Path(__file__).parent.parent.parent / "fixtures" / "schemas" / "grades.schema.json"
HEADER = {"format": 1, "implementation": "x", "version": "1", "role": "receiver", "date": "2026-01-02"}
REQUIREMENT = """
[[requirement]]
id = "receiver.{level}"
role = "receiver"
vantages = ["container"]
level = "{level}"
since = 252
source = {{ document = "sd_notify(3)", section = "Description", version = "262" }}
text = "It does."
by = "vectors"
"""


class Suite:
    """Three vectors, one of each level, that want the status `up`."""

    def __init__(self, notifyspec: Any, folder: Path) -> None:
        self.notifyspec = notifyspec
        self.folder = folder
        levels = ("must", "should", "observed")
        (folder / "requirements.toml").write_text("".join(REQUIREMENT.format(level=each) for each in levels))
        for level in levels:
            self.vector(level)

    def vector(self, level: str, **more: object) -> None:
        path = self.folder / f"vectors/receiver/levels/{level}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {"requirements": [f"receiver.{level}"], "level": level, "note": "It matters."}
        content |= {"steps": [{"data": "STATUS=up"}], "expect": [{"status": "up"}]}
        path.write_text(json.dumps(content | more))

    def outcomes(self, *lines: object, name: str = "outcomes.jsonl") -> Path:
        path = self.folder / name
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return path

    def of(self, status: str, **more: str) -> Path:
        """All three came to the same."""
        levels = ("must", "should", "observed")
        return self.outcomes(HEADER, *(concluded(level, status) for level in levels), **more)

    def grade(self, outcomes: Path, *options: object) -> Any:
        vectors, table = self.folder / "vectors", self.folder / "requirements.toml"
        return self.notifyspec("grade", outcomes, "--vectors", vectors, "--requirements", table, *options)

    def lines(self, outcomes: Path, *options: object) -> list[dict[str, Any]]:
        return [
            json.loads(line)
            for line in self.grade(outcomes, "--format", "jsonl", *options).stdout.splitlines()
        ]

    def verdicts(self, outcomes: Path, *options: object) -> dict[str, str]:
        lines = self.lines(outcomes, *options)
        return {line["vector"].rpartition("/")[2]: line["verdict"] for line in lines if "vector" in line}


def concluded(level: str, status: str) -> dict[str, Any]:
    return {"vector": f"receiver/levels/{level}", "outcome": "concluded", "conclusion": {"status": status}}


@pytest.fixture
def suite(notifyspec: Any, tmp_path: Path) -> Suite:
    return Suite(notifyspec, tmp_path)


def test_what_is_as_described_conforms(suite: Suite) -> None:
    outcomes = suite.of("up")
    assert suite.grade(outcomes).returncode == 0
    assert suite.verdicts(outcomes) == {"must": "pass", "should": "pass", "observed": "skip"}


def test_a_must_that_is_not_met_fails_and_says_what_was_seen(suite: Suite) -> None:
    outcomes = suite.of("down")
    done = suite.grade(outcomes)
    assert done.returncode == 1
    assert suite.verdicts(outcomes) == {"must": "fail", "should": "warn", "observed": "skip"}
    assert 'expected: status "up"' in done.stdout
    assert 'seen:     status "down"' in done.stdout
    assert done.stdout.endswith("1 fail, 1 warn, 1 observed only\n")


def test_a_profile_judges_the_observed_by_what_is_recorded(suite: Suite) -> None:
    suite.vector("observed", systemd={"262": {"status": "down"}})
    assert suite.verdicts(suite.of("down"), "--profile", "systemd-262")["observed"] == "pass"
    assert suite.verdicts(suite.of("up"), "--profile", "systemd-262")["observed"] == "fail"
    assert suite.verdicts(suite.of("up"), "--profile", "systemd-257")["observed"] == "pass"


def test_an_outcome_that_is_missing_is_inconclusive(suite: Suite) -> None:
    outcomes = suite.outcomes(HEADER, concluded("must", "up"))
    assert suite.grade(outcomes).returncode == 5
    assert suite.grade(outcomes, "--only", "receiver/levels/must").returncode == 0


@pytest.mark.parametrize(("kind", "code"), [("crash", 4), ("hang", 4), ("nonsense", 4), ("unsupported", 6)])
def test_what_came_to_nothing(suite: Suite, kind: str, code: int) -> None:
    outcomes = suite.outcomes(HEADER, {"vector": "receiver/levels/must", "outcome": kind, "reason": "so"})
    done = suite.grade(outcomes, "--only", "receiver/levels/must")
    assert done.returncode == code


def test_one_is_compared_with_another(suite: Suite) -> None:
    one, other = suite.of("odd"), suite.of("odd", name="other.jsonl")
    assert suite.grade(one, "--against", other).returncode == 0
    other = suite.of("even", name="other.jsonl")
    assert suite.verdicts(one, "--against", other) == {"must": "fail", "should": "fail", "observed": "fail"}


def test_lines_keep_to_their_schema(suite: Suite) -> None:
    lines = suite.lines(suite.of("down"))
    assert len(lines) == 6
    for line in lines:
        jsonschema.validate(line, json.loads(SCHEMA.read_text()))
    assert lines[0]["conclusion"] == {"status": "down"}


def test_junit_says_the_same(suite: Suite) -> None:
    done = suite.grade(suite.of("down"), "--format", "junit")
    (found,) = etree.fromstring(done.stdout.encode()).findall("testsuite")
    assert (found.get("tests"), found.get("failures"), found.get("skipped")) == ("3", "1", "1")


def test_outcomes_that_cannot_be_read_are_named(suite: Suite) -> None:
    good = concluded("must", "up")
    for lines, reason in [
        ([], "it is empty"),
        ([good], "outcomes.jsonl:1: "),
        ([HEADER, good, good], 'outcomes.jsonl:3: vector: "receiver/levels/must" stands twice'),
        ([HEADER, good | {"outcome": "passed"}], 'outcomes.jsonl:2: outcome: "passed"'),
        ([HEADER, good | {"vector": "receiver/levels/none"}], 'vector: there is no "receiver/levels/none"'),
    ]:
        done = suite.grade(suite.outcomes(*lines))
        assert (done.returncode, done.stdout) == (2, "")
        assert reason in done.stderr


def test_wrong_usage_is_refused(suite: Suite) -> None:
    outcomes = suite.of("up")
    for options in (
        ["--profile", "systemd"],
        ["--only", "receiver/levels/x"],
        ["--against", suite.folder / "absent"],
    ):
        assert suite.grade(outcomes, *options).returncode == 2


def test_a_number_beyond_all_bounds_is_refused(suite: Suite) -> None:
    (suite.folder / "outcomes.jsonl").write_text('{"format": 1e999}\n')
    done = suite.grade(suite.folder / "outcomes.jsonl")
    assert (done.returncode, "outcomes.jsonl:1: " in done.stderr) == (2, True), done.stderr
    assert "a number is too large" in done.stderr
