"""The command line of the gate."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from harness.scenarios import SCENARIOS
from harness.wanted import DEFAULT
from vm.recipe import recipes

OWN = "root"  # the name of --root's image


def profile(text: str) -> str:
    if not re.fullmatch(r"systemd-\d+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not systemd-N")
    return text


def positive(kind: Callable[[str], float]) -> Callable[[str], float]:
    def parse(text: str) -> float:
        number = kind(text)
        if number <= 0:
            raise argparse.ArgumentTypeError(f"{text} is not more than 0")
        return number

    return parse


def parser() -> argparse.ArgumentParser:
    out = argparse.ArgumentParser(
        prog="./run gate",
        description="Boots real systemd, records what it tells its supervisor, and judges it.",
        epilog="Exit codes: 0 conforms, 1 does not, 2 usage, 5 environment unfit or inconclusive, 6 nothing ran.",
    )
    add = out.add_argument
    add(
        "names",
        nargs="*",
        metavar="NAME",
        help="IMAGE or IMAGE/SCENARIO, globs allowed; default: 257 and 262",
    )
    add("--all", action="store_true", help="every scenario on every version")
    add("--list", action="store_true", help="list what can be named, and boot nothing")
    add("--root", metavar="PATH", help="your own root, a folder or a tar; NAME for it is `root`")
    add("--out", type=Path, metavar="DIR", help="where to leave the run (default: out/gate/DATE-TIME)")
    add(
        "--profile",
        type=profile,
        metavar="systemd-N",
        help="judge what was merely observed of that version, too",
    )
    add(
        "--deadline",
        type=positive(float),
        default=60.0,
        metavar="S",
        help="seconds for one boot (default: 60)",
    )
    add(
        "--repeat",
        type=int,
        default=1,
        metavar="N",
        help="boot each N times in a row; verdicts must not differ",
    )
    add("--max-skip", type=int, metavar="N", help="more skipped boots than this are exit code 5")
    add("--refresh", action="store_true", help="build the images anew")
    return out


def names_of(options: argparse.Namespace) -> list[str]:
    if options.all:
        return ["*/*"]
    if options.names:
        return list(options.names)
    return [OWN] if options.root else list(DEFAULT)


def list_names(console: Console) -> None:
    for name in recipes():
        console.print(f"image     {name}", highlight=False)
    for name, scenario in SCENARIOS.items():
        since = f", since {scenario.since}" if scenario.since else ""
        console.print(f"scenario  {name:<20} {scenario.text} ({scenario.vantage}{since})", highlight=False)
