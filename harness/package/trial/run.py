"""Installs the package in a clean Debian 12 and puts a sender before its gate, as somebody who has nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

from harness.exit_code import ExitCode
from harness.scratch import scratch
from harness.package import clean_root
from vm.environment import require_root

HERE = Path(__file__).parent
MINE = ("adapter.toml", "send.pl")


def run(deb: Path, out: Path) -> tuple[int, str]:
    """The exit code of all steps, and what they said; `out` gets what the gate has left there."""
    require_root()
    root = clean_root.find(clean_root.dependencies(deb))
    with scratch() as share:
        shutil.copy(deb, share)
        (share / "mine").mkdir()
        for name in MINE:
            shutil.copy(HERE / name, share / "mine")
        shutil.copy2(HERE / "in_root.sh", share)
        call = clean_root.within(root, share, ["/share/in_root.sh"])
        done = subprocess.run(
            call, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if (share / "run").exists():
            shutil.copytree(share / "run", out)
    return done.returncode, done.stdout


def main(deb: Path, out: Path) -> ExitCode:
    began = time.monotonic()
    code, words = run(deb, out)
    print(words, end="")
    if code != 0:
        print(f"trial: failed with {code}")
        return ExitCode.DOES_NOT_CONFORM
    answer = json.loads((out / "run.json").read_text(encoding="utf-8"))["exit_code"]
    seconds = time.monotonic() - began
    print(f"trial: the gate answered {answer}; {seconds:.0f} s; page: {os.path.relpath(out / 'index.html')}")
    return ExitCode.CONFORMS
