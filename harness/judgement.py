"""What notifyspec makes of one trace: its fields and its verdicts, as files. Nothing is parsed or judged here."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness import tool
from harness.exit_code import ExitCode


class ToolBroke(Exception):
    """notifyspec itself failed on what the harness gave it: a bug of the suite, never a verdict."""

    def __init__(self, call: str, words: str, code: int) -> None:
        super().__init__(f"{call}: {words}")
        self.words = words
        self.code = code  # ExitCode.USAGE where it could not read what it was given


class InputRefused(Exception):
    """notifyspec cannot read what people wrote: in its words, which name file and member."""


def _run(arguments: Sequence[str | Path], *, allowed: Sequence[int]) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([tool.notifyspec(), *arguments], capture_output=True, text=True, check=False)
    if done.returncode not in allowed:
        words = done.stderr.strip() or f"exit code {done.returncode}"
        raise ToolBroke(f"notifyspec {' '.join(map(str, arguments))}", words, done.returncode)
    return done


def decode(trace: Path) -> str:
    """The fields of each message, as JSON lines."""
    return _run(["decode", "--lines", trace], allowed=[0]).stdout


def judge(
    trace: Path, *, profile: str | None = None, asked: Sequence[str] = ()
) -> tuple[ExitCode, list[dict[str, Any]]]:
    """The exit code of `notifyspec judge`, and its verdicts. `asked`: more of its options."""
    options = [*(["--profile", profile] if profile else []), *asked]
    done = _run(["judge", "--format", "jsonl", *options, trace], allowed=[0, 1, 5, 6])
    return ExitCode(done.returncode), [json.loads(line) for line in done.stdout.split("\n") if line]


def listing(what: str) -> str:
    """`requirements`, `fields` or `signals`, as JSON lines."""
    return _run(["list", what, "--format", "jsonl"], allowed=[0]).stdout


def requirements() -> list[dict[str, Any]]:
    """The same of requirements, read."""
    return [json.loads(line) for line in listing("requirements").splitlines()]


def vectors(folder: Path) -> str:
    """The vectors in that folder, as JSON lines."""
    done = _run(["list", "vectors", "--vectors", folder, "--format", "jsonl"], allowed=[0, ExitCode.USAGE])
    if done.returncode == ExitCode.USAGE:
        raise InputRefused(done.stderr.strip())
    return done.stdout


def proofs(folder: Path, kills: Path) -> list[dict[str, Any]]:
    """The requirements, with their cases and the bugs that prove them."""
    call = ["list", "requirements", "--format", "jsonl", "--vectors", folder, "--kills", kills]
    return [json.loads(line) for line in _run(call, allowed=[0]).stdout.split("\n") if line]


def grade(outcomes: Path, vectors: Path, *options: str | Path) -> list[dict[str, Any]]:
    """The grades of vectors, and of requirements."""
    call = ["grade", outcomes, "--vectors", vectors, "--format", "jsonl", *options]
    done = _run(call, allowed=[0, 1, 4, 5, 6])
    return [json.loads(line) for line in done.stdout.split("\n") if line]


def graded(outcomes: Path, vectors: Path, *options: str | Path) -> str:
    """The same as text."""
    call = ["grade", outcomes, "--vectors", vectors, *options]
    return _run(call, allowed=[0, 1, 4, 5, 6]).stdout


def compare(went_in: Path, came_out: Path, documented: Sequence[str]) -> list[dict[str, Any]]:
    """What a proxy made of the messages, and the verdicts. `documented`: what its own documentation promises."""
    options = [f"--documented={each}" for each in documented]
    done = _run(["compare", went_in, came_out, *options], allowed=[0, 1, 6])
    return [json.loads(line) for line in done.stdout.split("\n") if line]


def version() -> str:
    """Of the tool, which is that of the suite: its requirements are built into it."""
    return _run(["--version"], allowed=[0]).stdout.split()[-1]


def counts(verdicts: Sequence[dict[str, Any]]) -> Counter[str]:
    """By verdict; what was merely observed is no skip: nothing was left out there. What is not adopted is "new"."""
    return Counter(
        ("new " if "advisory" in each else "") + ("observed" if _merely_observed(each) else each["verdict"])
        for each in verdicts
    )


def _merely_observed(verdict: dict[str, Any]) -> bool:
    return verdict["verdict"] == "skip" and "seen" in verdict
