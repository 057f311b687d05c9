"""A command line as data, read from the program that has it: `notifyspec list options`, a parser of argparse, or what
`--help` of another program says that is made with CLI11.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Option:
    names: tuple[str, ...]  # of a positional one: what stands for it
    argument: str  # what stands for its value; empty where it takes none
    meaning: str
    choices: tuple[str, ...] = ()
    default: str = ""
    several: bool = False
    positional: bool = False
    required: bool = False


# Of CLI11's help, the line that an option begins on; what it means follows behind two spaces, or on the next lines.
HELP_OPTION = re.compile(
    r"  (?P<names>-\S+)(?: (?P<argument>[^\s:]+)(?::\S.*?)?)?(?: {2,}(?P<meaning>\S.*))?"
)
HELP_REPEATABLE = "(repeatable)"


@dataclass
class Command:
    """A program, or a subcommand of one."""

    name: str
    meaning: str
    more: str = ""
    options: list[Option] = field(default_factory=list)
    subcommands: list[Command] = field(default_factory=list)


def of_tool(program: Path) -> Command:
    call = [program, "list", "options", "--format", "jsonl"]
    rows = subprocess.run(call, capture_output=True, text=True, check=True).stdout.splitlines()
    return _of_rows("notifyspec", map(json.loads, rows))


def _of_rows(program: str, rows: Iterable[dict[str, Any]]) -> Command:
    commands: dict[str, Command] = {}
    for row in rows:
        if row["kind"] == "command":
            commands[row["command"]] = Command(row["command"] or program, row["meaning"], row["more"])
            continue
        option = Option(
            tuple(row["names"]),
            row["argument"],
            row["meaning"],
            tuple(row["choices"]),
            row["default"],
            row["several"],
            row["kind"] == "positional",
            row["required"],
        )
        commands[row["command"]].options.append(option)
    whole = commands.pop("")
    whole.subcommands = list(commands.values())
    return whole


def of_help(program: Path) -> Command:
    """Of a program without subcommands."""
    text = subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout
    meaning, _, rest = text.partition("\n")
    listed, _, more = rest.partition("\nOptions:\n")[2].partition("\n\n")
    return Command(program.name, meaning, more.strip(), list(_of_help(listed.splitlines())))


def _of_help(lines: list[str]) -> Iterator[Option]:
    heads = [number for number, line in enumerate(lines) if line.startswith("  -")]
    for head, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        found = HELP_OPTION.fullmatch(lines[head])
        if found is None:
            raise ValueError(f"this is no line that an option begins on: {lines[head]!r}")
        names, argument, meaning = (found[each] or "" for each in ("names", "argument", "meaning"))
        words = " ".join([meaning, *(line.strip() for line in lines[head + 1 : end])]).strip()
        several = HELP_REPEATABLE in words
        required = lines[head].endswith(" REQUIRED") or " REQUIRED  " in lines[head]
        yield Option(tuple(names.split(",")), argument, words, several=several, required=required)


def of_parser(name: str, parser: argparse.ArgumentParser) -> Command:
    command = Command(name, parser.description or "", parser.epilog or "")
    for action in parser._actions:  # argparse tells it to nobody; its own help is made of the same
        takes = action.nargs != 0
        word = action.metavar or action.dest.upper()
        word = word if isinstance(word, str) else " ".join(word)
        option = Option(
            tuple(action.option_strings) or (word,),
            word if takes else "",
            (action.help or "") % {"prog": name, "default": action.default},
            tuple(map(str, action.choices or ())),
            several=action.nargs in ("*", "+") or isinstance(action, argparse._AppendAction),
            positional=not action.option_strings,
            required=action.required,
        )
        command.options.append(option)
    return command
