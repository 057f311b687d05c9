from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from harness.page.sample_run import write_sample as write_boots
from harness.page.sample_trials import write_sample as write_trials
from harness.report import badge, markdown, papers
from harness.report.digest import Case, Digest, Subject, read


def digest(*cases: Case, **more: object) -> Digest:
    one = Subject("one", "1", "sender", {each.id: each for each in cases})
    return dataclasses.replace(
        Digest(
            Path("."), "implementations", "0.1.0", "2026-01-02T03:04:05Z", "", "6.18", 1, {"one": one}, ()
        ),
        **more,
    )


def case(number: int, word: str, level: str = "must", **more: Any) -> Case:
    return Case("one", f"sender/a/{number}", ("sender.a",), level, word, **more)


def test_a_failure_has_what_is_needed_to_look_into_it(tmp_path: Path) -> None:
    text = markdown.render(read(write_trials(tmp_path, implementations=2, requirements=5, cases=60)))
    assert text.startswith("## ✗ notifyspec: Does not conform\n")
    assert "`sender.requirement-000` (must): What arrives is" in text
    for line in (
        "- ✗ **fail** in `implementation-00`: `sender/area-0/case-0000`\n",
        "  - expected: `arrived`\n",
        '  - seen: `arrived "READY=0" of implementation 0`\n',
        "  - again: `./run gate implementation-00 --strict --only sender/area-0/case-0000`\n",
        "- `absent`, skipped: `this machine has no usr/lib/absent`\n",
    ):
        assert line in text, text


def test_a_boot_is_told_with_its_requirement(tmp_path: Path) -> None:
    text = markdown.render(read(write_boots(tmp_path)))
    assert "| `262-hostile` | `262-1` | 2 fail," in text
    assert "- ✗ **fail** in `262-hostile`\n  - expected:" in text
    assert "  - again: `./run gate 262/hostile`" in text


def test_what_is_not_adopted_is_told_and_not_held_against_it() -> None:
    text = markdown.render(digest(case(1, "pass"), case(2, "fail", advisory=True), exit_code=0))
    assert "Not met" not in text and "1 new fail" in text
    assert (
        "### New in this suite, and not adopted: counts for nothing\n\n- ✗ fail in `one`: `sender/a/2`\n"
        in text
    )


def test_why_the_whole_is_worse_than_its_parts_is_said_first() -> None:
    text = markdown.render(
        digest(case(1, "pass"), exit_code=5, remarks=("1 case, 9 asked for by --min-exercised",))
    )
    assert "\n- **1 case, 9 asked for by --min-exercised**\n\n| implementation" in text


def test_it_stays_short_however_much_fails(tmp_path: Path) -> None:
    cases = [case(number, "fail", seen="x" * 5000) for number in range(500)]
    text = markdown.render(digest(*cases))
    assert "… and 480 more" in text and len(text) < 20_000


@pytest.mark.parametrize("text", ["`", "``a`", "", "a|b", "@someone #12", "<b>\n\x1b[31m", "x\u202ey"])
def test_what_an_implementation_said_becomes_no_markup(text: str) -> None:
    span = markdown.code(text)
    fence = len(span) - len(span.lstrip("`"))
    assert span.startswith("`" * fence) and span.endswith("`" * fence)
    assert "`" * fence not in span[fence:-fence] and "\n" not in span and "\x1b" not in span
    assert "|" not in markdown.cell(text).replace("\\|", "")


@pytest.mark.parametrize(
    ("cases", "words", "colour"),
    [
        ([case(1, "pass"), case(2, "pass"), case(3, "fail")], "2 must met, 1 not", "not"),
        ([case(1, "pass"), case(2, "fail", foreseen="known")], "1 must met, 1 not", "not"),
        (
            [case(1, "pass"), case(2, "warn", "should"), case(3, "observed", "observed")],
            "1 must met, 0 not",
            "met",
        ),
        ([case(1, "pass"), case(2, "inconclusive")], "1 must met, 0 not, 1 open", "open"),
        ([case(1, "unsupported")], "nothing judged", "open"),
        (
            [case(1, "pass"), case(2, "fail", advisory=True), case(3, "hang", advisory=True)],
            "1 must met, 0 not",
            "met",
        ),
    ],
)
def test_a_badge_has_counts(cases: list[Case], words: str, colour: str) -> None:
    assert badge.message(digest(*cases)) == (words, colour)
    svg = etree.fromstring(badge.render(digest(*cases)).encode())
    assert (
        svg.get("aria-label") == f"notifyspec: {words}"
        and badge.COLOURS[colour] in etree.tostring(svg).decode()
    )
    assert "%" not in words


def test_both_are_written_beside_the_run(tmp_path: Path) -> None:
    papers.write(write_boots(tmp_path))
    assert (tmp_path / "report.md").read_text().startswith("## ")
    assert (tmp_path / "badge.svg").read_text().startswith("<svg")
