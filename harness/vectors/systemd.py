"""Vectors put before a real systemd: each is played by a service of a container that boots for it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import tool
from harness.vectors import properties, units
from harness.vectors.manager import SYSTEM, Manager
from harness.vectors.vector import Vector
from vm.claim import Claim
from vm.console import tail
from vm.container import Container, Setup
from vm.deadline import Deadline, DeadlinePassed
from vm.image import Image

Outcome = dict[str, Any]
SILENCE_S = 150.0  # so long without a word of any service, and nothing more will come
FIRST_WITH_FDSTORE = 254  # systemd-analyze fdstore
FIRST_WITH_TYPE = {"notify-reload": 253}
CRASHED = re.compile(r"Caught <\w+>|Freezing execution|Assertion .* failed")


@dataclass(frozen=True)
class Played:
    """What came of one boot: outcomes by vector, and of those that have none, why."""

    outcomes: dict[str, Outcome]
    trouble: str
    crashed: bool


def confirm(
    vectors: Sequence[Vector], image: Image, folder: Path, manager: Manager = SYSTEM
) -> list[Outcome]:
    """An outcome for each; those of which a boot says nothing are asked again, each in a boot of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    outcomes = {vector.id: _unknown_type(vector) for vector in vectors if _lacks_type(vector, image)}
    outcomes |= play(
        [each for each in vectors if each.id not in outcomes], image, folder / "all.console", manager
    ).outcomes
    for number, vector in enumerate(vectors):
        if vector.id not in outcomes:
            alone = play([vector], image, folder / f"{number}.console", manager)
            outcomes |= alone.outcomes or {vector.id: _failed(vector, alone)}
    return [outcomes[vector.id] for vector in vectors]


def _lacks_type(vector: Vector, image: Image) -> bool:
    return image.major < FIRST_WITH_TYPE.get(vector.service["type"], 0)


def _unknown_type(vector: Vector) -> Outcome:
    kind = vector.service["type"]
    reason = f"this systemd has no service of type {kind}: it came with {FIRST_WITH_TYPE[kind]}"
    return {"vector": vector.id, "outcome": "unsupported", "reason": reason}


def _failed(vector: Vector, played: Played) -> Outcome:
    kind = "crash" if played.crashed else "hang"
    return {"vector": vector.id, "outcome": kind, "reason": played.trouble}


def play(vectors: Sequence[Vector], image: Image, console: Path, manager: Manager) -> Played:
    """Boots, and waits until every service has told what it saw, or nothing comes any more."""
    setup = Setup(
        plants=units.plants(vectors, tool.notifyspec_static(), manager),
        arguments=[f"systemd.unit={manager.boots}", "systemd.show_status=no"],
    )
    with image.in_use(), Claim() as claim:
        fifo = claim.share / units.RESULTS
        os.mkfifo(fifo)
        (claim.share / units.TURN).touch()
        for each in (fifo, claim.share / units.TURN):
            each.chmod(0o666)  # the services may be anybody's
        # For both, so that it has no end when one service closes it.
        results = os.open(fifo, os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            with Container(claim, image, console, setup) as container:
                lines, trouble = _hear(results, len(vectors), container.exited)
                outcomes: dict[str, Outcome] = {}
                if lines:
                    try:
                        outcomes = _ask(container, manager, image, vectors, lines)
                    except DeadlinePassed as late:
                        trouble = str(late)
                container.require_started()
        finally:
            os.close(results)
    words = tail(console)
    return Played(outcomes, f"{trouble}\n{words}".strip(), CRASHED.search(words) is not None)


def _hear(results: int, count: int, exited: int) -> tuple[dict[str, dict[str, Any]], str]:
    """One line of each service, by vector."""
    lines: dict[str, dict[str, Any]] = {}
    rest = b""
    while len(lines) < count:
        try:
            ready = Deadline(SILENCE_S).wait(results, exited)
        except DeadlinePassed:
            return lines, f"no word of a service for {SILENCE_S:g} s"
        if results not in ready:
            return lines, "the system ended"
        *whole, rest = (rest + os.read(results, 1 << 16)).split(b"\n")
        for line in map(json.loads, whole):
            lines[line["vector"]] = line
    return lines, ""


def _ask(
    container: Container,
    manager: Manager,
    image: Image,
    vectors: Sequence[Vector],
    lines: dict[str, dict[str, Any]],
) -> dict[str, Outcome]:
    """Asks the manager about all services at once, and about single ones where that does not tell enough."""
    deadline = Deadline(SILENCE_S)
    names = {units.name_of(number): vector for number, vector in enumerate(vectors) if vector.id in lines}
    shown = manager.ask(
        container,
        f"{manager.systemctl} show --property={properties.PROPERTIES}",
        *names,
        deadline=deadline,
    )
    found = properties.parse(shown.stdout)
    outcomes = {}
    for name, vector in names.items():
        if name in found:
            outcomes[vector.id] = _outcome(
                container, manager, image, name, found[name], lines[vector.id], deadline
            )
    return outcomes


def _outcome(
    container: Container,
    manager: Manager,
    image: Image,
    name: str,
    values: properties.Properties,
    line: dict[str, Any],
    deadline: Deadline,
) -> Outcome:
    vector = line["vector"]
    if "failure" in line:
        return {"vector": vector, "outcome": "unsupported", "reason": line["failure"]}
    if values.get("StatusText") == properties.UNPRINTABLE:
        values["StatusText"] = _text(container, manager, name, "StatusText", deadline)
    fds = values["NFileDescriptorStore"]
    stored = _fd_names(container, manager, image, name, deadline) if fds != "0" else []
    seen = properties.conclusion(values, line["processes"], stored)
    seen |= {"fds_open": line["fds_open"], "barriers": line["barriers"]}
    hidden = [*properties.HIDDEN, *([] if stored is not None else ["fd_names"])]
    return {"vector": vector, "outcome": "concluded", "conclusion": seen, "unobserved": hidden}


def _text(container: Container, manager: Manager, name: str, which: str, deadline: Deadline) -> str:
    """A text property with newlines in it, over the bus."""
    path = "/org/freedesktop/systemd1/unit/" + re.sub(
        r"[^A-Za-z0-9]", lambda found: f"_{ord(found[0]):02x}", name
    )
    call = f"{manager.busctl} --json=short get-property org.freedesktop.systemd1 {path}"
    said = manager.ask(container, call, "org.freedesktop.systemd1.Service", which, deadline=deadline)
    return json.loads(said.stdout)["data"]


def _fd_names(
    container: Container, manager: Manager, image: Image, name: str, deadline: Deadline
) -> list[str] | None:
    """Nothing where this systemd does not tell them."""
    if image.major < FIRST_WITH_FDSTORE:
        return None
    said = manager.ask(container, f"{manager.analyze} --json=short fdstore {name}", deadline=deadline)
    return [row["fdname"] for row in json.loads(said.stdout)]
