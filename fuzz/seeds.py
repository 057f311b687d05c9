"""What a campaign begins with besides the committed inputs: the dictionary, and what golden traces and vectors hold.

All of it derives from the suite itself, so that a field or a vector that is new is fuzzed from then on.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fuzz.target import ROOT
from harness import judgement

FIXTURES = ROOT / "fixtures"
BEGIN, END = b"\x1e", b"\x1f"  # of a scenario's options (scenario.h)
LETTERS = {"main": b"", "child": b"c", "other-uid": b"o", "stranger": b"s"}


def dictionary(path: Path) -> Path:
    """Every field name of the table."""
    rows = map(json.loads, judgement.listing("fields").splitlines())
    path.write_text("".join(f'"{row["name"]}="\n' for row in rows), encoding="utf-8")
    return path


def write(target: str, folder: Path, longest: int | None = None) -> None:
    """One file for each seed, but for those that are longer than that."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(dict.fromkeys(_seeds(target))):
        if longest is None or len(seed) <= longest:
            (folder / f"from-fixtures-{number}").write_bytes(seed)


def _seeds(target: str) -> Iterator[bytes]:
    if target in ("datagram", "lines"):
        yield from (each["data"].encode() for each in _messages() if "data" in each)
        yield from (data for steps in _receiver_steps() for data, _ in steps)
    elif target == "trace":
        yield from (line.encode() for line in _trace_lines())
    elif target in ("service", "socket"):
        yield from (
            b"".join(data + BEGIN + options + END for data, options in each) for each in _receiver_steps()
        )
    elif target == "requests":
        yield from (
            json.dumps({"seq": 1, "do": "send"} | each).encode() + b"\n" for each in _sender_requests()
        )


def _trace_lines() -> Iterator[str]:
    for trace in sorted((FIXTURES / "traces").rglob("*.jsonl")):
        if trace.name.count(".") == 1:
            yield from trace.read_text(encoding="utf-8").split("\n")[:-1]


def _messages() -> Iterator[dict[str, Any]]:
    return map(json.loads, _trace_lines())


def _vectors(role: str) -> Iterator[dict[str, Any]]:
    for path in sorted((FIXTURES / "vectors" / role).rglob("*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))


def _receiver_steps() -> Iterator[list[tuple[bytes, bytes]]]:
    """Of each vector: datagrams with the options of a scenario."""
    for vector in _vectors("receiver"):
        steps = []
        for step in vector["steps"]:
            if "action" in step:
                steps.append((b"", b"r"))
                continue
            data = base64.b64decode(step["data_base64"]) if "data_base64" in step else step["data"].encode()
            options = LETTERS[step.get("credentials", "main")]
            options += b"f%d" % step["fds"] if step.get("fds") else b""
            steps += [(data, options)] * min(step.get("repeat", 1), 12)
        yield steps


def _sender_requests() -> Iterator[dict[str, Any]]:
    for vector in _vectors("sender"):
        yield {"environment": vector.get("environment"), "steps": vector["steps"]}
