"""Another revision of this project, checked out and built beside this one, to be compared with."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench.counts import ROOT

FOLDER = ROOT / "build" / "against"
COUNTED, TIMED = "notifyspec_counted", "notifyspec_contestant"


class RevisionRefused(Exception):
    """There is no such revision, or it has nothing to compare with."""


@dataclass(frozen=True)
class Revision:
    name: str  # as git describes it
    build: Path


def commit_of(wanted: str) -> str:
    """Raises RevisionRefused where there is none, or nothing in it to compare with."""
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{wanted}^{{commit}}")
    if not commit:
        raise RevisionRefused(f"{wanted!r} is no revision; `git log --oneline` shows which there are")
    if not _git("ls-tree", "--name-only", commit, "bench/counted.cc"):
        raise RevisionRefused(f"{wanted} is from before there were counts: name a later one")
    return commit


def build(wanted: str, like: Path, *, timed: bool) -> Revision:
    """With the compiler of the build `like`, and only what is compared: what is counted, and what is `timed`. Kept
    under build/against. Raises RevisionRefused."""
    commit = commit_of(wanted)
    tree = FOLDER / commit[:12]
    if not (tree / "CMakeLists.txt").exists():
        tree.mkdir(parents=True, exist_ok=True)
        archive = subprocess.Popen(["git", "archive", commit], cwd=ROOT, stdout=subprocess.PIPE)
        subprocess.run(["tar", "-x", "-C", str(tree)], stdin=archive.stdout, check=True)
        if archive.wait() != 0:
            raise RevisionRefused(f"git archive of {wanted} failed")
    compiler = _cache(like, "CMAKE_CXX_COMPILER")
    environment = os.environ | ({"CXX": compiler} if compiler else {})
    out = tree / "build" / "release"
    for call in (
        ["cmake", "--preset", "release"],
        ["cmake", "--build", "--preset", "release", "--target", COUNTED, *([TIMED] if timed else [])],
    ):
        done = subprocess.run(call, cwd=tree, env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise RevisionRefused(f"{wanted} does not build: {(done.stdout + done.stderr).strip()[-600:]}")
    return Revision(_git("describe", "--always", commit), out)


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True).stdout.strip()


def _cache(build_folder: Path, name: str) -> str:
    cache = build_folder / "CMakeCache.txt"
    lines = cache.read_text().splitlines() if cache.exists() else []
    return next((line.partition("=")[2] for line in lines if line.startswith(f"{name}:")), "")
