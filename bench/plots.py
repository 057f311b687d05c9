"""The plots of the performance report, as SVG."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402 - the kind of drawing is chosen before it

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
    axes.set_xticks(
        range(len(reports)), [_short(each["identity"]["revision"]) for each in reports], rotation=45
    )
    axes.set_ylabel("instructions a message")
    axes.set_yscale("log")
    return _drawn(figure, axes)


def prices(found: Sequence[Row]) -> str:
    """Nanoseconds that each service of the kernel adds to a datagram."""
    (row, *_) = found
    base = row["ns"][BASE]
    added = {name.removeprefix(f"{BASE}-"): each - base for name, each in row["ns"].items() if name != BASE}
    figure, axes = pyplot.subplots(figsize=(9, 2.8))
    bars = axes.barh(list(added), list(added.values()), color="#3b6ea5")
    axes.bar_label(bars, fmt="%+.0f ns", padding=4)
    axes.set_xscale("symlog", linthresh=100)
    axes.set_xlabel(f"added to the {base:.0f} ns of a bare recvmsg(2), ns")
    axes.invert_yaxis()
    axes.margins(x=0.15)
    return _drawn(figure, axes)


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
