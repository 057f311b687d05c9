"""A boot as a run directory has kept it, judged again as if it had just been played; nothing is booted."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness import kept_run
from harness.boot import Run
from harness.scenario import Scenario, scenario
from harness.session import Session
from harness.subject import Judged, judge_run
from vm.image import Image
from vm.machine import MachineSetup


def judge(kept: Path, entry: Mapping[str, Any], out: Path, profile: str | None) -> Judged:
    """What is judged is a copy, in the run directory `out`. Raises RunRefused."""
    image_name, systemd, distribution, outcome, trace, console = (
        kept_run.member(kept, entry, each)
        for each in ("image", "systemd", "distribution", "outcome", "trace", "console")
    )
    image, played = Image(image_name, kept, systemd, distribution), _scenario(kept, entry)
    name = f"{image.name}-{played.name}"
    run = Run(
        played.name,
        image.name,
        _copied(kept, trace, out / "traces" / f"{name}.jsonl"),
        _copied(kept, console, out / "console" / f"{name}.txt"),
        float(entry.get("seconds", 0)),
        hung=outcome == "hung",
        trouble=entry.get("trouble"),
    )
    return judge_run(played, image, run, out, profile)


def _scenario(kept: Path, entry: Mapping[str, Any]) -> Scenario:
    """As the run describes it: today's may have another sentence, or be no more."""
    name, text, vantage, transport = (
        kept_run.member(kept, entry, each) for each in ("scenario", "text", "vantage", "transport")
    )
    return scenario(name, text, vantage=vantage, machine=MachineSetup(credential=f"{transport}:"))(_never)


def _never(_: Session) -> None:
    raise AssertionError("what was kept is not played again")


def _copied(kept: Path, name: str, target: Path) -> Path:
    """What lies outside of the run is none of it, and would come to stand in a page."""
    source = kept / name
    if not source.resolve().is_relative_to(kept.resolve()):
        raise kept_run.RunRefused(f"{kept / 'run.json'}: {name!r} lies outside of the run directory")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        return Path(shutil.copyfile(source, target))
    except OSError as failure:
        raise kept_run.RunRefused(f"{source}: {failure.strerror}") from None
