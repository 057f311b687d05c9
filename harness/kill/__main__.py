"""`./run kill`: runs every vector against every planted bug of its role, and says what kills what."""

from __future__ import annotations

import argparse
import contextlib
import fnmatch
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.exit_code import ExitCode, worst
from harness.guard import guarded
from harness.kill import page, record
from harness.kill.bug import Bug, mutants, planted
from harness.kill.matrix import matrix
from harness.kill.record import Line
from harness.scratch import scratch
from harness.vectors.vector import Vector, read

WIDTH = 150  # also where nobody looks: the table is for people who grep in it, too
ROLES = ("receiver", "sender")


def parser() -> argparse.ArgumentParser:
    out = argparse.ArgumentParser(
        prog="./run kill",
        description=__doc__,
        epilog="Exit codes: 0 each bug is killed, and each vector kills one or says why it stays; 1 not so; "
        "3 not as recorded in fixtures/kills.jsonl; 5 inconclusive.",
    )
    out.add_argument(
        "bugs", nargs="*", metavar="BUG", help="globs, receiver/leaks-*; default: all (notifyspec list bugs)"
    )
    out.add_argument("--keep", action="store_true", help="write down what kills what (with all bugs only)")
    out.add_argument(
        "--page",
        type=Path,
        metavar="DIR",
        help="run nothing: make a page, coverage.html, of what is recorded",
    )
    return out


def main(arguments: Sequence[str] | None = None) -> ExitCode:
    options = parser().parse_args(arguments)
    bugs = wanted(options.bugs)
    if options.keep and options.bugs:
        parser().error("--keep needs all bugs")
    vectors = {role: read(role) for role in ROLES}
    if options.page:
        if options.keep or options.bugs:
            parser().error("--page runs nothing, and is asked for alone")
        print(page.render([each for role in ROLES for each in vectors[role]], options.page))
        return ExitCode.CONFORMS
    console = Console(width=WIDTH, soft_wrap=True, highlight=False)
    now: dict[str, Line] = {}
    # The runs end before what they write into is taken away.
    with scratch() as folder, contextlib.closing(matrix(bugs, vectors, folder)) as rows:
        for bug, kills in rows:
            now[bug.id] = record.line_of(bug, kills)
    whole = not options.bugs
    if whole:
        now |= {mutant.id: record.line_of_mutant(mutant) for mutant in mutants()}
    if options.keep:
        record.write(list(now.values()))
    show(now, console)
    found = [ExitCode.CONFORMS]
    everything = [each for role in ROLES for each in vectors[role]]
    wrong = complaints(now, everything if whole else [])
    recorded = record.read()
    differs = record.differences(recorded, now)
    if whole:
        differs += [f"{bug}: there is no such bug" for bug in recorded if bug not in now]
    for words in wrong:
        console.print(Text(words))
    for words in differs:
        console.print(Text(f"not as recorded: {words}"))
    found += [ExitCode.DOES_NOT_CONFORM] if wrong else []
    found += [ExitCode.BASELINE] if differs else []
    return worst(found)


def wanted(globs: Sequence[str]) -> list[Bug]:
    """Those that a glob names, or all; a glob that names none is wrong usage."""
    bugs = planted()
    for glob in globs:
        if not any(fnmatch.fnmatch(bug.id, glob) for bug in bugs):
            parser().error(f"no bug is called {glob!r}; notifyspec list bugs has them all")
    return [bug for bug in bugs if not globs or any(fnmatch.fnmatch(bug.id, glob) for glob in globs)]


def complaints(lines: Mapping[str, Line], vectors: Sequence[Vector]) -> list[str]:
    """Bugs that nothing kills; and of these vectors those that kill nothing and do not say why they stay, or the
    other way round."""
    found = [f"nothing kills {bug}: {line['what']}" for bug, line in lines.items() if not _killers(line)]
    useful = {vector for line in lines.values() for vector in _killers(line)}
    for vector in vectors:
        stays = "stays" in vector.content
        if vector.id not in useful and not stays:
            found.append(f"{vector.id} kills nothing, and does not say why it stays")
        if vector.id in useful and stays:
            found.append(f"{vector.id} kills something, and says why it stays nevertheless")
    return found


def _killers(line: Line) -> list[str]:
    return line.get("vectors", line.get("requirements", []))


def show(lines: Mapping[str, Line], console: Console) -> None:
    table = Table(box=None, pad_edge=False)
    for head, justify in (("killed by", "right"), ("bug", "left"), ("what it does", "left")):
        table.add_column(head, justify=justify, no_wrap=head != "what it does")  # type: ignore[arg-type]
    for bug, line in lines.items():
        table.add_row(str(len(_killers(line))), Text(bug), Text(line["what"]))
    console.print(table)
    roles = Counter(line["role"] for line in lines.values())
    killed = sum(1 for line in lines.values() if _killers(line))
    words = ", ".join(f"{number} {role}" for role, number in roles.items())
    console.print(f"{killed} of {len(lines)} bugs are killed ({words})")


if __name__ == "__main__":
    sys.exit(guarded("kill", main))
