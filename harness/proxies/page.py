"""The page of a run of proxies: one file that needs no network and no script, and decides nothing by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.graded import Graded
from harness.page import trial_page
from harness.page.frame import ANSWERS, answer, dress, templates
from harness.proxies import table
from harness.proxies.table import Column

HERE = Path(__file__).parent
STYLES = ("style.css", "trial.css")


def render(run: Mapping[str, Any], graded: Sequence[Graded], columns: Sequence[Column], out: Path) -> None:
    """Writes index.html into `out`. `run` is what run.json says."""
    html = (
        templates(HERE)
        .get_template("page.html.j2")
        .render(
            run=run,
            graded=graded,
            left=[(kind, each["name"], each["reason"]) for kind in trial_page.LEFT for each in run[kind]],
            kinds=trial_page.LEFT,
            heads=table.heads(columns),
            rows=table.rows(columns),
            legend=table.LEGEND,
            answer=answer(run["exit_code"]),
            remarks=run["remarks"],
            answers=ANSWERS,
            **dress(STYLES),
        )
    )
    (out / "index.html").write_text(html, encoding="utf-8")
