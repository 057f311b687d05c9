"""A boot as a run directory has kept it, judged again as if it had just been played; nothing is booted."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from harness import kept_run
from harness.boot import Run
from harness.scenario import Scenario, scenario
from harness.session import Session
from harness.subject import Judged, judge_run
from harness.suite_lock import SuiteLock
from vm.image import Image
from vm.machine import MachineSetup


def judge(
    kept: Path,
    entry: Mapping[str, Any],
    out: Path,
    profile: str | None,
    lock: SuiteLock | None = None,
    asked: Sequence[str] = (),
) -> Judged:
    """What is judged is a copy, in the run directory `out`. Raises RunRefused.

    `asked`: options of `notifyspec judge`.
    """
    played = _scenario(entry)
    image = Image(entry["image"], kept, entry["systemd"], entry["distribution"])
    name = f"{image.name}-{played.name}"
    trace = kept_run.file(kept, entry, "trace")
    run = Run(
        played.name,
        image.name,
        _copied(trace, out / "traces" / f"{name}.jsonl"),
        _copied(kept_run.file(kept, entry, "console"), out / "console" / f"{name}.txt"),
        float(entry["seconds"]),
        hung=entry["outcome"] == "hung",
        trouble=entry["trouble"],
    )
    with kept_run.readable(trace, copy=run.trace):
        return judge_run(played, image, run, out, profile, asked, lock)


def _scenario(entry: Mapping[str, Any]) -> Scenario:
    """As the run describes it: today's may have another sentence, or be no more."""
    setup = MachineSetup(credential=f"{entry['transport']}:")
    return scenario(entry["scenario"], entry["text"], vantage=entry["vantage"], machine=setup)(_never)


def _never(_: Session) -> None:
    raise AssertionError("what was kept is not played again")


def _copied(source: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        return Path(shutil.copyfile(source, target))
    except OSError as failure:
        raise kept_run.RunRefused(f"{source}: {failure.strerror}") from None
