"""A case for proxies: what the payload sends, as fixtures/proxies/<name>.json has it in a sender's words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import judgement

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


def read(folder: Path = FOLDER) -> list[Case]:
    found = []
    for path in sorted(folder.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        found.append(Case(path.stem, content["note"], content["steps"]))
    return found


def requirements() -> list[dict[str, Any]]:
    """What is asked of each case."""
    return [row for row in judgement.requirements() if row["role"] == ROLE]


def parts() -> list[str]:
    """All that there is to meet: of each case, what each requirement says of it."""
    asked = requirements()
    return [part(case.id, row["id"]) for case in read() for row in asked]


def part(case: str, requirement: str) -> str:
    """Of a case, what one requirement says of it: an id, too."""
    return f"{case}/{requirement.removeprefix(f'{ROLE}.')}"
