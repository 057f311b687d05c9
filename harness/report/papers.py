"""What every run directory has beside its page: report.md, badge.svg and junit.xml, made of what lies in it."""

from __future__ import annotations

from pathlib import Path

from harness.report import badge, digest, junit, markdown


def write(folder: Path) -> None:
    """Once run.json and the files that it names are there."""
    found = digest.read(folder)
    (folder / "report.md").write_text(markdown.render(found), encoding="utf-8")
    (folder / "badge.svg").write_text(badge.render(found), encoding="utf-8")
    (folder / "junit.xml").write_text(junit.render(found), encoding="utf-8")
