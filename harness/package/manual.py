"""Manual pages: what a page says in its own words (*.1.in), and behind each option what the program itself says of it.

usage: python3 -m harness.package.manual PROGRAMS VERSION FOLDER      writes a page for each command
PROGRAMS is the folder of notifyspec and notifyspec-vsock.
"""

from __future__ import annotations

import itertools
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from harness import gate_options
from harness.package import command_line
from harness.package.command_line import Command, Option
from vm import installation

HERE = Path(__file__).parent
INSTALLED = installation.installed(installation.ROOT)  # as who reads the page has it
SENTENCE = re.compile(r"(?<=[.:]) (?=[A-Z])")
WORD = re.compile(r"\A[a-z]+(?=[ ,])")  # and not a name, as systemd-N
WIDTH = 78
STATUSES = "Exit status:"
MOST_CHOICES = 12  # of more, the meaning says where they are listed


def escaped(text: str) -> str:
    """Words that mean themselves: no escape of roff's, no request, no hyphen that becomes typography."""
    plain = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    return f"\\&{plain}" if plain.startswith(".") else plain


def _flow(text: str) -> Iterator[str]:
    """Each sentence begins a line, as mdoc wants it."""
    for sentence in SENTENCE.split(" ".join(text.split())):
        yield from map(
            escaped, textwrap.wrap(sentence, WIDTH, break_on_hyphens=False, break_long_words=False)
        )


def _prose(text: str) -> Iterator[str]:
    """Lines that are indented are an example, and stay as they are."""
    for example, lines in itertools.groupby(text.splitlines(), lambda line: line.startswith("  ")):
        if example:
            yield from (
                ".Bd -literal -offset indent",
                *(escaped(line.strip()) for line in lines),
                ".Ed",
                ".Pp",
            )
        else:
            yield from _flow(" ".join(lines))


def _item(option: Option) -> Iterator[str]:
    argument = f" Ar {escaped(option.argument)}" if option.argument and not option.positional else ""
    if option.positional:
        yield f".It Ar {escaped(option.names[0])}{' ...' if option.several else ''}"
    else:
        # Fl writes the first of its hyphens itself.
        yield ".It " + " , ".join(f"Fl {escaped(name[1:])}{argument}" for name in option.names)
    meaning = WORD.sub(lambda word: word[0].capitalize(), option.meaning)
    yield from _flow(meaning + ("" if meaning.endswith(".") else "."))
    if 0 < len(option.choices) <= MOST_CHOICES and not all(each in option.meaning for each in option.choices):
        yield from _flow(f"One of: {', '.join(option.choices)}.")
    if option.default and option.default not in ("-", "0"):
        yield escaped(f"Default: {option.default}.")


def _list(command: Command) -> Iterator[str]:
    options = [each for each in command.options if "--help" not in each.names]
    if options:
        yield from (".Bl -tag -width indent", *(line for each in options for line in _item(each)), ".El")


def _subcommand(program: Command, command: Command) -> Iterator[str]:
    required = [each.names[0] for each in command.options if each.positional and each.required]
    yield from (f".Ss {program.name} {command.name}", f".Nm Cm {command.name}", ".Op Ar OPTION ...")
    yield from (*(f".Ar {name}" for name in required), ".Pp")
    yield from _flow(f"{command.meaning}.")
    yield from _list(command)
    if command.more:
        yield from (".Pp", *_prose(command.more))


def _statuses(more: str) -> Iterator[str]:
    """Of a program that tells its exit status in one sentence, the items of a list of them."""
    for each in more.partition(STATUSES)[2].strip().rstrip(".").split(";"):
        status, _, meaning = each.strip().partition(" ")
        yield from (f".It {status}", escaped(f"{meaning[:1].upper()}{meaning[1:]}."))


def page(command: Command, template: str, version: str) -> str:
    commands = (line for each in command.subcommands for line in _subcommand(command, each))
    parts = {"OPTIONS": "\n".join(_list(command)), "COMMANDS": "\n".join(commands), "VERSION": version}
    if STATUSES in command.more:
        parts["MORE"] = "\n".join(_flow(command.more.partition(STATUSES)[0]))
        parts["STATUSES"] = "\n".join(_statuses(command.more))
    for name, text in parts.items():
        template = template.replace(f"@{name}@", text)
    return template


def commands(programs: Path) -> list[Command]:
    """All that are installed, by what those in that folder say of themselves."""
    gate = command_line.of_parser(INSTALLED.gate[0], gate_options.parser(INSTALLED))
    tool, device = command_line.of_tool(programs / "notifyspec"), command_line.of_help(
        programs / "notifyspec-vsock"
    )
    return [tool, gate, device]


if __name__ == "__main__":
    for each in commands(Path(sys.argv[1])):
        source = (HERE / f"{each.name}.1.in").read_text(encoding="utf-8")
        (Path(sys.argv[3]) / f"{each.name}.1").write_text(page(each, source, sys.argv[2]), encoding="utf-8")
