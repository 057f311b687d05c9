"""Which fields come through which proxy: the table for people who choose a runtime."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from harness.proxies.trial import Tried

# In which case a field is sent, and what stands for it in a cell.
POSITIONS = {"one-by-one": "before", "together": "with", "after-ready": "after"}
BARE = ("plain", "not-ready")  # in which no field but READY and STATUS is sent
MARKS = {"through": "yes", "replaced": "own", "dropped": "-"}
NOT_SEEN = "?"
NO_SOCKET = "no socket"
LEGEND = (
    "before, with and after READY=1; yes: it comes through as it went in; own: the proxy says its own instead; "
    "-: it does not; no socket: the payload is told of none"
)


@dataclass(frozen=True)
class Column:
    """One proxy."""

    name: str
    version: str
    cells: Mapping[str, str]
    added: Sequence[str]
    no_socket: bool = False

    def cell(self, field: str) -> str:
        return NO_SOCKET if self.no_socket else self.cells.get(field, NOT_SEEN)


def column(name: str, tried: Tried) -> Column:
    # What it says where the payload has said nothing of the kind is its own, though it be the same word for word.
    own = {
        line["added"].partition("=")[0]
        for case in BARE
        for line in tried.lines.get(case, ())
        if "added" in line
    }
    ways: dict[str, dict[str, str]] = {}
    added = sorted(own)
    for case, position in POSITIONS.items():
        for line in tried.lines.get(case, ()):
            if "field" in line:
                way = "replaced" if line["field"] in own and line["way"] == "through" else line["way"]
                ways.setdefault(line["field"], {})[position] = MARKS[way]
    if tried.lines and not tried.sockets:
        return Column(name, tried.version, {}, added, no_socket=True)
    cells = {
        each: _cell([found.get(where, NOT_SEEN) for where in POSITIONS.values()])
        for each, found in ways.items()
    }
    return Column(name, tried.version, cells, added)


def _cell(marks: Sequence[str]) -> str:
    return marks[0] if len(set(marks)) == 1 else " ".join(marks)


def rows(columns: Sequence[Column]) -> list[list[str]]:
    """A line a field, in the order of the first column; and what each proxy says of its own."""
    fields: dict[str, None] = {}
    for each in columns:
        fields |= dict.fromkeys(each.cells)
    out = [[field, *(each.cell(field) for each in columns)] for field in fields]
    return [*out, ["(its own)", *(", ".join(each.added) or "-" for each in columns)]]


def heads(columns: Iterable[Column]) -> list[str]:
    return ["field", *(f"{each.name} {each.version}" for each in columns)]


def show(columns: Sequence[Column], console: Console) -> None:
    table = Table(box=None, pad_edge=False)
    for head in heads(columns):
        table.add_column(head, overflow="fold")
    for row in rows(columns):
        table.add_row(*row)
    console.print(table)
    console.print(LEGEND, highlight=False, markup=False)


def markdown(columns: Sequence[Column]) -> str:
    first = heads(columns)
    lines = [first, ["---"] * len(first), *rows(columns)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + f"\n\n{LEGEND}\n"
