"""The flood before a real PID 1, in a container: from a service of Type=notify with NotifyAccess=all.

PID 1 does not tell what it has received. But the kernel tells the sender how much of the flood still waits, and so
how many messages PID 1 has taken, and when.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from bench.flood.outcome import Outcome, of_sender, quantiles
from bench.socket_queue import QUEUE
from harness import tool
from harness.boot import run_scenario
from harness.scenarios import SCENARIOS
from harness.session import NotPlayed, Session
from vm.container import Setup
from vm.deadline import Deadline
from vm.image import Image
from vm.plant import Plant
from vm.probes import SHARE

SENDER = "/etc/notifyspec/flood-sender"
WORDS, COMPLAINT = "flood.json", "flood.err"
BOOT_S = 90  # beside the flood itself
MANAGER, ITSELF = "/usr/lib/systemd/systemd", "/usr/lib/systemd/systemd-itself"
# PID 1 makes the queues of its network namespace longer as it starts, unless it may not write there.
KEEP_QUEUE = f'#!/bin/sh\nmount -o remount,bind,ro /proc/sys/net && exec {ITSELF} "$@"\n'
PROPERTIES = {
    "Type": "notify",
    "NotifyAccess": "all",
    "StandardOutput": f"truncate:{SHARE}/{WORDS}",
    "StandardError": f"truncate:{SHARE}/{COMPLAINT}",
}


def named(image: str) -> str:
    """As outcomes name its PID 1."""
    return f"systemd-{image}"


def flood(image: Image, messages: int, seconds: int, *, keeps_queue: bool = False) -> Outcome:
    """`keeps_queue`: the queue is as the kernel made it; else as PID 1 makes it."""
    name = named(image.name)
    outcome = Outcome(name, trouble="it did not come to the flood")

    def play(session: Session) -> None:
        nonlocal outcome
        session.ready()
        session.try_run("systemctl", "is-system-running", "--wait")  # so that it has nothing else to do
        queue = int(session.run("cat", str(QUEUE)))
        call = ["systemd-run", "--wait", "--quiet", *(f"--property={k}={v}" for k, v in PROPERTIES.items())]
        done = session.try_run(*call, SENDER, str(messages), str(seconds), "--watch")
        if done.returncode != 0:
            complaint = session.share / COMPLAINT
            said = complaint.read_text() if complaint.exists() else done.stderr
            raise NotPlayed(f"the flood ended with {done.returncode}: {said.strip()}")
        told = json.loads((session.share / WORDS).read_text())
        taken = told["taken"]
        latency = quantiles(taken, 50, 99, 99.9) if taken else {}
        outcome = of_sender(told, receiver=name, queue=queue, received=len(taken), latency=latency)

    plants = [Plant(SENDER, tool.bench("flood-sender").read_bytes(), 0o755)]
    if keeps_queue:
        itself = image.root / MANAGER.lstrip("/")
        plants += [Plant(MANAGER, KEEP_QUEUE.encode(), 0o755), Plant(ITSELF, itself.read_bytes(), 0o755)]
    run = _run(image, plants, play, seconds)
    return Outcome(name, trouble=run) if run else outcome


def _run(image: Image, plants: Sequence[Plant], play: Callable[[Session], None], seconds: int) -> str:
    """What went wrong, if something did."""
    scenario = replace(SCENARIOS["poweroff"], name="flood", setup=Setup(plants=plants), play=play)
    with tempfile.TemporaryDirectory(prefix="notifyspec-flood-") as folder:
        run = run_scenario(scenario, image, Path(folder), Deadline(BOOT_S + seconds))
    return f"{run.trouble}\n{run.console_tail}" if run.trouble else ""
