"""A finding: an input that makes a target fail, what it was, and the keys by which two of them are one.

Within a target that is the invariant that was violated, with the requirement that it stands for, or the sanitizer's
word with the frame of the stack that is ours; across targets it is the requirement.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from fuzz.target import DIE_WITH_PARENT, Target

FRAMES = 3
MINIMISE_S = 10
SHOWN = 200  # bytes of an input, where people read
HANG_S = 20  # an input that takes longer is a finding
MEMORY_MB = 2560  # of the process, most of which is the sanitizer's own
ALLOCATION_MB = 64  # of one allocation
ARTIFACT = "artifact-"  # how the name begins under which the engine leaves an input that it stopped at
SLOW = ("hang", "memory")  # to make them smaller takes as long, again and again
KINDS = {"timeout": "hang", "out-of-memory": "memory", "leaked": "leak"}  # by a word of the engine


@dataclass
class Finding:
    target: str
    kind: str  # violated, crash, hang, memory, leak
    title: str
    stack: tuple[str, ...]
    path: Path
    count: int = 1
    requirement: str = ""  # that the invariant stands for, if one does

    @property
    def key(self) -> str:
        return f"{self.target}: {self.title}" + (f" ({self.requirement})" if self.requirement else "")

    @property
    def input(self) -> str:
        """How it begins, in signs that can be read."""
        content = self.path.read_bytes() if self.path.is_file() else b""
        return repr(content[:SHOWN])[2:-1] + ("…" if len(content) > SHOWN else "")

    @property
    def again(self) -> str:
        return f"./run fuzz --again {os.path.relpath(self.path)}"


def limits(target: Target) -> list[str]:
    """Options for every call of a target: no input may keep us for longer, and none is longer."""
    return [
        f"-timeout={HANG_S}",
        f"-rss_limit_mb={MEMORY_MB}",
        f"-malloc_limit_mb={ALLOCATION_MB}",
        f"-max_len={target.longest}",
    ]


def read(target: Target, log: str, path: Path) -> Finding:
    """From what the engine said as it stopped."""
    stack = tuple(_frames(log))
    if match := re.search(r"^violated: (.+?)(?: \[([a-z0-9.-]+)\])?$", log, re.M):
        return Finding(target.name, "violated", match[1], stack, path, requirement=match[2] or "")
    if match := re.search(r"terminate called after throwing an instance of '(.+)'", log):
        return Finding(target.name, "crash", f"{match[1]} is caught by nobody", stack, path)
    match = re.search(r"^(?:SUMMARY: \w+: |.*runtime error: )(.+)$", log, re.M)
    word = match[1] if match else "it ended"
    where = f" in {stack[0]}" if stack else ""
    for name, kind in KINDS.items():
        if name in word:  # and how much of it is another number each time
            return Finding(target.name, kind, name + where, stack, path)
    return Finding(target.name, "crash", re.sub(r" \S*/", " ", word)[:120] + where, stack, path)


def _frames(log: str) -> list[str]:
    found = re.findall(r"^\s+#\d+ 0x[0-9a-f]+ in (.+?) \S*/(?:conformance|vm|fuzz)/\S+:\d+", log, re.M)
    names = [re.sub(r"\(.*", "", each.replace("(anonymous namespace)::", "")) for each in found]
    return [each for each in names if each != "require"][:FRAMES]


def again(target: Target, path: Path, said: int | None = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    """One input by itself, once more. `said`: where to what the target says goes."""
    call = [*DIE_WITH_PARENT, target.binary, *limits(target), path]
    return subprocess.run(
        list(map(str, call)), stdout=said, stderr=said, text=True, errors="replace", check=False
    )


def keep(found: Finding, target: Target, folder: Path) -> None:
    """Minimised, and under a name of its own, which the same input has again the next time."""
    artifact = found.path
    smaller = artifact.with_suffix(".small")
    if found.kind not in SLOW:
        _minimise(target, artifact, smaller)
    found.path = put(smaller if _shows(smaller, found, target) else artifact, target, folder)
    for each in (artifact, smaller):
        each.unlink(missing_ok=True)


def _shows(smaller: Path, found: Finding, target: Target) -> bool:
    """Whether it is the same finding: whoever makes an input smaller may come upon another one."""
    if not smaller.exists():
        return False
    return read(target, again(target, smaller).stderr, smaller).key == found.key


def left_behind(target: Target, beside: Path, folder: Path) -> list[Path]:
    """Puts to the findings what a campaign stopped at, when it was killed before it could tell."""
    left = []
    for artifact in sorted(beside.glob(f"{ARTIFACT}*")):
        if not artifact.name.startswith(f"{ARTIFACT}slow-unit") and artifact.suffix != ".small":
            left.append(put(artifact, target, folder))
        artifact.unlink()
    return left


def _minimise(target: Target, artifact: Path, smaller: Path) -> None:
    options = ["-minimize_crash=1", f"-max_total_time={MINIMISE_S}", *limits(target)]
    call = [*DIE_WITH_PARENT, target.binary, *options, f"-exact_artifact_path={smaller}", artifact]
    subprocess.run(list(map(str, call)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def put(path: Path, target: Target, folder: Path) -> Path:
    """To the findings, under a name that says whose it is."""
    content = path.read_bytes()
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{target.name}-{hashlib.sha256(content).hexdigest()[:12]}"
    kept.write_bytes(content)
    return kept
