"""`./run gate --compare OLD NEW`: two runs beside each other, on the terminal, as Markdown and as a page.

Exit code 1 where an old case became worse, and 0 else, whatever is new; 2 where one cannot be read, or both cannot be
compared.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from harness import run_directory
from harness.exit_code import ExitCode
from harness.page.frame import dress, templates
from harness.page.legible import legible
from harness.report import digest, markdown
from harness.report.difference import MANNERS, Change, Difference, compare, tally
from harness.report.digest import Case

HERE = Path(__file__).parent
STYLES = ("style.css", "trial.css")
MOST_TOLD, MOST_LISTED, MOST_SHOWN = 20, 20, 500  # on a terminal, in Markdown, on a page
STYLE = {"worse": "bold red", "better": "green", "other": ""}


def main(old: Path, new: Path, out: Path | None, runs: Path, console: Console) -> ExitCode:
    """Raises RunRefused, and OSError where the folder for the comparison cannot be had."""
    found = compare(digest.read(old), digest.read(new))
    folder = run_directory.create(out, runs / "compared")
    (folder / "comparison.md").write_text(as_markdown(found), encoding="utf-8")
    (folder / "index.html").write_text(as_page(found), encoding="utf-8")
    show(found, console)
    console.print(f"page: {os.path.relpath(folder / 'index.html')}", highlight=False, soft_wrap=True)
    console.print(answer(found)[1], highlight=False)
    return ExitCode.DOES_NOT_CONFORM if found.is_worse else ExitCode.CONFORMS


def answer(found: Difference) -> tuple[str, str]:
    worse = len(found.changes("worse"))
    told = [f"{worse} old case{'s' if worse != 1 else ''}"] if worse else []
    told += [f"the adapter of {name} fails" for name in found.broken]
    if told:
        return "fail", f"Worse: {', '.join(told)}"
    gone = len(found.gone_subjects)
    return "pass", "No old case is worse" + (
        f"; {gone} of {len(found.old.subjects)} {found.old.kind} are gone" if gone else ""
    )


def as_markdown(found: Difference) -> str:
    environment = markdown.templates()
    environment.filters["tally"] = tally
    return markdown.tidy(
        environment.get_template("difference.md.j2").render(most=MOST_LISTED, **_words(found))
    )


def as_page(found: Difference) -> str:
    environment = templates(HERE)
    environment.filters |= {"counts": markdown.counts, "tally": tally}
    # What is not met is what one looks for.
    fresh = sorted(found.fresh, key=lambda each: not each.is_bad)
    return environment.get_template("difference.html.j2").render(
        most=MOST_SHOWN, fresh=fresh, **_words(found), **dress(STYLES)
    )


def _words(found: Difference) -> dict[str, Any]:
    return {"it": found, "answer": answer(found), "remarks": ()} | {
        manner: found.changes(manner) for manner in MANNERS
    }


def show(found: Difference, console: Console) -> None:
    for name, old, new in found.circumstances:
        console.print(Text(f"{name}: {old}, now {new}", style="yellow"))
    for name, old, new in found.versions:
        console.print(Text(f"{name}: version {old}, now {new}", style="yellow"), soft_wrap=True)
    for subject in found.new_subjects:
        console.print(Text(f"{subject.name}: new: {markdown.counts(subject.counts)}"), soft_wrap=True)
    for subject, why in found.gone_subjects:
        console.print(Text(f"{subject.name}: gone{', ' if why else ''}{why}"), soft_wrap=True)
    for manner in MANNERS:
        _show_changes(manner, found.changes(manner), console)
    if fresh := found.fresh:
        console.print(f"{len(fresh)} new cases: {markdown.counts(tally(fresh))}", highlight=False)
        for each in [case for case in fresh if case.is_bad][:MOST_TOLD]:
            console.print(Text(f"  {each.told}: {each.id} in {each.subject}"), soft_wrap=True)
            _tell(each, console)
    if found.n_gone:
        console.print(f"{found.n_gone} cases are gone", highlight=False)
    console.print(f"{found.n_same} old cases are the same", highlight=False)


def _show_changes(manner: str, changes: Sequence[Change], console: Console) -> None:
    if not changes:
        return
    noun = "changed otherwise" if manner == "other" else manner
    console.print(f"{len(changes)} old cases {noun}", style=STYLE[manner], highlight=False)
    for each in changes[:MOST_TOLD]:
        words = f"  {each.new.id} in {each.new.subject}: {each.old.told}, now {each.new.told}"
        console.print(Text(words), soft_wrap=True)
        if manner == "worse":
            _tell(each.new, console)
    if len(changes) > MOST_TOLD:
        console.print(f"  and {len(changes) - MOST_TOLD} more: see the page", highlight=False)


def _tell(case: Case, console: Console) -> None:
    for name, text in (("expected", case.expected), ("seen", case.seen), ("again", case.again)):
        if text:
            console.print(Text(f"    {name + ':':<9} {legible(text)}"), soft_wrap=True)
