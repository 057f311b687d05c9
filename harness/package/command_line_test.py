"""The help of a program of CLI11's is read whole: nothing of it is lost, and nothing is taken for another thing."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from harness.package import command_line
from vm.installation import ROOT

DEVICE = ROOT / "build" / "release" / "notifyspec-vsock"
HELP = """Does it
Usage: it [OPTIONS]

Options:
  -h,--help                   Print this help message and exit
  --cid N:UINT in [3 - 4] REQUIRED
                              The guest's: 3 or
                              more (repeatable)
  --plain

Ends at once.
"""


def program(folder: Path, text: str) -> Path:
    path = folder / "it"
    path.write_text(f"#!/bin/sh\ncat <<'END'\n{text}END\n")
    path.chmod(0o755)
    return path


def test_each_part_of_the_help_is_where_it_belongs(tmp_path: Path) -> None:
    command = command_line.of_help(program(tmp_path, HELP))
    assert (command.name, command.meaning, command.more) == ("it", "Does it", "Ends at once.")
    words, cid, plain = command.options
    assert words.names == ("-h", "--help") and not words.argument and not words.required
    assert (cid.argument, cid.meaning) == ("N", "The guest's: 3 or more (repeatable)")
    assert cid.required and cid.several
    assert (plain.names, plain.meaning) == (("--plain",), "")


def test_what_it_cannot_read_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="--odd one two"):
        command_line.of_help(program(tmp_path, HELP.replace("--plain", "--odd one two")))


def test_the_device_has_all_its_options() -> None:
    text = subprocess.run([DEVICE, "--help"], capture_output=True, text=True, check=True).stdout
    options = command_line.of_help(DEVICE).options
    assert {each.names[-1] for each in options} == set(re.findall(r"^  (?:-h,)?(--[a-z-]+)", text, re.M))
    assert len(options) > 8 and all(each.meaning for each in options)
