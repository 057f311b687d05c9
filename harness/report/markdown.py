"""report.md: a run as a comment on a pull request, short, with what is needed to look into each failure.

What implementations said stands in code spans, so that nothing of it becomes markup, a mention or a link.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from harness.page.frame import answer, symbol
from harness.page.legible import legible
from harness.report.digest import Case, Digest

HERE = Path(__file__).parent
MOST = 20  # failures told in full
MOST_ROWS = 12  # of a table before it is folded
LETTERS = 300
SUBJECTS = {"boots": "boot", "implementations": "implementation", "proxies": "proxy"}


def render(digest: Digest) -> str:
    bad = [each for each in digest.cases if each.is_bad or each.is_open]
    bad += [each for each in digest.cases if each.word == "warn" and not each.is_apart]
    news = [each for each in digest.cases if each.is_news]
    template = templates().get_template("report.md.j2")
    text = template.render(
        run=digest,
        answer=answer(digest.exit_code),
        noun=SUBJECTS[digest.kind],
        told=_by_requirement(bad[:MOST]),
        n_left=max(0, len(bad) - MOST),
        news=news[:MOST],
        n_news=len(news),
        most_rows=MOST_ROWS,
    )
    return tidy(text)


def tidy(text: str) -> str:
    """One empty line says as much as three."""
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"code": code, "cell": cell, "plain": plain, "counts": counts, "symbol": symbol}
    return environment


def _by_requirement(cases: list[Case]) -> dict[str, list[Case]]:
    """Of a case with several, by the first."""
    found: dict[str, list[Case]] = {}
    for each in cases:
        found.setdefault(each.requirements[0] if each.requirements else "", []).append(each)
    return found


def code(text: str) -> str:
    """As a code span, whatever is in it; on one line, and not too long."""
    text = legible(text)
    text = text if len(text) <= LETTERS else f"{text[:LETTERS]}…"
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") or not text else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def cell(text: str) -> str:
    """The same in a table, where a bar is a border even within code."""
    return code(text).replace("|", "\\|")


def plain(text: str) -> str:
    """Our own sentences, in which nothing may become markup either."""
    return re.sub(r"([\\`*_{}\[\]<>#|~@$])", r"\\\1", legible(text))


def counts(found: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {word}" for word, count in found.items())
