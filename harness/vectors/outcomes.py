"""Outcomes: what an implementation made of vectors, as a file that `notifyspec grade` judges."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Outcome = dict[str, Any]


@dataclass(frozen=True)
class Outcomes:
    implementation: str
    version: str
    role: str
    all: Sequence[Outcome]

    def write(self, path: Path) -> Path:
        header = {
            "format": 1,
            "implementation": self.implementation,
            "version": self.version,
            "role": self.role,
            "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        }
        lines = [json.dumps(line, ensure_ascii=False) for line in (header, *self.all)]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path
