"""`./run bench million`: what a message costs, and memory at its peak, where there are ten times as many.

Received by this project's receiver (1 and 10 million datagrams), put before `notifyspec judge` (a trace of 100,000 and
of a million), and sent again by `notifyspec replay` (10,000 and 100,000). Time is reported, and gates nothing. Memory
that grows is exit code 3.
"""

from __future__ import annotations

import argparse
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import contest
from bench.contest import Contestant, Talk
from harness import tool
from harness.exit_code import ExitCode
from harness.guard import guarded

MILLION = 1_000_000
PIECE = 100_000  # datagrams that are asked for at once
TARGETS = 64
GROWTH_KIB = (
    512  # far less than a message each, over all that are more; pages of the program itself come and go
)
END_S = 60
PAGE = 4096
LONGEST_QUEUE = 300  # of one sender, however long the queue may be: bench/README.md


@dataclass(frozen=True)
class Row:
    what: str
    messages: int
    ns: float  # a message
    peak_kib: int


def receive(sizes: Sequence[int]) -> Iterator[Row]:
    """One receiver, again and again; `sizes` ascend."""
    program = tool.bench("bench/notifyspec_contestant")
    payload = contest.payloads(program)["status"]
    with Talk(Contestant("receiver", [str(program), "receiver"])) as talk:
        done, ns = 0, 0
        for size in sizes:
            while done < size:
                count = min(PIECE, size - done)
                ns += int(talk.ask("receive", payload, count)["ns"])
                done += count
            yield Row("receive", size, ns / size, peak_kib(talk.pid))


def judge(sizes: Sequence[int]) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="notifyspec-bench-") as folder:
        for size in sizes:
            path = Path(folder) / "trace.jsonl"
            write(path, size)
            yield Row("judge", size, *_judged(path, size))


def _judged(path: Path, messages: int) -> tuple[float, int]:
    """Its memory is looked at once all is read but the end: the kernel keeps the peak for as long as it lives."""
    command = [tool.notifyspec(), "judge", "-"]
    content = path.read_bytes()
    began = time.monotonic_ns()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        process.stdin.write(content)
        process.stdin.flush()
        peak = peak_kib(process.pid)
        process.stdin.close()
        process.wait(END_S)
        took = time.monotonic_ns() - began
    # A manager that reports nothing but units does not conform.
    if process.returncode != 1:
        raise RuntimeError(f"notifyspec judge ended with {process.returncode}")
    return took / messages, peak


def replay(sizes: Sequence[int]) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="notifyspec-bench-") as folder:
        for size in sizes:
            path = Path(folder) / "trace.jsonl"
            write(path, size)
            yield Row("replay", size, *_replayed(path, size, Path(folder)))


def _replayed(path: Path, messages: int, folder: Path) -> tuple[float, int]:
    """Its memory is looked at while the last messages cannot have been sent, since its queue is full of others."""
    address = folder / "notify"
    call = [tool.notifyspec(), "replay", str(path), "--to", f"unix:{address}", "--speed", "max"]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(str(address))
        receiver.settimeout(END_S)
        began = time.monotonic_ns()
        with subprocess.Popen(call, stderr=subprocess.DEVNULL) as sender:
            came = [receiver.recv(PAGE) for _ in range(messages - LONGEST_QUEUE)]
            peak = peak_kib(sender.pid)
            came += [receiver.recv(PAGE) for _ in range(LONGEST_QUEUE)]
        took = time.monotonic_ns() - began
        address.unlink()
    sent = [json.loads(line)["data"] for line in path.read_text().splitlines()[1:]]
    if sender.returncode != 0 or [each.decode() for each in came] != sent:
        raise RuntimeError("what came is not what is in the trace")
    return took / messages, peak


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


def peak_kib(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


def is_flat(rows: Sequence[Row]) -> bool:
    return rows[-1].peak_kib <= rows[0].peak_kib + GROWTH_KIB


Kind = Callable[[Sequence[int]], Iterator[Row]]
KINDS: list[tuple[Kind, Sequence[int]]] = [
    (receive, (MILLION, 10 * MILLION)),
    (judge, (MILLION // 10, MILLION)),
    (replay, (MILLION // 100, MILLION // 10)),
]


def main(arguments: Sequence[str] | None = None) -> ExitCode:
    parser = argparse.ArgumentParser(prog="./run bench million", description=__doc__)
    parser.parse_args(arguments)
    code = ExitCode.CONFORMS
    for kind, sizes in KINDS:
        rows = []
        for row in kind(sizes):
            rows.append(row)
            print(
                f"{row.what:<8} {row.messages:>10,}  {row.ns:>9,.0f} ns each  peak {row.peak_kib:,} KiB",
                flush=True,
            )
        times = rows[-1].ns / rows[0].ns
        print(
            f"{rows[0].what:<8} ten times as many: {times:.2f} times as long each, memory {memory(rows)}",
            flush=True,
        )
        code = code if is_flat(rows) else ExitCode.BASELINE
    return code


def memory(rows: Sequence[Row]) -> str:
    return "flat" if is_flat(rows) else "GROWS"


if __name__ == "__main__":
    sys.exit(guarded("./run bench million", main))
