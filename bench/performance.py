"""The door of `./run bench`: looks at what is asked for; only then is anything counted.

Exit codes: 0 the counts are those of the budgets, 3 they are not, in either direction, 5 there are no budgets for such
a build, or nothing could be counted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from bench import command_line
from harness.exit_code import ExitCode
from harness.guard import guarded


def main(arguments: Sequence[str]) -> ExitCode:
    options = command_line.read(arguments)
    # What draws and does statistics takes a second to import: not before what is refused is refused, and in the guard.
    from bench import measurement

    return measurement.run(options)


if __name__ == "__main__":
    sys.exit(guarded("./run bench", lambda: main(sys.argv[1:])))
