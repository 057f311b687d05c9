"""How the corpora of a campaign grow, drawn."""

from __future__ import annotations

import io
from collections.abc import Sequence

import matplotlib

from fuzz.engine import Campaign

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402 - the kind of drawing is chosen before it

COLOURS = 6  # of lines; behind them the same ones again, dashed


def growth(campaigns: Sequence[Campaign]) -> str:
    """Features that the corpus reaches, over time, as SVG."""
    figure, axes = pyplot.subplots(figsize=(9, 4))
    for number, campaign in enumerate(campaigns):
        if campaign.points:
            axes.step(
                [each.seconds for each in campaign.points],
                [each.features for each in campaign.points],
                where="post",
                color=f"C{number % COLOURS}",
                linestyle="-" if number < COLOURS else "--",
                label=campaign.target.name,
            )
    axes.set_xlabel("seconds")
    axes.set_ylabel("features reached")
    axes.set_yscale("log")
    axes.spines[["top", "right"]].set_visible(False)
    if axes.lines:
        axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    out = io.StringIO()
    figure.savefig(out, format="svg", bbox_inches="tight", transparent=True, metadata={"Date": None})
    pyplot.close(figure)
    return out.getvalue()
