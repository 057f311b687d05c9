"""The command line of the gate."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from harness.scenarios import SCENARIOS
from harness.wanted import DEFAULT, UnknownName
from vm.image import OWN
from vm.recipe import recipes


def profile(text: str) -> str:
    if not re.fullmatch(r"systemd-\d+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not systemd-N")
    return text


def count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 on")
    return int(text)


def positive(kind: Callable[[str], float]) -> Callable[[str], float]:
    def parse(text: str) -> float:
        number = kind(text)
        if not number > 0:  # nan, too
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
        help="IMAGE or IMAGE/SCENARIO, globs allowed; default: 257 and 262 in containers, 257 in a machine",
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
        "--vsock",
        choices=("auto", "kernel", "user"),
        default="auto",
        help="whose AF_VSOCK device a machine has: the kernel's vhost-vsock, ours in user space, or the kernel's "
        "where it works (default: auto)",
    )
    add(
        "--repeat",
        type=positive(int),
        default=1,
        metavar="N",
        help="boot each N times in a row; verdicts must not differ",
    )
    add("--max-skip", type=count, metavar="N", help="more skipped boots than this are exit code 5")
    add("--refresh", action="store_true", help="build the images anew")
    return out


def names_of(options: argparse.Namespace) -> list[str]:
    """What is asked for; what contradicts itself is refused."""
    if options.all and options.names:
        raise UnknownName("--all boots everything: give it, or NAMEs")
    names = ["*/*"] if options.all else list(options.names)
    if options.root is None:
        return names or list(DEFAULT)
    if not Path(options.root).exists() or Path(options.root).resolve() == Path("/"):
        raise UnknownName(f"--root {options.root!r} is no root of a system under test: a folder, or a tar")
    if names and not any(name.partition("/")[0] in (OWN, "*") for name in names):
        raise UnknownName(f"--root is given, and no NAME boots it: name {OWN}, or {OWN}/SCENARIO")
    return names or [OWN]


def known_images(options: argparse.Namespace) -> list[str]:
    return [*([OWN] if options.root else []), *recipes()]


def list_names(console: Console) -> None:
    for name in recipes():
        console.print(f"image     {name}", highlight=False)
    for name, scenario in SCENARIOS.items():
        since = f", since {scenario.since}" if scenario.since else ""
        console.print(f"scenario  {name:<20} {scenario.text} ({scenario.vantage}{since})", highlight=False)
