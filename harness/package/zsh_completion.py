"""Completion for zsh, of the same command lines as that for bash, and with what each option means.

usage: python3 -m harness.package.zsh_completion PROGRAMS FOLDER      writes a file for each command, _NAME
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from harness.package.command_line import Command, Option
from harness.package.manual import SENTENCE, commands

SIMPLE = """#compdef {name}
# Made by harness/package/zsh_completion.py.
{names}_arguments -S \\
{options}
"""
WITH_SUBCOMMANDS = """#compdef {name}
# Made by harness/package/zsh_completion.py.
local curcontext=$curcontext state line
local -a commands=(
{commands}
)
_arguments -C -S \\
{options} \\
  '1: :->command' \\
  '*:: :->argument'
case $state in
  command) _describe command commands ;;
  argument)
    case $line[1] in
{cases}
    esac
    ;;
esac
"""
CASE = """      {name}) _arguments -S \\
{options}
        ;;"""
# Names are what it lists, but for those of scenarios alone; or a folder of one's own.
GATE_NAMES = """_{function}_name() {{
  local kind name rest
  local -a names
  {name} --list 2>/dev/null | while read -r kind name rest; do
    [[ $kind == scenario ]] || names+=($name)
  done
  _alternative 'names:name:compadd -a names' 'folders:folder:_files -/'
}}
"""


def quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _meaning(text: str) -> str:
    """The first sentence; what _arguments would take for its own stands behind a backslash."""
    first = SENTENCE.split(" ".join(text.split()))[0].rstrip(".")
    return "".join(f"\\{each}" if each in "[]:\\" else each for each in first)


def _values(option: Option) -> str:
    """What may follow: words that it knows, else files."""
    what = f"({' '.join(option.choices)})" if option.choices else "_files"
    return "".join(f":{word}:{what}" for word in option.argument.split())


def _option(option: Option) -> Iterator[str]:
    """A word of _arguments for each name; where one is given, those that mean the same are not offered."""
    others = "" if option.several or len(option.names) == 1 else f"({' '.join(option.names)})"
    for name in option.names:
        takes = (
            ("=" if name.startswith("--") and " " not in option.argument else "") if option.argument else ""
        )
        lead = "*" if option.several else others
        yield quoted(f"{lead}{name}{takes}[{_meaning(option.meaning)}]{_values(option)}")


def _positional(command: Command) -> Iterator[str]:
    number = 1
    for option in command.options:
        if not option.positional:
            continue
        word, what = option.names[0].replace(":", "\\:"), _values(option).rpartition(":")[2]
        if command.name == "notifyspec-gate":
            what = f"_{command.name.replace('-', '_')}_name"
        yield quoted(f"{'*' if option.several else number}:{word}:{what}")
        number += 1


def _options(command: Command, indent: str) -> str:
    words = [word for option in command.options if not option.positional for word in _option(option)]
    return " \\\n".join(f"{indent}{word}" for word in [*words, *_positional(command)])


def completion(command: Command) -> str:
    function = command.name.replace("-", "_")
    if not command.subcommands:
        gate = command.name == "notifyspec-gate"
        names = GATE_NAMES.format(function=function, name=command.name) if gate else ""
        return SIMPLE.format(name=command.name, names=names, options=_options(command, "  "))
    described = [quoted(f"{each.name}:{_meaning(each.meaning)}") for each in command.subcommands]
    cases = [CASE.format(name=each.name, options=_options(each, " " * 10)) for each in command.subcommands]
    return WITH_SUBCOMMANDS.format(
        name=command.name,
        commands="\n".join(f"  {each}" for each in described),
        options=_options(command, "  "),
        cases="\n".join(cases),
    )


if __name__ == "__main__":
    for each in commands(Path(sys.argv[1])):
        (Path(sys.argv[2]) / f"_{each.name}").write_text(completion(each), encoding="utf-8")
