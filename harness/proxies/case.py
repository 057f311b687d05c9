"""A case for proxies: what the payload sends, as fixtures/proxies/<name>.json has it in a sender's words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent.parent / "fixtures" / "proxies"
ROLE = "proxy"


@dataclass(frozen=True)
class Case:
    name: str
    note: str
    steps: Sequence[dict[str, Any]]

    @property
    def id(self) -> str:
        return f"{ROLE}/{self.name}"

    @property
    def sending(self) -> str:
        """What the payload is asked: our own sender, which reads line by line."""
        return json.dumps({"seq": 0, "do": "send", "steps": list(self.steps)}) + "\n"

    @property
    def ending(self) -> str:
        return json.dumps({"seq": 1, "do": "stop"}) + "\n"

    @property
    def says_ready(self) -> bool:
        return any("READY=1" in step.get("state", "").split("\n") for step in self.steps)


def read(only: Sequence[str] = (), folder: Path = FOLDER) -> list[Case]:
    """All, or those of which a glob names the id, or something that is judged of it: proxy/CASE/REQUIREMENT."""
    found = []
    for path in sorted(folder.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        case = Case(path.stem, content["note"], content["steps"])
        if not only or any(_names(glob, case) for glob in only):
            found.append(case)
    return found


def _names(glob: str, case: Case) -> bool:
    return fnmatchcase(case.id, glob) or fnmatchcase(case.id, glob.rpartition("/")[0])
