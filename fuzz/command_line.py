"""What `./run fuzz` is told on its command line.

`./run` asks it before anything is installed or built: a command line that is broken ends there.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from fuzz import planted, target, vector
from harness.exit_code import ExitCode
from harness.guard import guarded

ENGINES = ("libfuzzer", "afl")
UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}
ABOUT = """A campaign over the targets, with a report; or what it is worth: how fast it finds planted bugs.

Corpora are kept under out/fuzz/corpora, and used again. Ctrl-C ends it early, with a report of what there is.
"""


def seconds(text: str) -> int:
    match = re.fullmatch(r"(\d+)([smh]?)", text)
    if match is None or int(match[1]) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: 90, 90s, 10m or 2h")
    return int(match[1]) * UNITS[match[2]]


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")
    return int(text)


def parser() -> argparse.ArgumentParser:
    out = argparse.ArgumentParser(
        prog="./run fuzz",
        description=ABOUT,
        allow_abbrev=False,
        epilog="Exit codes: 0 nothing was found in all the time that was asked for; 1 something was found, be the "
        "campaign stopped or not; 2 wrong usage, or a corpus that is none; 5 it was stopped before its time (Ctrl-C, "
        "SIGTERM), a target could not run, or there is no room for the report; 6 nothing ran.",
    )
    out.add_argument(
        "names", nargs="*", metavar="TARGET", help=f"all, if none is named: {', '.join(target.names())}"
    )
    out.add_argument("--targets", nargs="+", default=[], metavar="TARGET", help="the same")
    out.add_argument("--budget", type=seconds, default=60, metavar="T", help="for all targets together (60s)")
    out.add_argument("--jobs", type=positive, default=1, metavar="N", help="so many targets at once (1)")
    out.add_argument("--engine", choices=ENGINES, default="libfuzzer", help="libfuzzer or afl (libfuzzer)")
    out.add_argument(
        "--seed", type=int, default=0, metavar="N", help="of the engine; 0: another one each time"
    )
    out.add_argument("--no-coverage", action="store_true", help="do without the build that measures it")
    out.add_argument(
        "--again", type=Path, metavar="FILE", help="run one input, whose name begins with its target"
    )
    out.add_argument("--vector", type=Path, metavar="FILE", help="print a scenario as the draft of a vector")
    out.add_argument(
        "--differential", action="store_true", help="real systemd code against model and documents"
    )
    out.add_argument("--merge", action="store_true", help="only make the corpora smaller, at the same reach")
    out.add_argument(
        "--adopt", action="store_true", help="put into fuzz/seeds what a corpus reaches beyond them"
    )
    out.add_argument(
        "--power", action="store_true", help="look for planted bugs instead; names are those of bugs"
    )
    out.add_argument(
        "--throughput", action="store_true", help="inputs a second, beside targets that do nothing"
    )
    out.add_argument("--trials", type=positive, default=1, metavar="N", help="with --power, for each bug (1)")
    out.add_argument("--list", action="store_true", help="targets and planted bugs")
    return out


def read(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Raises InputRefused where what is named is not there."""
    options = parser().parse_args(arguments)
    options.names += options.targets
    if options.again:
        target.of(options.again)
    elif options.vector:
        vector.scenario(options.vector)
    elif options.power:
        planted.read(options.names)
    else:
        target.find(options.names)
    return options


def main() -> ExitCode:
    read()
    return ExitCode.CONFORMS


if __name__ == "__main__":
    sys.exit(guarded("fuzz", main))
