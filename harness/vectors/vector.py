"""A vector as its file has it. What it means is for `notifyspec` to say; here its settings are carried to a service."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import judgement

USER = "-user"  # behind a version: of its user manager
FOLDER = Path(__file__).parent.parent.parent / "fixtures" / "vectors"


@dataclass(frozen=True)
class Vector:
    id: str
    path: Path
    content: dict[str, Any]
    level: str = ""  # the highest of its requirements

    @property
    def requirements(self) -> list[str]:
        return self.content["requirements"]

    @property
    def service(self) -> dict[str, Any]:
        return {"type": "notify", "notify_access": "main", "fd_store_max": 0, "watchdog_usec": 0} | (
            self.content.get("service") or {}
        )

    def recorded(self, version: str) -> dict[str, Any] | None:
        """What a systemd of that version concluded; a user manager, 257-user, as PID 1 where nothing else is said."""
        systemd = self.content.get("systemd", {})
        return systemd.get(version, systemd.get(version.removesuffix(USER)))

    def keep(self, version: str, conclusion: dict[str, Any] | None) -> None:
        """Writes down what it concluded, or that it could not be asked; as people read it."""
        recorded = dict(self.content.get("systemd", {}))
        recorded.pop(version, None)
        no_news = version.endswith(USER) and conclusion == recorded.get(version.removesuffix(USER))
        if conclusion is not None and not no_news:
            recorded[version] = conclusion
        self.content.pop("systemd", None)
        if recorded:
            self.content["systemd"] = dict(sorted(recorded.items()))
        text = json.dumps(self.content, ensure_ascii=False, indent=2)
        self.path.write_text(text + "\n", encoding="utf-8")


def read(role: str, folder: Path = FOLDER, only: Sequence[str] = ()) -> list[Vector]:
    """Those of that role, and of them the ones that a glob of `only` names; all are first read by the tool, which
    refuses what is broken."""
    rows = [json.loads(line) for line in judgement.vectors(folder).splitlines()]
    found = []
    for row in rows:
        id_ = row["id"]
        if id_.partition("/")[0] == role and (not only or any(fnmatch.fnmatch(id_, glob) for glob in only)):
            path = folder / f"{id_}.json"
            found.append(Vector(id_, path, json.loads(path.read_text(encoding="utf-8")), row["level"]))
    return found


def partial(every: Sequence[Vector], put: Collection[str]) -> frozenset[str]:
    """Requirements of which not every vector is among those that are put."""
    left_out = {each.id for each in every}.difference(put)
    return frozenset(name for each in every if each.id in left_out for name in each.requirements)
