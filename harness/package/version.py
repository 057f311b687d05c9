"""The version of what is packaged: that of the project, and of the commit where there is git."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from datetime import datetime, timezone

from vm.installation import ROOT


@dataclass(frozen=True)
class Version:
    project: str
    commits: int = 0  # so that a later commit is a later version
    commit: str = ""
    changed: bool = False  # what is packaged is of no commit
    date: datetime = datetime.fromtimestamp(0, timezone.utc)

    def __str__(self) -> str:
        """In the letters that Debian allows, and in its order."""
        git = f"+git{self.commits}.{self.commit}" if self.commit else ""
        return f"{self.project}{git}{'+changed' if self.changed else ''}"


def read() -> Version:
    text = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    match = re.search(r"^project\(notifyspec VERSION ([0-9.]+)", text, re.MULTILINE)
    assert match
    if not (ROOT / ".git").exists():
        return Version(match[1])
    commit, seconds = _git("log", "-1", "--abbrev=8", "--format=%h %ct").split()
    date = datetime.fromtimestamp(int(seconds), timezone.utc)
    changed = bool(_git("status", "--porcelain", "--untracked-files=no"))
    return Version(match[1], int(_git("rev-list", "--count", "HEAD")), commit, changed, date)


def _git(*words: str) -> str:
    return subprocess.run(
        ["git", "-C", ROOT, *words], capture_output=True, text=True, check=True
    ).stdout.strip()
