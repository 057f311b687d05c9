"""The run directory: what a gate run leaves behind, for the page, for CI and for judging it again.

run.json            what was run, and what came of it
requirements.jsonl  the requirements that it was judged by
traces/ fields/ verdicts/ console/   a file for each boot
junit.xml, report.txt, report.md, badge.svg, index.html   the same for machines, terminals, people
"""

from __future__ import annotations

import json
import os
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from types import MappingProxyType
from typing import Any

from harness import judgement, seal
from harness.exit_code import ExitCode
from harness.subject import Judged

FORMAT = 1
NOTHING: Mapping[str, Any] = MappingProxyType({})


def create(out: Path | None, runs: Path) -> Path:
    """An empty folder of its own, below `runs` where none is named; `latest` beside it leads there. Absolute: QEMU and
    others that are told of it have working directories of their own."""
    if out is not None:
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as failure:
            words = f"{out}: no folder for the run can be made there ({failure.strerror}): name another --out"
            raise type(failure)(words) from None
        if any(out.iterdir()):
            raise FileExistsError(f"{out} is not empty; name a folder that is, or that does not exist")
        return out.absolute()
    runs = runs.absolute()
    runs.mkdir(parents=True, exist_ok=True)
    folder = runs / datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S")
    number = 1
    while True:
        try:
            folder.mkdir()
            break
        except FileExistsError:
            number += 1
            folder = folder.with_name(f"{folder.name[:15]}-{number}")
    link = runs / f".latest-{os.getpid()}"
    link.symlink_to(folder.name)
    link.replace(runs / "latest")
    return folder


def write(
    out: Path,
    started: datetime,
    boots: Sequence[Judged],
    skipped: Sequence[tuple[str, str]],
    code: ExitCode,
    profile: str | None,
    remarks: Sequence[str] = (),
    more: Mapping[str, Any] = NOTHING,
) -> None:
    """run.json and requirements.jsonl."""
    counts: Counter[str] = sum((judgement.counts(boot.verdicts) for boot in boots), Counter())
    words = ("pass", "fail", "warn", "skip", "inconclusive", "observed")
    run = {
        "format": FORMAT,
        "suite": judgement.version(),
        "started": started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "host": {"kernel": platform.release(), "machine": platform.machine()},
        "profile": profile,
        "exit_code": int(code),
        "remarks": list(remarks),
        "counts": {word: counts[word] for word in words} | counts,
        "boots": [_boot(boot) for boot in boots],
        "skipped": [{"name": name, "reason": reason} for name, reason in skipped],
        **more,
    }
    (out / "requirements.jsonl").write_text(judgement.listing("requirements"), encoding="utf-8")
    close(out, run)


def close(out: Path, run: Mapping[str, Any]) -> None:
    """Writes run.json, with the seal of all other files: they must be there."""
    text = json.dumps({**run, "files": seal.of(out)}, indent=1)
    (out / "run.json").write_text(text + "\n", encoding="utf-8")


def _boot(boot: Judged) -> dict[str, object]:
    return {
        "name": boot.name,
        "image": boot.image.name,
        "systemd": boot.image.systemd,
        "distribution": boot.image.distribution,
        "vantage": boot.scenario.vantage,
        "transport": boot.scenario.transport,
        "scenario": boot.scenario.name,
        "text": boot.scenario.text,
        "outcome": boot.outcome,
        "trouble": boot.run.trouble,
        "seconds": round(boot.run.seconds, 3),
        "trace": f"traces/{boot.name}.jsonl",
        "fields": f"fields/{boot.name}.jsonl",
        "verdicts": f"verdicts/{boot.name}.jsonl",
        "console": f"console/{boot.name}.txt",
    }
