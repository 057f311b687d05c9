"""badge.svg: what a run met and what it did not, as counts. Never a percentage: one must that is not met is not 0.2 %.

Counted are verdicts of level must. What an expectation foresees is not met all the same; what a suite.lock has not
adopted yet is not asked.
"""

from __future__ import annotations

from pathlib import Path

from harness.outcome_word import BAD, OPEN
from harness.page.frame import templates
from harness.report.digest import Digest

HERE = Path(__file__).parent
LETTER = 6.6  # pixels of a letter of 11 px; `textLength` makes the text fit where a font is wider
COLOURS = {"met": "#17653a", "not": "#a6101a", "open": "#5a626a"}


def render(digest: Digest) -> str:
    words, colour = message(digest)
    left = "notifyspec"
    widths = [round(len(text) * LETTER) + 14 for text in (left, words)]
    return (
        templates(HERE)
        .get_template("badge.svg.j2")
        .render(left=left, words=words, colour=COLOURS[colour], widths=widths)
    )


def message(digest: Digest) -> tuple[str, str]:
    asked = [each for each in digest.cases if not each.advisory]
    must = [each for each in asked if each.level == "must"]
    met = sum(each.word == "pass" for each in must)
    unmet = sum(each.word in BAD for each in must)
    unsaid = sum(each.word in OPEN for each in asked)  # of what was not put no level is known
    if not met and not unmet:
        return "nothing judged", "open"
    words = f"{met} must met, {unmet} not"
    if unsaid:
        words += f", {unsaid} open"
    return words, "not" if unmet else "open" if unsaid else "met"
