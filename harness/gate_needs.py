"""What a run of `./run gate` needs, told to `./run` before anything is installed or built.

The first line is `boots`, `here`, `image`, `proxy`, or `words`, which needs nothing built; then implementation and
package, one pair a line. A command line that names nothing, or is broken, ends here with the exit code that the gate
itself would end with.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from harness.exit_code import ExitCode
from harness.gate_options import known_images, names_of, read, trials_of
from harness.implementation import ImplementationRefused
from harness.kept_run import RunRefused
from harness.scenarios import SCENARIOS
from harness.wanted import UnknownName, resolve


def needs(options: argparse.Namespace) -> list[str]:
    """Raises UnknownName and ImplementationRefused."""
    if options.compare:
        return ["words"]
    if options.rejudge or options.join or options.write_lock or (options.list and options.names):
        return ["here"]  # our own tool, and nothing else
    if options.list:
        return ["boots"]
    trials = trials_of(options)
    if not trials:
        resolve(names_of(options), known_images(options), list(SCENARIOS))
        return ["boots"]
    proxies = any(each.implementation.role == "proxy" for each in trials)
    lines = ["proxy" if proxies else "image" if any(each.image for each in trials) else "here"]
    return lines + [
        f"{each.implementation.name} {package}"
        for each in trials
        if each.exact and each.image is None
        for package in each.implementation.packages
    ]


def main(arguments: Sequence[str] | None = None) -> ExitCode:
    words = sys.argv[1:] if arguments is None else list(arguments)
    if {"-h", "--help"} & set(words):
        print("boots")  # `./run` asks the gate itself for the words
        return ExitCode.CONFORMS
    try:
        print("\n".join(needs(read(words))))
    except (UnknownName, ImplementationRefused, RunRefused) as mistake:
        print(f"gate: {mistake}", file=sys.stderr)
        return mistake.code if isinstance(mistake, UnknownName) else ExitCode.USAGE
    return ExitCode.CONFORMS


if __name__ == "__main__":
    sys.exit(main())
