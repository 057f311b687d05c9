"""What the documentation says of a command in a sentence is understood by it, and so is what no test runs as it stands.

Each is read by the parser that reads it when a person types it, so that an option that is gone, or never was, is found.
"""

from __future__ import annotations

import functools
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from fuzz import command_line
from harness import gate_options, tool
from harness.documentation import page
from vm.installation import ROOT

PARSERS = {"gate": gate_options.parser, "fuzz": command_line.parser}
PROGRAM = re.compile(r"(\./run|notifyspec) [a-z]")
COMMANDS = sorted(
    {
        (page.name(each), line)
        for each in page.pages()
        for line in [*page.in_blocks(each), *page.in_text(each)]
        if PROGRAM.match(line)
    }
)


def words(line: str) -> list[str]:
    return shlex.split(re.split(r"\s[<>|]\s", line.replace(" > ", " | "))[0])


@functools.cache
def help_of(program: str | Path, command: str) -> tuple[int, str]:
    done = subprocess.run([program, command, "--help"], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(("where", "line"), COMMANDS, ids=[f"{where}: {line}" for where, line in COMMANDS])
def test_a_documented_command_is_understood(where: str, line: str) -> None:
    program, command, *rest = words(line)
    options = [each for each in rest if each.startswith("-")]
    if program == "./run" and command in PARSERS:
        PARSERS[command]().parse_args(rest)
        return
    code, said = help_of(ROOT / "run" if program == "./run" else tool.notifyspec(), command)
    assert code == 0, said
    for option in options:
        name = option.partition("=")[0]
        known = name in said or "arguments are passed on" in said or command == "bench"
        assert known, f"{line}: {name} is not in the help of {command}"


def test_all_pages_have_commands() -> None:
    assert len(COMMANDS) > 60
    found = {where for where, _ in COMMANDS}
    assert found >= {f"{each}/README.md" for each in ("fuzz", "bench", "fixtures")} | {
        ".github/CONTRIBUTING.md"
    }
