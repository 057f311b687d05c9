"""Every command line of `./run` and `notifyspec` in the documentation is one that they understand.

Those that are a matter of seconds are run elsewhere in the tests; here each is read by the parser that reads it when a
person types it, so that an option that is gone, or never was, is found.
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

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("*/README.md")), ROOT / ".github" / "CONTRIBUTING.md"]
PARSERS = {"gate": gate_options.parser, "fuzz": command_line.parser}


def lines(page: Path) -> list[str]:
    """Of code, what begins as a command of ours does, without the comment behind it."""
    text = page.read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S))
    inline = "\n".join(re.findall(r"`((?:\./run|notifyspec) [^`\n]+)`", text))
    found = [re.sub(r"\s+#.*$", "", line) for line in (blocks + "\n" + inline).split("\n")]
    return sorted({line for line in found if re.match(r"(\./run|notifyspec) [a-z]", line)})


COMMANDS = [(page, line) for page in PAGES for line in lines(page)]


def words(line: str) -> list[str]:
    return shlex.split(re.split(r"\s[<>|]\s", line.replace(" > ", " | "))[0])


@functools.cache
def help_of(program: str | Path, command: str) -> tuple[int, str]:
    done = subprocess.run([program, command, "--help"], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("page", "line"), COMMANDS, ids=[f"{page.parent.name}: {line}" for page, line in COMMANDS]
)
def test_a_documented_command_is_understood(page: Path, line: str) -> None:
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
    assert {page.parent.name for page, _ in COMMANDS} >= {"fuzz", "bench", "fixtures", ".github"}
