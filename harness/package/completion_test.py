"""What bash offers at the end of a line that somebody has begun to write."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from harness.package.conftest import Installed

# As readline does it: the words, split at = too, and the number of the one that is being written.
ASK = """source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
function=$(complete -p "$1" | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
"$function"
printf '%s\\n' "${COMPREPLY[@]}"
"""


def offered(installed: Installed, line: str, folder: Path) -> set[str]:
    words = [*shlex.split(line.replace("=", " = ")), *([""] if line.endswith((" ", "=")) else [])]
    script = installed.prefix / "share" / "bash-completion" / "completions" / words[0]
    path = {"PATH": f"{installed.prefix / 'bin'}:{os.environ['PATH']}"}
    call = ["bash", "-euc", ASK, "bash", script, *words]
    done = subprocess.run(call, capture_output=True, text=True, cwd=folder, env=os.environ | path)
    assert (done.returncode, done.stderr) == (0, "")
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("line", "some"),
    [
        ("notifyspec ", {"decode", "record", "judge", "replay", "list"}),
        ("notifyspec ju", {"judge"}),
        ("notifyspec --v", {"--version"}),
        ("notifyspec judge --f", {"--format"}),
        ("notifyspec judge --format ", {"text", "jsonl", "junit"}),
        ("notifyspec judge --format=ju", {"junit"}),
        ("notifyspec list req", {"requirements"}),
        ("notifyspec list requirements --format=", {"text", "jsonl", "markdown"}),
        ("notifyspec-vsock --fo", {"--forward"}),
        ("notifyspec-gate --max", {"--max-skip"}),
        ("notifyspec-gate --vsock ", {"auto", "kernel", "user"}),
        ("notifyspec-gate exa", {"example-c", "example-python", "example-shell"}),
    ],
)
def test_bash_offers(installed: Installed, tmp_path: Path, line: str, some: set[str]) -> None:
    found = offered(installed, line, tmp_path)
    assert found == some if len(some) < 5 else found >= some


@pytest.mark.parametrize(
    "line", ["notifyspec judge ", "notifyspec record --output ", "notifyspec-gate --out "]
)
def test_where_a_file_is_wanted_it_leaves_that_to_bash(
    installed: Installed, tmp_path: Path, line: str
) -> None:
    assert offered(installed, line, tmp_path) == set()
