"""What `--list` prints: all that can be named; or, of what is named, what would run."""

from __future__ import annotations

import argparse

from rich.console import Console

from harness import implementation, selection
from harness.exit_code import ExitCode
from harness.gate_options import trials_of, wanted_boots
from harness.proxies.case import ROLE
from harness.scenarios import SCENARIOS
from harness.selection import Selection
from harness.wanted import NothingMatches
from harness.wanted_trials import WantedTrial
from vm.recipe import recipes


def show(options: argparse.Namespace, console: Console) -> ExitCode:
    """Raises UnknownName; NothingMatches where a filter leaves nothing."""
    if not options.names and selection.of(options) == Selection():
        return _names(console)
    for line in asked(options):
        console.print(line, highlight=False, soft_wrap=True)
    return ExitCode.CONFORMS


def asked(options: argparse.Namespace) -> list[str]:
    """What would run, a line each. Raises UnknownName; NothingMatches where that is nothing."""
    chosen = selection.of(options)
    if trials := trials_of(options):
        lines = [f"{each.name:<24} {case}" for each in trials for case in _cases(each, chosen)]
    else:
        lines = [each.name for each in wanted_boots(options)] if chosen.asks_of_boots() else []
    if not lines:
        raise NothingMatches(chosen.left_nothing())
    return lines


def _cases(wanted: WantedTrial, chosen: Selection) -> list[str]:
    if wanted.implementation.role == ROLE:
        return [each.id for each in chosen.proxy_cases(wanted.name)]
    found = chosen.vectors(wanted.name, wanted.implementation.role)
    return [f"{each.level:<9} {each.id}" for each in found]


def _names(console: Console) -> ExitCode:
    for name in recipes():
        console.print(f"image     {name}", highlight=False)
    for name in implementation.names():
        found = implementation.read(name)
        console.print(f"{found.role:<9} {name:<20} runs {' and in an '.join(found.places)}", highlight=False)
    for name, scenario in SCENARIOS.items():
        since = f", since {scenario.since}" if scenario.since else ""
        console.print(f"scenario  {name:<20} {scenario.text} ({scenario.vantage}{since})", highlight=False)
    return ExitCode.CONFORMS
