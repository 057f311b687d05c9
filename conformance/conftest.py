"""The tool that the tests of the command line run."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Notifyspec:
    """Runs the tool with some arguments to its end; a hang is a failure."""

    program: Path

    def __call__(self, *arguments: object, **options: Any) -> subprocess.CompletedProcess[Any]:
        settings: dict[str, Any] = {"capture_output": True, "text": True, "timeout": 60}
        if "input" not in options:
            settings["stdin"] = subprocess.DEVNULL
        return subprocess.run([self.program, *map(str, arguments)], **(settings | options))


@pytest.fixture(scope="session")
def notifyspec() -> Notifyspec:
    """$NOTIFYSPEC, or what the presets release and dev have built."""
    places = [ROOT / "build" / preset / "notifyspec" for preset in ("release", "dev")]
    if "NOTIFYSPEC" in os.environ:
        places = [Path(os.environ["NOTIFYSPEC"])]
    for place in places:
        if place.exists():
            return Notifyspec(place)
    pytest.fail(f"no notifyspec in {', '.join(map(str, places))}: build it first, with ./run")
