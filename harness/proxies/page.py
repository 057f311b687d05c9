"""The page of a run of proxies: one file that needs no network and no script, and decides nothing by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from harness.graded import Graded
from harness.page import trial_page
from harness.page.legible import runs
from harness.page.page import ANSWERS, SYMBOLS, anchor, content_hash, templates
from harness.proxies import table
from harness.proxies.table import Column

HERE = Path(__file__).parent


def render(run: Mapping[str, Any], graded: Sequence[Graded], columns: Sequence[Column], out: Path) -> None:
    """Writes index.html into `out`. `run` is what run.json says."""
    environment = templates(HERE)
    environment.filters |= {"anchor": anchor, "runs": runs}
    style = "\n".join((trial_page.HERE / name).read_text(encoding="utf-8") for name in trial_page.STYLES)
    code = run["exit_code"]
    html = environment.get_template("page.html.j2").render(
        run=run,
        graded=graded,
        left=[(kind, each["name"], each["reason"]) for kind in trial_page.LEFT for each in run[kind]],
        kinds=trial_page.LEFT,
        heads=table.heads(columns),
        rows=table.rows(columns),
        legend=table.LEGEND,
        answer=ANSWERS.get(code, ("inconclusive", f"No answer: exit code {code}")),
        answers=ANSWERS,
        symbols=SYMBOLS | trial_page.MORE_SYMBOLS,
        style=Markup(style),
        policy=f"default-src 'none'; style-src {content_hash(style)}; img-src data:; base-uri 'none'; "
        "form-action 'none'",
    )
    (out / "index.html").write_text(html, encoding="utf-8")
