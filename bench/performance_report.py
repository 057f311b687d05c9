"""The report of `./run bench`: bench.json, the samples as Google Benchmark has them, Markdown and a page."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from markupsafe import Markup
from rich.console import Console
from rich.table import Table

from bench import budgets, plots
from bench.budgets import Change
from bench.contest import Ratio, Samples, ratio
from bench.counts import ROOT, Count, Counts
from harness.exit_code import ExitCode
from harness.page.frame import content_hash, templates

FORMAT = 1
HERE = Path(__file__).parent
STYLES = ROOT / "harness" / "page"
AGAIN = "receiver@again"  # the same as the receiver: what they differ by is noise
OTHER = "receiver@other"  # that of another revision
Row = dict[str, Any]


@dataclass
class Outcome:
    started: str
    identity: Mapping[str, str]
    counts: Counts | None = None
    budget: Mapping[str, Count] | None = None
    against: str = ""  # the revision that the budget is of; empty: the committed one
    samples: list[Samples] = field(default_factory=list)
    prices: list[Samples] = field(default_factory=list)
    comparisons: Sequence[Row] = ()
    absent: dict[str, str] = field(default_factory=dict)

    @property
    def changes(self) -> list[Change]:
        if self.budget is None or self.counts is None:
            return []
        return budgets.compare(self.budget, self.counts.cases)

    @property
    def exit_code(self) -> ExitCode:
        if self.budget is None:
            return ExitCode.ENVIRONMENT
        return ExitCode.BASELINE if any(each.is_over for each in self.changes) else ExitCode.CONFORMS

    def noise(self, task: str, payload: str) -> float:
        """What two of the same differed by, with this task and message, in this run."""
        both = [each.by_name for each in self.samples if (each.task, each.payload) == (task, payload)]
        found = [ratio(each[AGAIN], each["receiver"]) for each in both if {AGAIN, "receiver"} <= set(each)]
        return max((abs(each.median - 1) for each in found), default=0.0)

    def rows(self) -> list[Row]:
        """The A/A rows of what is compared first, then another revision, then what the comparisons ask for."""
        asked_of = {(asked["task"], each) for asked in self.comparisons for each in asked["payloads"]}
        out = []
        for one, text in ((AGAIN, "A/A: two of the same"), (OTHER, f"{self.against}: to now")):
            for each in self.samples:
                if one == AGAIN and not self.against and (each.task, each.payload) not in asked_of:
                    continue
                if {one, "receiver"} <= set(each.by_name):
                    out.append(self._row({"text": text, "left": one, "right": "receiver"}, each))
        for asked in self.comparisons:
            for each in self.samples:
                if each.task == asked["task"] and each.payload in asked["payloads"]:
                    if {asked["left"], asked["right"]} <= set(each.by_name):
                        out.append(self._row(asked, each))
        return out

    def _row(self, asked: Row, samples: Samples) -> Row:
        found: Ratio = ratio(samples.by_name[asked["left"]], samples.by_name[asked["right"]])
        target = {name: asked[name] for name in ("at_most", "at_least") if name in asked}
        met = None
        if target:
            met = (
                found.median <= asked["at_most"] if "at_most" in asked else found.median >= asked["at_least"]
            )
        return {
            "text": asked["text"],
            "task": samples.task,
            "payload": samples.payload,
            "left": asked["left"],
            "right": asked["right"],
            "is_same": asked["left"] == AGAIN,
            **asdict(found),
            "claim": asked["left"] != AGAIN and found.is_beyond(self.noise(samples.task, samples.payload)),
            "target": target,
            "met": met,
        }

    def json(self) -> Row:
        assert self.counts is not None
        return {
            "format": FORMAT,
            "started": self.started,
            "identity": dict(self.identity),
            "key": self.counts.key,
            "against": self.against,
            "exit_code": int(self.exit_code),
            "has_budget": self.budget is not None,
            "counts": {name: asdict(each) for name, each in self.counts.cases.items()},
            "changes": [asdict(each) | {"text": each.text, "is_over": each.is_over} for each in self.changes],
            "noise": max((abs(each["median"] - 1) for each in self.rows() if each["is_same"]), default=0.0),
            "rows": self.rows(),
            "medians": [_medians(each) for each in self.samples],
            "prices": [_medians(each) for each in self.prices],
            "absent": self.absent,
        }


def _medians(samples: Samples) -> Row:
    middle = {name: sorted(each)[len(each) // 2] for name, each in samples.by_name.items() if name != AGAIN}
    return {"task": samples.task, "payload": samples.payload, "ns": middle, "missing": dict(samples.missing)}


def identity() -> dict[str, str]:
    """Of the machine and the sources, as far as it can change what comes out."""

    def said(*call: str) -> str:
        return subprocess.run(call, capture_output=True, text=True, cwd=ROOT).stdout.strip()

    cpu = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    return {
        "revision": said("git", "describe", "--always", "--dirty") or "unknown",
        "cpu": cpu[0].partition(": ")[2] if cpu else platform.machine(),
        "cores": str(os.cpu_count()),
        "kernel": platform.release(),
        "load": f"{os.getloadavg()[0]:.1f}",
        "max_dgram_qlen": Path("/proc/sys/net/unix/max_dgram_qlen").read_text().strip(),
    }


def google_benchmark(outcome: Outcome) -> Row:
    """As `--benchmark_format=json` writes it, so that its compare.py reads it."""
    rows = []
    for samples in [*outcome.samples, *outcome.prices]:
        for name, times in samples.by_name.items():
            full = f"{samples.task}/{samples.payload}/{name}"
            rows += [
                {
                    "name": full,
                    "run_name": full,
                    "run_type": "iteration",
                    "repetitions": len(times),
                    "repetition_index": place,
                    "threads": 1,
                    "iterations": samples.counts[name],
                    "real_time": took,
                    "cpu_time": took,
                    "time_unit": "ns",
                }
                for place, took in enumerate(times)
            ]
    context = {"date": outcome.started, "num_cpus": os.cpu_count(), "library_build_type": "release"}
    return {"context": context | dict(outcome.identity), "benchmarks": rows}


def write(outcome: Outcome, out: Path, console: Console) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    content = outcome.json()
    (out / "bench.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    (out / "google-benchmark.json").write_text(json.dumps(google_benchmark(outcome)) + "\n", encoding="utf-8")
    drawn = {
        "history.svg": plots.history(_earlier(out), content),
        "prices.svg": plots.prices(content["prices"]) if content["prices"] else "",
    }
    for name, svg in drawn.items():
        (out / name).write_text(svg, encoding="utf-8")
    environment = templates(HERE)
    environment.filters |= {"ratio": lambda value: f"{value:.2f}", "ns": lambda value: f"{value:,.1f}"}
    markdown = environment.get_template("performance.md.j2").render(it=content)
    (out / "report.md").write_text(markdown, encoding="utf-8")
    sheets = ((STYLES, "style.css"), (STYLES, "trial.css"), (HERE, "performance.css"))
    style = "\n".join((folder / name).read_text(encoding="utf-8") for folder, name in sheets)
    page = out / "index.html"
    policy = (
        f"default-src 'none'; style-src {content_hash(style)}; img-src 'self' data:; base-uri 'none'; "
        "form-action 'none'"
    )
    html = environment.get_template("performance.html.j2").render(
        it=content, style=Markup(style), policy=policy
    )
    page.write_text(html, encoding="utf-8")
    tell(content, console)
    return page


def _earlier(out: Path) -> list[Row]:
    """Reports beside this one that can be read, the oldest first."""
    found = []
    for path in out.resolve().parent.glob("*/bench.json"):
        try:
            one = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            continue
        if isinstance(one, dict) and one.get("format") == FORMAT and path.parent != out.resolve():
            found.append(one)
    return sorted(found, key=lambda each: each["started"])


def tell(content: Row, console: Console) -> None:
    """For the terminal."""
    if content["rows"]:
        table = Table(box=None, pad_edge=False, title_justify="left")
        for head in ("", "task", "message", "times", "half of the rounds", "target"):
            table.add_column(head, justify="right" if head in ("times", "half of the rounds") else "left")
        for row in content["rows"]:
            times = f"{row['median']:.2f}" if row["claim"] or row["is_same"] else f"~ {row['median']:.2f}"
            table.add_row(
                row["text"],
                row["task"],
                row["payload"],
                times,
                f"{row['low']:.2f} to {row['high']:.2f}",
                target(row),
            )
        console.print(table)
        console.print(
            f"~: nothing can be claimed; two of the same differ as much, up to {content['noise']:.1%} in this run"
        )
    for name, why in content["absent"].items():
        console.print(f"skipped: {name}: {why}")
    whose = f"of {content['against']}" if content["against"] else "of the budgets"
    if not content["has_budget"]:
        console.print(
            f"no budgets for {content['key']}: nothing is gated. ./run bench --no-wall --write-budgets makes some"
        )
        return
    over = [each for each in content["changes"] if each["is_over"]]
    for each in over:
        console.print(f"changed: {each['text']}")
    console.print(
        f"{len(content['counts'])} counts, {len(over)} of them not those {whose} ({content['key']})"
    )


def target(row: Row) -> str:
    if not row["target"]:
        return ""
    ((name, value),) = row["target"].items()
    return f"{'met' if row['met'] else 'not met'}: {name.replace('_', ' ')} {value:g}"
