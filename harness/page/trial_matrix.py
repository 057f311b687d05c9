"""The matrix of a run of implementations: one for each role, since nobody is asked what is another role's."""

from __future__ import annotations

from harness.page.frame import anchor
from harness.page.matrix import Cell, Column, Line, Matrix, by_level
from harness.page.run import Requirement
from harness.page.trial_run import Tried, TrialRun


def matrices(run: TrialRun) -> list[tuple[str, Matrix]]:
    """By role."""
    out = []
    for role in dict.fromkeys(str(each.entry["role"]) for each in run.tried):
        tried = [each for each in run.tried if each.entry["role"] == role]
        columns = [Column(each.name, each.name, (str(each.entry["version"]),), each.name) for each in tried]
        lines = [
            Line(each, tuple(_cell(*pair, each) for pair in zip(tried, columns)))
            for each in run.requirements
            if any(each.id in one.requirements for one in tried)
        ]
        words = f"{len(tried)} implementation{'s' if len(tried) != 1 else ''} of a {role}"
        out.append((role, Matrix(by_level(lines), ((words, tuple(columns)),))))
    return out


def _cell(tried: Tried, column: Column, requirement: Requirement) -> Cell:
    """Without a script it leads to the implementation; a script opens its cases."""
    met = tried.requirements.get(requirement.id)
    if met is None:
        return Cell(column)
    observed = met["verdict"] == "skip" and requirement.level == "observed"
    said = f"{met['as_described']} of {met['vectors']}" if "as_described" in met else ""
    return Cell(column, "observed" if observed else met["verdict"], anchor(tried.name), said)
