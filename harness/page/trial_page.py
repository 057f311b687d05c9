"""The page of a run of implementations: one file that needs no network and no script, and decides nothing by itself."""

from __future__ import annotations

import sys
from pathlib import Path

from markupsafe import Markup

from harness.page.legible import runs
from harness.page.page import ANSWERS, SYMBOLS, anchor, content_hash, templates
from harness.page.trial_run import read

HERE = Path(__file__).parent
STYLES = ("style.css", "trial.css")
MORE_SYMBOLS = {
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
LEFT = {
    "faulty": "its adapter failed",
    "broken": "inconclusive, by our own doing",
    "skipped": "not run",
}


def render(run_dir: Path) -> Path:
    """Writes index.html into the run directory. One that is cut short or of another format is a ValueError."""
    environment = templates(HERE)
    environment.filters |= {"anchor": anchor, "runs": runs, "web": web}
    found = read(run_dir)
    code = found.run["exit_code"]
    style = "\n".join((HERE / name).read_text(encoding="utf-8") for name in STYLES)
    html = environment.get_template("trial.html.j2").render(
        run=found.run,
        tried=found.tried,
        left=found.left,
        kinds=LEFT,
        requirements=found.requirements,
        texts={each["id"]: each for each in found.requirements},
        answer=ANSWERS.get(code, ("inconclusive", f"No answer: exit code {code}")),
        answers=ANSWERS,
        symbols=SYMBOLS | MORE_SYMBOLS,
        style=Markup(style),
        policy=f"default-src 'none'; style-src {content_hash(style)}; img-src data:; base-uri 'none'; "
        "form-action 'none'",
    )
    page = run_dir / "index.html"
    page.write_text(html, encoding="utf-8")
    return page


def web(link: str) -> str:
    """The link where it leads to the web; else nothing, so that no other kind can be followed."""
    return link if link.startswith(("https://", "http://")) else ""


if __name__ == "__main__":
    print(render(Path(sys.argv[1])))
