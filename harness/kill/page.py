"""The page of coverage: requirements, their scenarios and vectors, the bugs that prove them, and what systemd did.

Made of what is recorded: fixtures/requirements.toml, the vectors, kills.jsonl. It needs no network and no script, runs
nothing and decides nothing: what is covered is said by `notifyspec list requirements`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from harness import judgement
from harness.kill.record import PATH, Line, read
from harness.page.frame import anchor, content_hash, templates
from harness.vectors.vector import FOLDER, Vector

HERE = Path(__file__).parent
STYLES = (HERE.parent / "page" / "style.css", HERE / "coverage.css")
ROLES = ("receiver", "sender", "manager", "device")


@dataclass(frozen=True)
class Seen:
    """What some versions of systemd came to, told alike."""

    versions: str
    words: str


@dataclass(frozen=True)
class Group:
    """Requirements of one role."""

    role: str
    rows: Sequence[Mapping[str, Any]]


def render(vectors: Sequence[Vector], folder: Path) -> Path:
    """Writes coverage.html there."""
    rows = judgement.proofs(FOLDER, PATH)
    kills = read()
    environment = templates(HERE)
    environment.filters["anchor"] = anchor
    style = "\n".join(path.read_text(encoding="utf-8") for path in STYLES)
    html = environment.get_template("coverage.html.j2").render(
        groups=[Group(role, [row for row in rows if row["role"] == role]) for role in ROLES],
        counts=_counts(rows, vectors, kills),
        uncovered=[
            row
            for row in rows
            if row["by"] != "pairs" and (not row["bugs"] or not (row["cases"] or row["vectors"]))
        ],
        vectors={each.id: each for each in vectors},
        seen={each.id: seen_of(each.content) for each in vectors},
        killed_by=_killed_by(kills),
        bugs=kills,
        version=judgement.version(),
        style=Markup(style),
        policy=f"default-src 'none'; style-src {content_hash(style)}; img-src data:; base-uri 'none'; "
        "form-action 'none'",
    )
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "coverage.html"
    page.write_text(html, encoding="utf-8")
    return page


def seen_of(vector: Mapping[str, Any]) -> list[Seen]:
    """What each version was seen to conclude; versions that came to the same stand together, in their order."""
    versions = defaultdict(list)
    for version, conclusion in vector.get("systemd", {}).items():
        versions[_told(conclusion)].append(version)
    return [Seen(", ".join(names), words) for words, names in versions.items()]


def _told(conclusion: Mapping[str, Any]) -> str:
    words = [
        f"{member} {value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)}"
        for member, value in conclusion.items()
    ]
    return "; ".join(words) or "all as it was before"


def _killed_by(kills: Mapping[str, Line]) -> dict[str, list[str]]:
    found = defaultdict(list)
    for bug, line in kills.items():
        for vector in line.get("vectors", []):
            found[vector].append(bug)
    return dict(found)


def _counts(
    rows: Sequence[Mapping[str, Any]], vectors: Sequence[Vector], kills: Mapping[str, Line]
) -> list[tuple[int, str]]:
    recorded = sum("systemd" in each.content for each in vectors)
    return [
        (len(rows), "requirements"),
        (len(vectors), "vectors"),
        (recorded, "of them put before real systemd"),
        (len({case for row in rows for case in row["cases"]}), "scenarios"),
        (len(kills), "planted bugs"),
    ]
