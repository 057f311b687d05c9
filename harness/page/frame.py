"""What all pages of runs share: the frame, its dress, and what makes text of others harmless.

A page is one file that needs no network. Style and script stand in it, and its policy allows no others.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from harness.outcome_word import plain
from harness.page.legible import legible, runs

HERE = Path(__file__).parent
SYMBOLS = {
    "pass": "✓",
    "fail": "✗",
    "warn": "!",
    "skip": "–",
    "observed": "○",
    "inconclusive": "?",
    "hung": "…",
    "crash": "✗",
    "hang": "…",
    "nonsense": "?",
    "unput": "?",
    "not put": "?",
    "unsupported": "–",
    "faulty": "✗",
    "broken": "?",
    "skipped": "–",
}
ANSWERS = {
    0: ("pass", "Conforms"),
    1: ("fail", "Does not conform"),
    2: ("inconclusive", "No answer: the input cannot be read"),
    3: ("fail", "The baseline no longer tells the truth"),
    4: ("inconclusive", "No answer: the implementation’s adapter failed"),
    5: ("inconclusive", "No answer: not everything could be run, or the outcome is inconclusive"),
    6: ("inconclusive", "No answer: nothing ran"),
    130: ("inconclusive", "No answer: it was interrupted, and this is what had ended by then"),
}


def answer(code: int) -> tuple[str, str]:
    return ANSWERS.get(code, ("inconclusive", f"No answer: exit code {code}"))


def symbol(word: str) -> str:
    """Of a verdict, an outcome, or one that was foreseen or not adopted."""
    return SYMBOLS.get(plain(word), "·")


def templates(folder: Path) -> Environment:
    """Those of that folder and the shared ones: what they print is escaped and made legible, and nothing may be
    undefined."""
    environment = Environment(
        loader=FileSystemLoader([folder, HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalize,
    )
    environment.filters |= {"anchor": anchor, "runs": runs, "symbol": symbol}
    return environment


def dress(styles: Sequence[str], scripts: Sequence[str] = ()) -> dict[str, Any]:
    """Style, script and policy of a page, from files of this folder."""
    style, script = (_whole(names) for names in (styles, scripts))
    allowed = f"style-src {content_hash(style)}; " + (
        f"script-src {content_hash(script)}; " if scripts else ""
    )
    policy = f"default-src 'none'; {allowed}img-src data:; base-uri 'none'; form-action 'none'"
    return {"style": Markup(style), "script": Markup(script), "policy": policy}


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


def _whole(names: Sequence[str]) -> str:
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)
