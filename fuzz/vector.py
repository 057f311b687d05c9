"""A scenario as a vector: the draft of one, for a person to name its requirements and what it may come to.

What systemd makes of it is found by `./run vectors`, as of any other vector.
"""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

from fuzz import target
from fuzz.seeds import BEGIN, END, LETTERS
from harness.judgement import InputRefused

SENDERS = {letter.decode(): name for name, letter in LETTERS.items() if letter}
MOST_FDS = 253
OF_SCENARIOS, OF_DATAGRAMS = ("service", "socket"), ("datagram", "lines")
OPTION = re.compile(r"([a-z])(\d*)")


def scenario(path: Path) -> bytes:
    """That of an input, whose target its name says. Raises InputRefused, also where it is no datagram of any kind."""
    one = target.of(path)
    if one.name in OF_SCENARIOS:
        return path.read_bytes()
    if one.name in OF_DATAGRAMS:
        return path.read_bytes().translate(None, BEGIN + END) + BEGIN + END
    raise InputRefused(
        f"fuzz: {path}: no vector comes of an input of {one.name}: {', '.join((*OF_SCENARIOS, *OF_DATAGRAMS))}"
    )


def draft(scenario: bytes) -> dict[str, Any]:
    """Loss and gaps are left out: no vector has them."""
    steps: list[dict[str, Any]] = []
    for part in scenario.split(END):
        data, begins, options = part.partition(BEGIN)
        if data or begins:
            steps += _steps(data, options.decode(errors="ignore"))
    return {
        "requirements": ["receiver.TO-BE-NAMED"],
        "level": "must",
        "note": "Why it matters.",
        "steps": steps,
        "expect": [{}],
    }


def _steps(data: bytes, options: str) -> list[dict[str, Any]]:
    step: dict[str, Any] = _bytes(data)
    action = []
    for letter, digits in OPTION.findall(options):
        if letter in SENDERS:
            step["credentials"] = SENDERS[letter]
        elif letter == "f" and 0 < int(digits or 0) <= MOST_FDS:
            step["fds"] = int(digits)
        elif letter == "r":
            action = [{"action": "reload"}]
    return [step, *action]


def _bytes(data: bytes) -> dict[str, Any]:
    try:
        return {"data": data.decode()}
    except UnicodeDecodeError:
        return {"data_base64": base64.b64encode(data).decode()}


def text(scenario: bytes) -> str:
    return json.dumps(draft(scenario), indent=2, ensure_ascii=False) + "\n"
