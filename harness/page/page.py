"""The page of a gate run: one file that needs no network and no script, and decides nothing by itself."""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from harness.page.comparison import KINDS, comparisons
from harness.page.legible import console_line, legible, runs
from harness.page.matrix import matrix
from harness.page.phrase import phrase
from harness.page.run import Boot, Event, Run
from harness.page.run_directory import read_run
from harness.page.timeline import seconds, timeline

HERE = Path(__file__).parent
STYLES = ("style.css", "matrix.css", "comparison.css", "boot.css")
SYMBOLS = {
    "pass": "✓",
    "fail": "✗",
    "warn": "!",
    "skip": "–",
    "observed": "○",
    "inconclusive": "?",
    "hung": "…",
}
ANSWERS = {
    0: ("pass", "Conforms"),
    1: ("fail", "Does not conform"),
    2: ("inconclusive", "No answer: the input cannot be read"),
    3: ("fail", "The baseline no longer tells the truth"),
    4: ("inconclusive", "No answer: the implementation’s adapter failed"),
    5: ("inconclusive", "No answer: not everything could be run, or the outcome is inconclusive"),
    6: ("inconclusive", "No answer: nothing ran"),
}
TROUBLE = ("fail", "warn", "inconclusive")
WORDS = ("pass", "fail", "warn", "inconclusive", "skip", "observed")
FIRST_EVENTS, LAST_EVENTS = 1500, 500  # of a flood; a page with all of it could not be opened
START = 500  # of a message; one may have 64 KiB


def render(run_dir: Path) -> Path:
    """Write index.html into the run directory. A directory cut short or of another format is a ValueError."""
    run = read_run(run_dir)
    environment = templates(HERE)
    environment.globals["START"] = START
    environment.filters |= {"anchor": anchor, "runs": runs, "console_line": console_line, "seconds": seconds}
    environment.filters |= {"phrase": phrase, "start": lambda text: text[:START]}
    style = "\n".join((HERE / name).read_text(encoding="utf-8") for name in STYLES)
    script = (HERE / "page.js").read_text(encoding="utf-8")
    html = environment.get_template("template.html.j2").render(
        run=run,
        matrix=matrix(run),
        answer=ANSWERS.get(run.exit_code, ("inconclusive", f"No answer: exit code {run.exit_code}")),
        symbols=SYMBOLS,
        words=WORDS,
        versions=_versions(run),
        machines=sorted({str(boot.header["machine"]) for boot in run.boots if boot.header.get("machine")}),
        trouble=[
            (boot, each)
            for word in TROUBLE
            for boot in run.boots
            for each in boot.verdicts
            if each.verdict == word
        ],
        unplayed=[boot for boot in run.boots if boot.trouble],
        boots=[(boot, timeline(boot), _events(boot)) for boot in run.boots],
        compared=comparisons(run),
        kinds=KINDS,
        style=Markup(style),
        script=Markup(script),
        policy=f"default-src 'none'; style-src {content_hash(style)}; script-src {content_hash(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'",
    )
    page = run_dir / "index.html"
    page.write_text(html, encoding="utf-8")
    return page


def templates(folder: Path) -> Environment:
    """Those of this folder, for a page: what they print is escaped and made legible, and nothing may be undefined."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalize,
    )


def anchor(name: str) -> str:
    """A name as an id: names of boots and requirements stay what they are, anything else is made harmless."""
    return re.sub(r"[^A-Za-z0-9._+-]", lambda match: f"_{ord(match.group()):x}_", name)


def finalize(value: Any) -> Any:
    """Whatever the template prints goes through here: no hidden character of a trace reaches the page."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return legible(value)
    return value


def content_hash(text: str) -> str:
    """Of a style or script that stands in the page, as its policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


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
