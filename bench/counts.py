"""Counts: instructions, system calls, allocations and fds of each case, exact, under callgrind.

The same code gives the same counts, so that they can gate (budgets.py) where wall time cannot.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EVENTS = ("Ir", "sysCount")
VALGRIND = (
    "valgrind --quiet --tool=callgrind --collect-atstart=no --collect-systime=yes --separate-threads=no"
).split()


FILES = 10_000  # that may be open: below, a receiver takes fewer datagrams at once (os/batch.h), and all counts differ


class CountsFailed(Exception):
    """Nothing could be counted: our failure, or the environment's."""


@dataclass(frozen=True)
class Count:
    """Of all `messages` of a case together."""

    messages: int
    instructions: int
    system_calls: int
    allocations: int
    fds: int  # open afterwards, and not before

    def per_message(self, name: str) -> float:
        return getattr(self, name) / self.messages


@dataclass(frozen=True)
class Counts:
    """`key`: of what must be the same for two counts to be comparable."""

    key: str
    cases: Mapping[str, Count]


def program(build: Path = ROOT / "build" / "release") -> Path:
    return build / "bench" / "notifyspec_counted"


def take(counted: Path, arguments: Sequence[str] = ()) -> Counts:
    """Raises CountsFailed."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if most != resource.RLIM_INFINITY and most < FILES:
        raise CountsFailed(f"no more than {most} files may be open, and {FILES} must: ulimit -Hn")
    with tempfile.TemporaryDirectory(prefix="notifyspec-counts-") as folder:
        command = [*VALGRIND, f"--callgrind-out-file={folder}/out", str(counted), *arguments]
        # Nothing of the environment: what lies on the stack is part of what is counted.
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, most)),
            )
        except FileNotFoundError:
            raise CountsFailed("valgrind is not installed: apt-get install valgrind") from None
        if done.returncode != 0:
            raise CountsFailed(f"{counted.name}: {done.stderr.decode(errors='replace').strip()[-400:]}")
        who, *lines = map(json.loads, done.stdout.splitlines())
        dumped: dict[str, list[int]] = {}
        for name, figures in map(_dump, Path(folder).glob("out.*")):
            dumped[name] = [sum(both) for both in zip(dumped.get(name, (0, 0)), figures)]
    cases = {}
    for line in lines:
        name = line.pop("case")
        if name not in dumped:
            raise CountsFailed(f"callgrind has no figures of {name}")
        cases[name] = Count(instructions=dumped[name][0], system_calls=dumped[name][1], **line)
    return Counts(_key(who), cases)


def _key(who: Mapping[str, str]) -> str:
    version = re.match(r"[\d.]+|.*?([\d.]+)", who["compiler_version"])
    number = version[0] if version else "unknown"
    return f"{who['compiler']}-{number}-glibc-{who['libc']}-{who['architecture']}-{who['finder']}"


def _dump(path: Path) -> tuple[str, Sequence[int]]:
    """The case, and the figures by EVENTS of one stretch of it. Zeros at the end are left out by callgrind."""
    text = path.read_text(errors="replace")
    case = re.search(r"^desc: Trigger: Client Request: (.*)$", text, re.MULTILINE)
    names = re.search(r"^events: (.*)$", text, re.MULTILINE)
    totals = re.search(r"^totals: (.*)$", text, re.MULTILINE)
    if case is None or names is None or totals is None:
        return "", (0, 0)
    figures = dict(zip(names[1].split(), map(int, totals[1].split())))
    return case[1], [figures.get(event, 0) for event in EVENTS]
