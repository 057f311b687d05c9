"""The report of `./run bench`: bench.json, the samples as Google Benchmark has them, Markdown and a page."""

from __future__ import annotations

import json
import os
from pathlib import Path

from markupsafe import Markup
from rich.console import Console
from rich.table import Table

from bench import plots
from bench.counts import ROOT
from bench.outcome import FORMAT, Outcome, Row
from harness.page.frame import content_hash, templates

HERE = Path(__file__).parent
STYLES = ROOT / "harness" / "page"
WORDS = {True: "met", False: "not met", None: "~ open"}  # of a target


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
        "ratios.svg": plots.ratios(_earlier(out), content),
        "prices.svg": plots.prices(content["prices"]) if content["prices"] else "",
    }
    for name, svg in drawn.items():
        (out / name).write_text(svg, encoding="utf-8")
    environment = templates(HERE)
    environment.filters |= {
        "ratio": lambda value: f"{value:.2f}",
        "ns": lambda value: f"{value:,.1f}",
        "word": WORDS.__getitem__,
    }
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
        if content["caution"]:
            console.print(content["caution"])
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
        console.print(f"~: nothing can be claimed{_covered(content)}")
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


def _covered(content: Row) -> str:
    """By what."""
    factor = content["noise_factor"]
    return f", two of the same differ as much, up to {factor:.2f} times in this run" if factor else ""


def target(row: Row) -> str:
    if not row["target"]:
        return ""
    ((name, value),) = row["target"].items()
    return f"{WORDS[row['met']]}: {name.replace('_', ' ')} {value:g}"
