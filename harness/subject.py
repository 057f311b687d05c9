"""One boot that was asked for: played, decoded, judged, and what came of it."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from harness import judgement
from harness.boot import Run, run_scenario
from harness.exit_code import ExitCode
from harness.scenario import Scenario
from harness.suite_lock import SuiteLock
from harness.termination import Terminated
from vm.deadline import Deadline
from vm.image import Image


@dataclass(frozen=True)
class Judged:
    image: Image
    scenario: Scenario
    run: Run
    code: ExitCode
    verdicts: list[dict[str, Any]]

    @property
    def name(self) -> str:
        """Of its files and of its place on the page."""
        return f"{self.image.name}-{self.scenario.name}"

    @property
    def outcome(self) -> str:
        """One word for the page; the exit code says the same."""
        if self.run.hung:
            return "hung"
        found = {verdict["verdict"] for verdict in self.verdicts if "advisory" not in verdict}
        if self.code is ExitCode.ENVIRONMENT:
            return "inconclusive"
        return next((word for word in ("fail", "inconclusive", "warn") if word in found), "pass")


def signature(judged: Judged) -> set[tuple[str, str]]:
    """What two boots of the same system must have in common."""
    return {(each["requirement"], each["verdict"]) for each in judged.verdicts}


def judge_boot(
    scenario: Scenario,
    image: Image,
    out: Path,
    deadline: Deadline,
    profile: str | None = None,
    vsock: str = "auto",
    asked: Sequence[str] = (),
    lock: SuiteLock | None = None,
) -> Judged:
    """Boots, and lays down trace, fields, verdicts and console in the run directory `out`.

    `asked`: options of `notifyspec judge`. What a lock has not is judged and told, and changes no code.
    """
    name = f"{image.name}-{scenario.name}"
    boot = out / "boots" / name  # of this one alone: others may be booting
    try:
        run = run_scenario(scenario, image, boot, deadline, vsock)
        trace = _moved(run.trace, out / "traces" / f"{name}.jsonl")
        run = replace(run, trace=trace, console=_moved(run.console, out / "console" / f"{name}.txt"))
        _remove(boot)
        return judge_run(scenario, image, run, out, profile, asked, lock)
    except (KeyboardInterrupt, Terminated):  # what is laid down of it is a part, and judges nothing
        _remove(boot)
        for path in (*out.glob(f"*/{name}.jsonl"), out / "console" / f"{name}.txt"):
            path.unlink(missing_ok=True)
        raise


def _remove(boot: Path) -> None:
    shutil.rmtree(boot, ignore_errors=True)
    with contextlib.suppress(OSError):
        boot.parent.rmdir()


def judge_run(
    scenario: Scenario,
    image: Image,
    run: Run,
    out: Path,
    profile: str | None = None,
    asked: Sequence[str] = (),
    lock: SuiteLock | None = None,
) -> Judged:
    """Decodes and judges a trace that lies in the run directory `out`, and lays down fields and verdicts beside it."""
    name, trace = f"{image.name}-{scenario.name}", run.trace
    _write(out / "fields" / f"{name}.jsonl", judgement.decode(trace))
    code, verdicts = judgement.judge(trace, profile=profile, asked=asked)
    for verdict in verdicts:
        verdict["trace"] = f"traces/{name}.jsonl"
    newer = [each for each in verdicts if lock is not None and each["requirement"] not in lock.cases]
    for verdict in newer:
        verdict["advisory"] = True
    if newer:
        counts = [f"--only={each['requirement']}" for each in verdicts if "advisory" not in each]
        code = judgement.judge(trace, profile=profile, asked=counts)[0] if counts else ExitCode.NOTHING_RAN
    _write(out / "verdicts" / f"{name}.jsonl", "".join(json.dumps(each) + "\n" for each in verdicts))
    return Judged(image, scenario, run, _code(run, code), verdicts)


def _code(run: Run, judged: ExitCode) -> ExitCode:
    """A hang is a failure, whatever came before it; a scenario that was not played to its end has proved nothing,
    unless what was seen is a failure already."""
    if run.hung:
        return ExitCode.DOES_NOT_CONFORM
    if run.trouble and judged in (ExitCode.CONFORMS, ExitCode.NOTHING_RAN):
        return ExitCode.ENVIRONMENT
    return judged


def _moved(source: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return source.replace(target)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
