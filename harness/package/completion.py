"""Completion for bash: of the command lines as the programs tell them, and of names as the gate lists them.

usage: python3 -m harness.package.completion PROGRAMS FOLDER      writes a file for each command
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from harness.package.command_line import Command
from harness.package.manual import commands

# $word: what is being written; $before: what stands before it; $sub: the subcommand, if any.
HEAD = """# bash completion for {name}; made by harness/package/completion.py
_{function}() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} sub=''
{subcommands}  # bash takes --option=word for three words.
  [ "$word" != = ] || {{ before=${{COMP_WORDS[COMP_CWORD - 1]}} word=''; }}
  [ "$before" != = ] || before=${{COMP_WORDS[COMP_CWORD - 2]}}
  COMPREPLY=()
  case $sub,$before in"""
SUBCOMMAND = """  for each in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case $each in {names}) sub=$each; break ;; esac
  done
"""
TAIL = """  esac
}}
complete -o bashdefault -o default -F _{function} {name}
"""
# Names are what it lists; a folder of one's own is completed by bash itself, where none of them matches.
GATE_NAMES = """$({name} --list 2>/dev/null | while read -r kind name _; do
      case $kind in scenario) ;; *) echo "$name" ;; esac
    done)"""


def _words(words: str) -> str:
    return f'mapfile -t COMPREPLY < <(compgen -W "{words}" -- "$word") ;;'


def _of(command: Command, sub: str) -> Iterator[str]:
    """The cases of one command: what follows an option that takes something, then all else."""
    for option in command.options:
        if option.positional or not option.argument:
            continue
        cases = "|".join(f"{sub},{name}" for name in option.names)
        # Of an option without a list of words, what bash itself completes: files.
        yield f"    {cases}) {_words(' '.join(option.choices)) if option.choices else ';;'}"
    flags = [name for option in command.options if not option.positional for name in option.names]
    names = [word for option in command.options if option.positional for word in option.choices]
    names += [each.name for each in command.subcommands]
    fixed = shlex.join(names)
    if command.name == "notifyspec-gate":
        fixed = GATE_NAMES.format(name=command.name)
    yield f"    {sub},*) case $word in"
    yield f"      -*) {_words(' '.join(flags))}"
    if fixed:
        yield f"      *) {_words(fixed)}"
    yield "      esac ;;"


def completion(command: Command) -> str:
    function = command.name.replace("-", "_")
    names = "|".join(each.name for each in command.subcommands)
    subcommands = SUBCOMMAND.format(names=names) if names else ""
    lines = [HEAD.format(name=command.name, function=function, subcommands=subcommands)]
    for each in command.subcommands:
        lines += _of(each, each.name)
    lines += _of(command, "")
    return "\n".join(lines) + "\n" + TAIL.format(name=command.name, function=function)


if __name__ == "__main__":
    for each in commands(Path(sys.argv[1])):
        (Path(sys.argv[2]) / each.name).write_text(completion(each), encoding="utf-8")
