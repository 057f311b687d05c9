"""The manual pages: well formed, and with all that the programs have."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from harness.package import manual
from harness.package.command_line import Command, Option
from harness.package.conftest import Installed

PAGES = ("notifyspec", "notifyspec-gate", "notifyspec-vsock")


def path(installed: Installed, name: str) -> Path:
    return installed.prefix / "share" / "man" / "man1" / f"{name}.1.gz"


def shown(installed: Installed, name: str) -> str:
    call = ["man", "--no-hyphenation", "-E", "UTF-8", "-l", path(installed, name)]
    done = subprocess.run(
        call, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "MANWIDTH": "200"}
    )
    assert done.returncode == 0, done.stderr
    return re.sub(r"\x1b\[\d*m|.\x08", "", done.stdout)


@pytest.mark.parametrize("name", PAGES)
def test_no_formatter_has_anything_to_say(installed: Installed, name: str) -> None:
    plain = subprocess.run(["gunzip", "-c", path(installed, name)], capture_output=True, check=True).stdout
    lint = subprocess.run(["mandoc", "-Tlint", "-W", "warning"], input=plain, capture_output=True)
    assert (lint.stdout, lint.stderr) == (b"", b"")
    formatted = subprocess.run(
        ["man", "--warnings", "-l", "-Tutf8", "-Z", path(installed, name)], capture_output=True
    )
    assert (formatted.returncode, formatted.stderr) == (0, b"")


@pytest.mark.parametrize("name", PAGES)
def test_each_subcommand_and_option_is_there(installed: Installed, name: str) -> None:
    text = shown(installed, name)
    command = next(each for each in manual.commands(installed.prefix / "bin") if each.name == name)
    assert bool(command.subcommands) == (name == "notifyspec")
    assert len(command.options) > 2 or command.subcommands
    sections = {each.name: text.partition(f"   {name} {each.name}\n")[2] for each in command.subcommands}
    for each, of in ((command, text), *((each, sections[each.name]) for each in command.subcommands)):
        assert of, f"no section on {each.name}"
        for option in each.options:
            if "--help" not in option.names:
                assert re.search(rf"^ +{re.escape(option.names[-1])}( |$)", of, re.MULTILINE), option


def test_what_the_program_itself_says_is_taken_as_words(tmp_path: Path) -> None:
    option = Option(("--odd",), "", ".It \\fBno 'request' - at all. Another one")
    page = manual.page(Command("odd", "", options=[option]), "@OPTIONS@", "1")
    assert "\\&.It \\efBno \\(aqrequest\\(aq \\- at all.\nAnother one.\n" in page
