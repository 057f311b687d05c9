"""The plots of the performance report, as SVG."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib

matplotlib.use("svg")
from matplotlib import colormaps, pyplot  # noqa: E402 - the kind of drawing is chosen before it

Row = Mapping[str, Any]
SHOWN = ("split/reload", "classify/reload", "receive-receiver/status", "model", "trace-line")
BASE = "bare"  # what the prices are beside


def history(earlier: Sequence[Row], now: Row) -> str:
    """Instructions a message over the reports beside this one, on builds that can be compared."""
    reports = [each for each in (*earlier, now) if each["key"] == now["key"]]
    figure, axes = pyplot.subplots(figsize=(9, 3.6))
    for case in SHOWN:
        points = [each["counts"].get(case) for each in reports]
        values = [each["instructions"] / each["messages"] if each else None for each in points]
        axes.plot(range(len(values)), values, marker="o", markersize=4, label=case)
    _name_revisions(axes, reports)
    axes.set_ylabel("instructions a message")
    axes.set_yscale("log")
    return _drawn(figure, axes)


def ratios(earlier: Sequence[Row], now: Row) -> str:
    """Those that have a target, over the reports beside this one that have timed some."""
    reports = [each for each in (*earlier, now) if each["key"] == now["key"] and each["rows"]]
    lines: dict[str, list[float | None]] = {}
    for place, report in enumerate(reports):
        for row in report["rows"]:
            if row["target"]:
                values = lines.setdefault(
                    f"{row['left']} / {row['right']}, {row['task']}", [None] * len(reports)
                )
                if values[place] is None:  # of its first message: the others would lie upon it
                    values[place] = row["median"]
    figure, axes = pyplot.subplots(figsize=(9, 4.6))
    axes.set_prop_cycle(color=colormaps["tab20"].colors)
    for name, values in lines.items():
        axes.plot(range(len(values)), values, marker="o", markersize=4, label=name)
    _name_revisions(axes, reports)
    axes.set_ylabel("times as long")
    axes.set_yscale("log")
    return _drawn(figure, axes)


def prices(found: Sequence[Row]) -> str:
    """Nanoseconds that each service of the kernel adds to a datagram."""
    (row, *_) = found
    names = [name for name in row["added"] if name != BASE]
    added = [row["added"][name]["median"] for name in names]
    off = [
        [abs(row["added"][name][end] - row["added"][name]["median"]) for name in names]
        for end in ("low", "high")
    ]
    figure, axes = pyplot.subplots(figsize=(9, 2.8))
    bars = axes.barh(
        [row["what"][name] for name in names], added, xerr=off, color="#3b6ea5", ecolor="#5a626a"
    )
    axes.bar_label(bars, fmt="%+.0f ns", padding=6)
    axes.set_xscale("symlog", linthresh=100)
    axes.set_xlabel(f"added to the {row['ns'][BASE]:.0f} ns of a bare recvmsg(2), ns")
    axes.invert_yaxis()
    axes.margins(x=0.15)
    return _drawn(figure, axes)


def _name_revisions(axes, reports: Sequence[Row]) -> None:
    names = [_short(each["identity"]["revision"]) for each in reports]
    axes.set_xticks(range(len(reports)), names, rotation=45)


def _short(revision: str) -> str:
    return revision if len(revision) < 14 else revision[-13:]


def _drawn(figure, axes) -> str:
    axes.spines[["top", "right"]].set_visible(False)
    if axes.lines:
        axes.legend(frameon=False, fontsize="small", loc="center left", bbox_to_anchor=(1, 0.5))
    out = io.StringIO()
    figure.savefig(out, format="svg", bbox_inches="tight", transparent=True, metadata={"Date": None})
    pyplot.close(figure)
    return out.getvalue()
