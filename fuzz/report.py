"""The report of a campaign: one JSON, and the same as Markdown, as a page, and in a few lines for the terminal."""

from __future__ import annotations

import io
import json
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import matplotlib
from markupsafe import Markup

from fuzz.coverage import STAGES, Coverage
from fuzz.engine import Campaign
from fuzz.power import TRIAL_S, Power
from fuzz.target import ROOT
from harness.page.frame import content_hash, templates

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402 - the kind of drawing is chosen before it

FORMAT = 1
HERE = Path(__file__).parent
STYLES = ROOT / "harness" / "page"


@dataclass
class Report:
    started: str
    engine: str
    budget_s: int
    jobs: int
    campaigns: Sequence[Campaign] = ()
    seeds: Coverage | None = None
    final: Coverage | None = None
    replays: dict[str, Sequence[tuple[int, int]]] = field(
        default_factory=dict
    )  # edges, features in another order
    power: Sequence[Power] = ()
    stopped: bool = False

    @property
    def findings(self) -> list[Any]:
        return [each for campaign in self.campaigns for each in campaign.findings.values()]

    @property
    def troubles(self) -> list[str]:
        return [f"{each.target.name}: {each.trouble}" for each in self.campaigns if each.trouble]

    @property
    def cpu_hours(self) -> float:
        return sum(each.cpu_seconds for each in self.campaigns) / 3600

    def json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "started": self.started,
            "stopped": self.stopped,
            "identity": identity() | {"engine": self.engine},
            "budget_s": self.budget_s,
            "jobs": self.jobs,
            "cpu_hours": round(self.cpu_hours, 4),
            "targets": [_target(each, self.replays.get(each.target.name, ())) for each in self.campaigns],
            "coverage": {"seeds": _coverage(self.seeds), "final": _coverage(self.final)},
            "findings": [
                {
                    name: str(value) if isinstance(value, Path) else value
                    for name, value in asdict(each).items()
                }
                | {"key": each.key, "again": each.again}
                for each in self.findings
            ],
            "power": [_power(each) for each in self.power],
        }


def identity() -> dict[str, str]:
    """Of all that ran, as far as it can change what comes out."""

    def said(*call: str) -> str:
        done = subprocess.run(call, capture_output=True, text=True, cwd=ROOT, check=False)
        return done.stdout.strip().split("\n")[0]

    cpu = next(
        (line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), ": ?"
    )
    return {
        "revision": said("git", "describe", "--always", "--dirty") or "unknown",
        "compiler": said("clang++-19", "--version"),
        "sanitizers": "address, undefined",
        "kernel": platform.release(),
        "cpu": cpu.partition(": ")[2],
        "max_dgram_qlen": Path("/proc/sys/net/unix/max_dgram_qlen").read_text().strip(),
    }


def _target(campaign: Campaign, replays: Sequence[tuple[int, int]]) -> dict[str, Any]:
    last = campaign.points[-1] if campaign.points else None
    return {
        "name": campaign.target.name,
        "seconds": round(campaign.seconds, 1),
        "cpu_seconds": round(campaign.cpu_seconds, 1),
        "executions": campaign.executions,
        "per_second": round(campaign.executions / campaign.seconds) if campaign.seconds else 0,
        "edges": last.edges if last else 0,
        "features": last.features if last else 0,
        "corpus": last.corpus if last else 0,
        "peak_mb": campaign.peak_mb,
        "stable": len(set(replays)) == 1 if replays else None,
        "replays": [{"edges": edges, "features": features} for edges, features in replays],
        "findings": len(campaign.findings),
        "trouble": campaign.trouble,
    }


def _coverage(coverage: Coverage | None) -> dict[str, Any] | None:
    if coverage is None:
        return None
    return {
        "regions": {stage: list(coverage.regions[stage]) for stage in STAGES},
        "never": list(coverage.never),
        "gaps": {file: list(lines) for file, lines in coverage.gaps.items()},
    }


def _power(power: Power) -> dict[str, Any]:
    return {
        "bug": power.bug.name,
        "target": power.bug.target.name,
        "what": power.bug.what,
        "trials": power.trials,
        "seconds": [round(each, 2) for each in power.seconds],
        "found": power.found,
        "median_s": None if power.median is None else round(power.median, 2),
        "spread": power.spread,
        "limit_s": TRIAL_S,
    }


def growth(campaigns: Sequence[Campaign]) -> str:
    """Features that the corpus reaches, over time, as SVG."""
    figure, axes = pyplot.subplots(figsize=(9, 4))
    for campaign in campaigns:
        if campaign.points:
            axes.step(
                [each.seconds for each in campaign.points],
                [each.features for each in campaign.points],
                where="post",
                label=campaign.target.name,
            )
    axes.set_xlabel("seconds")
    axes.set_ylabel("features reached")
    axes.set_yscale("log")
    axes.spines[["top", "right"]].set_visible(False)
    if axes.lines:
        axes.legend(ncols=2, frameon=False, fontsize="small", loc="center left", bbox_to_anchor=(1, 0.5))
    out = io.StringIO()
    figure.savefig(out, format="svg", bbox_inches="tight", transparent=True, metadata={"Date": None})
    pyplot.close(figure)
    return out.getvalue()


def write(report: Report, out: Path) -> Path:
    """report.json, report.md and index.html; the last is returned."""
    out.mkdir(parents=True, exist_ok=True)
    content = report.json()
    (out / "report.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    environment = templates(HERE)
    environment.filters |= {"percent": percent, "replayed": replayed}
    (out / "report.md").write_text(
        environment.get_template("report.md.j2").render(it=content), encoding="utf-8"
    )
    svg = growth(report.campaigns)
    (out / "growth.svg").write_text(svg, encoding="utf-8")
    style = "\n".join(
        (folder / name).read_text(encoding="utf-8")
        for folder, name in ((STYLES, "style.css"), (STYLES, "trial.css"), (HERE, "report.css"))
    )
    page = out / "index.html"
    page.write_text(
        environment.get_template("report.html.j2").render(
            it=content,
            style=Markup(style),
            policy=f"default-src 'none'; style-src {content_hash(style)}; img-src 'self' data:; base-uri 'none'; "
            "form-action 'none'",
        ),
        encoding="utf-8",
    )
    return page


def percent(pair: Sequence[int]) -> str:
    reached, of = pair
    return f"{100 * reached / of:.1f} %" if of else "-"


def replayed(target: Mapping[str, Any]) -> str:
    """Whether the corpus, run again in another order, reaches the same; and by how much it does not."""
    if target["stable"] is None:
        return "not asked"
    if target["stable"]:
        return "yes"
    spans = []
    for name in ("edges", "features"):
        found = sorted(each[name] for each in target["replays"])
        if found[0] != found[-1]:
            spans.append(f"{found[0]} to {found[-1]} {name}")
    return "no: " + ", ".join(spans)
