"""A finding: an input that makes a target fail, what it was, and the key by which two of them are one.

The key is the invariant that was violated, or the sanitizer's word with the first frames of the stack that are ours.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from fuzz.target import Target

FRAMES = 3
MINIMISE_S = 10
KINDS = {"timeout": "hang", "out-of-memory": "memory", "leak": "leak"}


@dataclass
class Finding:
    target: str
    kind: str  # violated, crash, hang, memory, leak
    title: str
    stack: tuple[str, ...]
    path: Path
    count: int = 1

    @property
    def key(self) -> str:
        return f"{self.target}: {self.title}"

    @property
    def again(self) -> str:
        return f"./run fuzz --again {os.path.relpath(self.path)}"


def read(target: Target, log: str, path: Path) -> Finding:
    """From what the engine said as it stopped."""
    stack = tuple(_frames(log))
    if match := re.search(r"^violated: (.+)$", log, re.M):
        return Finding(target.name, "violated", match[1], stack, path)
    if match := re.search(r"terminate called after throwing an instance of '(.+)'", log):
        return Finding(target.name, "crash", f"{match[1]} is caught by nobody", stack, path)
    match = re.search(r"^(?:SUMMARY: \w+: |.*runtime error: )(.+)$", log, re.M)
    word = match[1] if match else "it ended"
    kind = next((kind for name, kind in KINDS.items() if name in word or path.name.startswith(name)), "crash")
    where = f" in {stack[0]}" if stack else ""
    return Finding(target.name, kind, re.sub(r" \S*/", " ", word)[:120] + where, stack, path)


def _frames(log: str) -> list[str]:
    found = re.findall(r"^\s+#\d+ 0x[0-9a-f]+ in (.+?) \S*/(?:conformance|vm|fuzz)/\S+:\d+", log, re.M)
    return [re.sub(r"\(.*", "", each) for each in found if "require" not in each][:FRAMES]


def keep(target: Target, log: str, artifact: Path, folder: Path) -> Finding:
    """Minimised, and under a name of its own, which the same input has again the next time."""
    smaller = artifact.with_suffix(".small")
    call = [
        target.binary,
        "-minimize_crash=1",
        f"-max_total_time={MINIMISE_S}",
        f"-exact_artifact_path={smaller}",
        artifact,
    ]
    subprocess.run(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    bytes_ = (smaller if smaller.exists() and smaller.stat().st_size else artifact).read_bytes()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{target.name}-{hashlib.sha256(bytes_).hexdigest()[:12]}"
    path.write_bytes(bytes_)
    for each in (artifact, smaller):
        each.unlink(missing_ok=True)
    return read(target, log, path)
