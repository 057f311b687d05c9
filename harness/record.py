"""`./run record`: records the golden traces anew from real systemd, with the answers that stand beside each."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

from harness import judgement
from harness.guard import guarded
from harness.boot import run_scenario
from harness.exit_code import ExitCode, worst
from harness.scenario import Scenario
from harness.scenarios import SCENARIOS
from harness.wanted import UnknownName, Wanted, resolve
from vm import image as images
from vm.deadline import Deadline
from vm.environment import require_container
from vm.recipe import recipes

TRACES = Path(__file__).parent.parent / "fixtures" / "traces"


def golden() -> list[str]:
    """What is recorded where no NAME says otherwise: fixtures/traces/golden.toml."""
    table = tomllib.loads((TRACES / "golden.toml").read_text(encoding="utf-8"))
    return [f"{image}/{scenario}" for image, scenarios in table["golden"].items() for scenario in scenarios]


def record(wanted: Wanted, scenario: Scenario, deadline_s: float) -> ExitCode:
    """Keeps what a whole boot gave; a boot in trouble is no model for anybody, and leaves the old trace in place."""
    image = images.find(wanted.image)
    with tempfile.TemporaryDirectory(prefix="notifyspec-record-") as scratch:
        run = run_scenario(scenario, image, Path(scratch), Deadline(deadline_s))
        if run.hung or run.trouble:
            print(f"{wanted.name}: not recorded: {run.trouble}", file=sys.stderr)
            return ExitCode.ENVIRONMENT
        folder = TRACES / str(image.major)
        folder.mkdir(parents=True, exist_ok=True)
        trace = folder / run.trace.name
        trace.write_bytes(run.trace.read_bytes())
    return answer(trace)


def answer(trace: Path) -> ExitCode:
    """The golden fields and verdicts of one trace."""
    name = trace.relative_to(TRACES)
    trace.with_suffix(".fields.jsonl").write_text(judgement.decode(trace), encoding="utf-8")
    code, verdicts = judgement.judge(trace)
    lines = [
        json.dumps(each | {"trace": str(name)}, ensure_ascii=False, separators=(",", ":"))
        for each in verdicts
    ]
    trace.with_suffix(".verdicts.jsonl").write_text("\n".join([*lines, ""]), encoding="utf-8")
    print(f"{name}: recorded, judged with exit code {int(code)}")
    return code


def main(arguments: Sequence[str] | None = None) -> ExitCode:
    parser = argparse.ArgumentParser(prog="./run record", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="IMAGE/SCENARIO, globs allowed; default: fixtures/traces/golden.toml",
    )
    parser.add_argument("--deadline", type=float, default=60.0, metavar="S", help="seconds for one boot (60)")
    parser.add_argument(
        "--answers", action="store_true", help="boot nothing: decode and judge the stored traces anew"
    )
    options = parser.parse_args(arguments)
    if options.answers:
        traces = sorted(path for path in TRACES.rglob("*.jsonl") if path.name.count(".") == 1)
        return worst(answer(trace) for trace in traces)
    try:
        wanted = resolve(options.names or golden(), list(recipes()), list(SCENARIOS))
    except UnknownName as mistake:
        print(f"record: {mistake}", file=sys.stderr)
        return ExitCode.USAGE
    require_container()
    return worst(record(each, SCENARIOS[each.scenario], options.deadline) for each in wanted)


if __name__ == "__main__":
    sys.exit(guarded("record", main))
