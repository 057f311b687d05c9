"""What zsh offers at the end of a line that somebody has begun to write: a real one, with nothing of anybody's in it.

It needs a second to begin, so that one is asked for all.
"""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest

from harness.package.conftest import Installed

# As somebody has it who has just switched completion on. As soon as the editor stands, each line is put there and
# completed. Whatever is offered passes through compadd; with -O, -A or -D that only asks what would be.
STARTUP = """
fpath=($COMPLETIONS $fpath)
autoload -Uz compinit
compinit -u -d $ZDOTDIR/dump
compadd() {
  if (( $@[(I)-[OAD]] )); then builtin compadd "$@"; return; fi
  local -a found
  builtin compadd -A found "$@"
  print -rl -- $found >>$OFFERED
}
complete-lines() {
  local line
  for line in "${(@f)LINES_TO_ASK}"; do
    print -r -- "> $line" >>$OFFERED
    BUFFER=$line CURSOR=$#line
    zle complete-word
  done
  exit 0
}
zle -N zle-line-init complete-lines
"""
CASES: dict[str, set[str]] = {
    "notifyspec ": {"decode", "record", "judge", "replay", "list"},
    "notifyspec ju": {"judge"},
    "notifyspec judge --f": {"--format"},
    "notifyspec judge --format ": {"text", "jsonl", "junit"},
    "notifyspec judge --format=ju": {"junit"},
    "notifyspec list req": {"requirements"},
    "notifyspec-vsock --fo": {"--forward"},
    "notifyspec-gate --max": {"--max-skip"},
    "notifyspec-gate --vsock ": {"auto", "kernel", "user"},
    "notifyspec-gate exa": {"example-c", "example-python", "example-shell"},
    "notifyspec judge trace": {"trace.jsonl"},
    "notifyspec record --output tr": {"trace.jsonl"},
}


def completions(installed: Installed) -> Path:
    return installed.prefix / "share" / "zsh" / "vendor-completions"


@pytest.fixture(scope="module")
def offered(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    folder = tmp_path_factory.mktemp("zsh")
    (folder / ".zshrc").write_text(STARTUP)
    (folder / "trace.jsonl").touch()
    environment = {
        "HOME": str(folder),
        "ZDOTDIR": str(folder),
        "PATH": f"{installed.prefix / 'bin'}:{os.environ['PATH']}",
        "COMPLETIONS": str(completions(installed)),
        "OFFERED": str(folder / "offered"),
        "LINES_TO_ASK": "\n".join(CASES),
        "TERM": "xterm",
        "LANG": "C.UTF-8",
    }
    ours, its = pty.openpty()
    call = ["zsh", "-d", "-i"]
    with subprocess.Popen(call, stdin=its, stdout=its, stderr=its, env=environment, cwd=folder) as zsh:
        os.close(its)
        shown = _all_of(ours)
    assert zsh.returncode == 0, shown
    asked = (folder / "offered").read_text().removeprefix("> ").split("\n> ")
    answers = (each.partition("\n") for each in asked)
    return {line: {word.rstrip("=") for word in words.split()} for line, _, words in answers}


def _all_of(terminal: int) -> str:
    said = b""
    with open(terminal, "rb", buffering=0) as file:
        try:
            while some := file.read(4096):
                said += some
        except OSError:  # so a terminal ends
            pass
    return said.decode(errors="replace")


@pytest.mark.parametrize("line", CASES)
def test_zsh_offers(offered: dict[str, set[str]], line: str) -> None:
    some = CASES[line]
    assert offered[line] == some if len(some) < 5 else offered[line] >= some


def test_each_is_a_script_of_zsh(installed: Installed) -> None:
    paths = sorted(completions(installed).iterdir())
    assert [path.name for path in paths] == ["_notifyspec", "_notifyspec-gate", "_notifyspec-vsock"]
    for path in paths:
        done = subprocess.run(["zsh", "-d", "-f", "-n", path], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), path
