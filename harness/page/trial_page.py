"""The page of a run of implementations: one file that needs no network, and decides nothing by itself.

Without a script it has the matrix, and of each implementation what is not as it should be. With it, every case can be
looked up, with its bytes: these stand in the page as data, and are drawn when somebody asks for them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from harness.page import case_data
from harness.page.frame import ANSWERS, answer, dress, templates
from harness.page.run import LEVELS
from harness.page.trial_matrix import matrices
from harness.page.trial_run import TrialRun, read

HERE = Path(__file__).parent
STYLES = ("style.css", "matrix.css", "trial.css")
SCRIPTS = ("sift.js", "matrix.js", "arrive.js", "case.js", "cases.js", "trial.js")
LEFT = {
    "faulty": "its adapter failed",
    "broken": "inconclusive, by our own doing",
    "skipped": "not run",
}
MOST_TOLD = 12  # of one implementation, in full and without a script; the cases have all
MOST_NAMED = 40


def render(run_dir: Path) -> Path:
    """Writes index.html into the run directory. One that is cut short or of another format is a ValueError."""
    environment = templates(HERE)
    environment.filters |= {"web": web}
    found = read(run_dir)
    index, chunks = case_data.blocks(found)
    html = environment.get_template("trial.html.j2").render(
        run=found.run,
        tried=found.tried,
        left=found.left,
        kinds=LEFT,
        matrices=matrices(found),
        choices=_choices(found),
        texts={each.id: each for each in found.requirements},
        most=MOST_TOLD,
        most_named=MOST_NAMED,
        cases=found.cases,
        index=index,
        chunks=chunks,
        answer=answer(found.run["exit_code"]),
        remarks=found.run.get("remarks", ()),
        answers=ANSWERS,
        **dress(STYLES, SCRIPTS if found.tried else ()),
    )
    page = run_dir / "index.html"
    page.write_text(html, encoding="utf-8")
    return page


def _choices(run: TrialRun) -> list[tuple[str, str, list[str]]]:
    """What a filter can choose from: label, name, and what there is."""
    words = {word for each in run.tried for word in case_data.words(each)}
    words |= {line["verdict"] for each in run.tried for line in each.requirements.values()} - {"skip"}
    levels = {each.level for each in run.requirements}
    return [
        ("Verdict", "verdict", sorted(words)),
        ("Level", "level", [level for level in LEVELS if level in levels]),
        ("Role", "role", sorted({str(each.entry["role"]) for each in run.tried})),
        ("Implementation", "column", [each.name for each in run.tried]),
    ]


def web(link: str) -> str:
    """The link where it leads to the web; else nothing, so that no other kind can be followed."""
    return link if link.startswith(("https://", "http://")) else ""


if __name__ == "__main__":
    print(render(Path(sys.argv[1])))
