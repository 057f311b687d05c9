"""A command line as data, read from the program that has it: `notifyspec list options`, or a parser of argparse."""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Iterable
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
            several=action.nargs in ("*", "+"),
            positional=not action.option_strings,
            required=action.required,
        )
        command.options.append(option)
    return command
