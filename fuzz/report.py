"""The report of a campaign: one JSON, and the same as Markdown, as a page, and in a few lines for the terminal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from markupsafe import Markup

from fuzz.coverage import LEAST_REACH, PURE, STAGES, Coverage
from fuzz.engine import Campaign
from fuzz.growth import growth
from fuzz.power import TRIAL_S, Power
from fuzz.replay import differences, stable
from fuzz.target import ROOT, names
from harness.exit_code import ExitCode
from harness.page.frame import content_hash, templates

FORMAT = 1
HERE = Path(__file__).parent
STYLES = ROOT / "harness" / "page"
TOO_LITTLE = f"the committed inputs alone are to reach {LEAST_REACH:.0%} of {', '.join(PURE)}"
ANSWERS = {
    ExitCode.CONFORMS: "pass",
    ExitCode.DOES_NOT_CONFORM: "fail",
    ExitCode.BASELINE: "fail",
}


@dataclass
class Report:
    started: str
    budget_s: int
    jobs: int
    ran: Mapping[str, Any]  # the identity of everything
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
    def by_requirement(self) -> dict[str, list[str]]:
        """Targets whose findings are of one requirement: one bug shows itself to several."""
        out: dict[str, list[str]] = {}
        for each in self.findings:
            if each.requirement and each.target not in out.setdefault(each.requirement, []):
                out[each.requirement].append(each.target)
        return out

    @property
    def troubles(self) -> list[str]:
        return [f"{each.target.name}: {each.trouble}" for each in self.campaigns if each.trouble]

    @property
    def without(self) -> list[str]:
        """Targets whose reach is not measured, as an input ends them."""
        return [each.target.name for each in self.campaigns if each.findings]

    @property
    def inconclusive(self) -> list[str]:
        return [*self.troubles, *(["stopped before its time"] if self.stopped else [])]

    @property
    def reaches_too_little(self) -> bool:
        """Asked where all targets ran: which stage belongs to which of them nobody says."""
        whole = len(self.campaigns) == len(names()) and not self.findings
        return whole and self.seeds is not None and self.seeds.share(PURE) < LEAST_REACH

    @property
    def code(self) -> ExitCode:
        if self.findings or not all(each.found for each in self.power):
            return ExitCode.DOES_NOT_CONFORM
        if self.power:
            return ExitCode.CONFORMS
        if self.inconclusive:
            return ExitCode.ENVIRONMENT
        if self.reaches_too_little:
            return ExitCode.BASELINE
        return ExitCode.CONFORMS if any(each.executions for each in self.campaigns) else ExitCode.NOTHING_RAN

    @property
    def cpu_hours(self) -> float:
        return sum(each.cpu_seconds for each in self.campaigns) / 3600

    def json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "started": self.started,
            "stopped": self.stopped,
            "exit_code": self.code,
            "answer": ANSWERS.get(self.code, "inconclusive"),
            "inconclusive": self.inconclusive,
            "reaches_too_little": TOO_LITTLE if self.reaches_too_little else "",
            "identity": dict(self.ran),
            "budget_s": self.budget_s,
            "jobs": self.jobs,
            "cpu_hours": round(self.cpu_hours, 4),
            "targets": [_target(each, self.replays.get(each.target.name, ())) for each in self.campaigns],
            "coverage": {
                "seeds": _coverage(self.seeds),
                "final": _coverage(self.final),
                "least": LEAST_REACH,
                "without": self.without,
            },
            "findings": [
                {
                    name: str(value) if isinstance(value, Path) else value
                    for name, value in asdict(each).items()
                }
                | {"key": each.key, "again": each.again, "input": each.input}
                for each in self.findings
            ],
            "by_requirement": self.by_requirement,
            "power": [_power(each) for each in self.power],
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
        "engine_seeds": list(campaign.seeds),
        "stable": stable(replays) if replays else None,
        "replays": [{"edges": edges, "features": features} for edges, features in replays],
        "findings": len(campaign.findings),
        "trouble": campaign.trouble,
    }


def _coverage(coverage: Coverage | None) -> dict[str, Any] | None:
    if coverage is None:
        return None
    return {
        "regions": {stage: list(coverage.regions[stage]) for stage in STAGES},
        "pure": list(coverage.together(PURE)),
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


def write(report: Report, out: Path) -> Path:
    """report.json, report.md and index.html; the last is returned."""
    out.mkdir(parents=True, exist_ok=True)
    content = report.json()
    (out / "report.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    environment = templates(HERE)
    environment.filters |= {
        each.__name__: each for each in (percent, replayed, stages, gained, grouped, cpu_time)
    }
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


def stages(coverage: Mapping[str, Any]) -> list[tuple[str, Sequence[int], Sequence[int]]]:
    """Of each stage, and of those together that are held to something: what the seeds reach, and what all do."""
    both = [coverage[each] for each in ("seeds", "final")]
    rows = [(stage, *(each["regions"][stage] for each in both)) for stage in STAGES]
    return [*rows, (", ".join(PURE), *(each["pure"] for each in both))]


def gained(before: Sequence[int], after: Sequence[int]) -> str:
    """What the campaign reached beyond the committed inputs."""
    return f"{after[0] - before[0]:+d} of {after[1]}"


def grouped(number: float) -> str:
    return f"{number:,}"


def cpu_time(hours: float) -> str:
    return f"{hours:.2f} CPU hours" if hours >= 0.1 else f"{hours * 3600:.0f} CPU seconds"


def replayed(target: Mapping[str, Any]) -> str:
    """Whether the corpus, run again in another order, reaches the same; and by how much it does not."""
    if target["stable"] is None:
        return "not asked"
    spans = differences([(each["edges"], each["features"]) for each in target["replays"]])
    word = "yes" if target["stable"] else "no"
    return f"{word}: {spans}" if spans else word
