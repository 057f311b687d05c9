"""The report: the same in each form, and the exit code that it comes to."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from fuzz import identity, planted, report, target
from fuzz.coverage import STAGES, Coverage
from fuzz.engine import Campaign, Point
from fuzz.finding import Finding
from fuzz.power import Power
from fuzz.report import Report
from fuzz.target import Target
from harness.exit_code import ExitCode


def campaigns(*found: Finding) -> Report:
    all_of_them = [Campaign(Target(name), [Point(1.0, 10, 2, 3, 4)]) for name in target.names()]
    for each in found:
        next(one for one in all_of_them if one.target.name == each.target).findings[each.key] = each
    return Report("", 60, 1, {}, all_of_them)


def test_one_requirement_is_named_with_all_that_saw_it_violated() -> None:
    seen = [
        Finding(name, "violated", words, (), Path("x"), requirement="receiver.number-decimal")
        for name, words in (("datagram", "a"), ("datagram", "b"), ("service", "c"))
    ]
    other = Finding("socket", "violated", "a", (), Path("x"))
    assert campaigns(*seen, other).by_requirement == {"receiver.number-decimal": ["datagram", "service"]}


@pytest.mark.parametrize(
    ("reached", "code"), [(98, ExitCode.CONFORMS), (97, ExitCode.BASELINE), (None, ExitCode.CONFORMS)]
)
def test_seeds_that_reach_too_little_are_no_baseline(reached: int | None, code: ExitCode) -> None:
    it = campaigns()
    if reached is not None:  # what only a receiver has is not counted
        it.seeds = Coverage({stage: (reached, 100) for stage in STAGES} | {"receiver": (1, 100)}, [], {})
    assert it.code == code
    it.campaigns = it.campaigns[1:]
    assert it.code == ExitCode.CONFORMS


def ran(engine: str) -> dict[str, object]:
    return identity.of(argparse.Namespace(engine=engine, seed=7), [Target("lines")])


def test_a_report_says_all_of_it_in_each_form(tmp_path: Path) -> None:
    one = Campaign(Target("lines"), [Point(1.0, 10, 2, 3, 4), Point(2.0, 30, 3, 4, 5)], seconds=2.0)
    (tmp_path / "lines-1").write_bytes(b"a|\xff\n")
    bad = Finding("lines", "violated", "no <line> is lost", ("f",), tmp_path / "lines-1")
    bad.requirement = "receiver.any-line-order"
    one.findings[bad.key] = bad
    reached = Coverage({stage: (9, 10) for stage in STAGES}, ["never()"], {"wire/a.cc": [7]})
    bug = planted.read([])[0]
    more = Coverage({stage: (10, 10) for stage in STAGES}, [], {})
    whole = Report(
        "2026-01-02T03:04:05Z", 60, 1, ran("libfuzzer"), [one, Campaign(Target("datagram"))], reached, more
    )
    whole.replays |= {"lines": [(3, 4), (3, 5)], "datagram": [(3, 4), (4, 4)]}
    whole.power = [Power(bug, 10, [0.5] * 9), Power(bug, 10, [0.5] * 8)]
    page = report.write(whole, tmp_path)
    content = json.loads((tmp_path / "report.json").read_text())
    assert content["targets"][0]["per_second"] == 15
    assert [each["found"] for each in content["power"]] == [True, False]
    text = (tmp_path / "report.md").read_text()
    assert (
        "| lines | 2.0 | 30 | 15 |" in text
        and "no <line> is lost" in text
        and "| wire | 90.0 % | 100.0 % | +1 of 10 |" in text
        and "| no <line> is lost | receiver.any-line-order | violated |" in text
        and "| yes: 4 to 5 features |" in text
        and "| no: 3 to 4 edges |" in text
        and "| `a\\x7c\\xff\\n` |" in text
        and "| 0.5 to 0.5 | 9 of 10 |" in text
    )
    html = page.read_text()
    assert (
        "no &lt;line&gt; is lost" in html
        and "<dd>receiver.any-line-order</dd>" in html
        and "<code>a|\\xff\\n</code>" in html
        and "Left out is what ends at an input: lines." in html
        and "9 of 10" in html
        and 'src="growth.svg"' in html
    )


def test_what_is_inconclusive_says_so_and_why(tmp_path: Path) -> None:
    it = campaigns()
    it.ran = ran("libfuzzer")
    it.campaigns[0].trouble = "it hung"
    it.stopped = True
    page = report.write(it, tmp_path).read_text()
    assert json.loads((tmp_path / "report.json").read_text())["exit_code"] == ExitCode.ENVIRONMENT
    for words in (f"{it.campaigns[0].target.name}: it hung", "stopped before its time"):
        assert f"<dt>Why</dt><dd>{words}</dd>" in page
        assert f"- inconclusive: {words}" in (tmp_path / "report.md").read_text()


def test_a_planted_bug_that_is_not_found_is_a_failure() -> None:
    bug = planted.read([])[0]
    for found, code in ((9, ExitCode.CONFORMS), (8, ExitCode.DOES_NOT_CONFORM)):
        assert Report("", 0, 1, {}, power=[Power(bug, 10, [0.5] * found)]).code == code
