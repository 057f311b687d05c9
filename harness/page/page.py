"""The page of a gate run: one file that needs no network and no script, and decides nothing by itself."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from harness.page.comparison import KINDS, comparisons
from harness.page.frame import answer, dress, templates
from harness.page.legible import console_line
from harness.page.matrix import matrices
from harness.page.phrase import phrase
from harness.page.run import LEVELS, Boot, Event, Run
from harness.page.run_directory import read_run
from harness.page.timeline import seconds, timeline

HERE = Path(__file__).parent
STYLES = ("style.css", "matrix.css", "comparison.css", "boot.css")
SCRIPTS = ("sift.js", "matrix.js", "arrive.js", "page.js")
TROUBLE = ("fail", "warn", "inconclusive")
WORDS = ("pass", "fail", "warn", "inconclusive", "skip", "observed")
FIRST_EVENTS, LAST_EVENTS = 1500, 500  # of a flood; a page with all of it could not be opened
START = 500  # of a message; one may have 64 KiB


def render(run_dir: Path) -> Path:
    """Write index.html into the run directory. A directory cut short or of another format is a ValueError."""
    run = read_run(run_dir)
    environment = templates(HERE)
    environment.globals["START"] = START
    environment.filters |= {"console_line": console_line, "seconds": seconds}
    environment.filters |= {"phrase": phrase, "start": lambda text: text[:START]}
    promised, observed = matrices(run)
    html = environment.get_template("template.html.j2").render(
        run=run,
        promised=promised,
        observed=observed,
        choices=_choices(run),
        answer=answer(run.exit_code),
        remarks=run.remarks,
        words=WORDS,
        versions=_versions(run),
        machines=sorted({str(boot.header["machine"]) for boot in run.boots if boot.header.get("machine")}),
        trouble=[
            (boot, each)
            for word in TROUBLE
            for boot in run.boots
            for each in boot.verdicts
            if each.word == word
        ],
        unplayed=[boot for boot in run.boots if boot.trouble],
        boots=[(boot, timeline(boot), _events(boot)) for boot in run.boots],
        compared=comparisons(run),
        kinds=KINDS,
        **dress(STYLES, SCRIPTS),
    )
    page = run_dir / "index.html"
    page.write_text(html, encoding="utf-8")
    return page


def _choices(run: Run) -> list[tuple[str, str, list[str]]]:
    """What a filter can choose from: label, name, and what there is."""
    judged = {each.requirement for boot in run.boots for each in boot.verdicts}
    there = [each for each in run.requirements if each.id in judged]
    levels = [level for level in LEVELS if any(each.level == level for each in there)]
    roles = sorted({each.role for each in there})
    return [("Verdict", "verdict", list(WORDS)), ("Level", "level", levels), ("Role", "role", roles)]


def _versions(run: Run) -> list[tuple[str, str, dict[tuple[str, str], Counter[str]]]]:
    """Of each systemd: outcomes by vantage and transport."""
    found: dict[tuple[str, str], dict[tuple[str, str], Counter[str]]] = {}
    for boot in run.boots:
        vantages = found.setdefault((boot.systemd, boot.distribution), {})
        vantages.setdefault((boot.vantage, boot.transport), Counter())[boot.outcome] += 1
    return [(systemd, distribution, vantages) for (systemd, distribution), vantages in found.items()]


def _events(boot: Boot) -> list[tuple[Event, float, int]]:
    """Events to list, with the time since the one before, and how many of a flood are left out in between."""
    cited = {line for verdict in boot.verdicts for line in verdict.lines}
    shown: list[tuple[Event, float, int]] = []
    before, left_out = 0.0, 0
    for index, event in enumerate(boot.events):
        if FIRST_EVENTS <= index < len(boot.events) - LAST_EVENTS and event.line not in cited:
            left_out += 1
        else:
            shown.append((event, event.t - before, left_out))
            left_out = 0
        before = event.t
    return shown


if __name__ == "__main__":
    print(render(Path(sys.argv[1])))
