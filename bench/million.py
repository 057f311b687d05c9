"""`notifyspec judge` on a synthetic trace of a million messages: messages a second, and memory at its peak."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from pathlib import Path

from harness import tool

MESSAGES = 1_000_000
TARGETS = 64


def write(path: Path, messages: int) -> None:
    """A boot whose targets go up and down for ever."""
    header = {
        "format": 1,
        "systemd": "262",
        "vantage": "container",
        "transport": "unix-dgram",
        "kernel": "6.1",
        "recorded": "2026-01-01",
        "t0_monotonic_usec": 0,
        "manager_pid": 1,
        "targets": {f"unit{number}.target": [] for number in range(TARGETS)},
        "transactions": [{"t": 0, "cause": "boot", "entered": ["unit0.target"], "left": []}],
    }
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps(header) + "\n")
        for number in range(messages):
            word = "ACTIVE" if number // TARGETS % 2 == 0 else "INACTIVE"
            data = f"X_SYSTEMD_UNIT_{word}=unit{number % TARGETS}.target"
            file.write(
                f'{{"t":{number / 1e6:.6f},"kind":"message","data":"{data}","pid":1,"uid":0,"gid":0}}\n'
            )


def seconds(path: Path) -> float:
    began = time.monotonic()
    done = subprocess.run([tool.notifyspec(), "judge", path], stdout=subprocess.DEVNULL, check=False)
    assert done.returncode == 1, "a manager that reports nothing but units does not conform"
    return time.monotonic() - began


def peak_kib(path: Path) -> int:
    """Its memory once all is read but the end: the kernel keeps the peak for as long as the process lives."""
    command = [tool.notifyspec(), "judge", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        process.stdin.write(path.read_bytes())
        process.stdin.flush()
        status = Path(f"/proc/{process.pid}/status").read_text()
        process.stdin.close()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="notifyspec-bench-") as folder:
        for messages in (MESSAGES // 1000, MESSAGES):
            path = Path(folder) / "trace.jsonl"
            write(path, messages)
            rate = messages / seconds(path)
            print(f"judge: {messages:>9,} messages, {rate:>11,.0f} a second, peak {peak_kib(path)} KiB")


if __name__ == "__main__":
    main()
