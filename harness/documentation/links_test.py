"""Each link of the documentation to a file or a heading of ours leads there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.documentation import page

LINK = re.compile(r"\]\(([^)\s]+)\)")


def headings(path: Path) -> set[str]:
    """As GitHub names them."""
    text = page.FENCED.sub("", path.read_text(encoding="utf-8"))
    found = re.findall(r"^#+ (.*)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in found}


@pytest.mark.parametrize("path", page.pages(), ids=page.name)
def test_each_link_leads_somewhere(path: Path) -> None:
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        file, _, heading = link.partition("#")
        if "://" in link:
            continue
        target = path.parent / file if file else path
        assert target.exists(), link
        assert not heading or heading in headings(target), link
