"""The flood before this project's own receiver, in a network namespace of its own where root: its queue is as long as
is asked for, and nobody else's changes."""

from __future__ import annotations

import array
import json
import os
import subprocess
import tempfile
from pathlib import Path

from bench.flood.outcome import Outcome, of_sender, quantiles
from bench.socket_queue import QUEUE, with_queue
from harness import tool

NAME = "notifyspec"
PATIENCE_S = 60  # beside the flood itself


def flood(queue: int, messages: int, seconds: int) -> Outcome:
    """`queue` is what is wished for: without root it stays what it is."""
    if os.geteuid() != 0:
        queue = int(QUEUE.read_text())
    with tempfile.TemporaryDirectory(prefix="notifyspec-flood-") as name:
        address, latencies = Path(name) / "notify", Path(name) / "latencies"
        receiver_call = [tool.bench("flood-receiver"), address, latencies]
        call = with_queue(queue, receiver_call) if os.geteuid() == 0 else receiver_call
        with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as receiver:
            assert receiver.stdout is not None
            try:
                if not receiver.stdout.readline():
                    return Outcome(NAME, queue, trouble="the receiver did not start")
                sender = [tool.bench("flood-sender"), str(messages), str(seconds)]
                environment = {"NOTIFY_SOCKET": str(address)}
                sent = subprocess.run(
                    sender, env=environment, capture_output=True, text=True, timeout=seconds + PATIENCE_S
                )
                if sent.returncode != 0:
                    return Outcome(NAME, queue, trouble=sent.stderr.strip())
                seen = json.loads(receiver.stdout.readline() or "{}")
            finally:
                receiver.kill()
        if not seen:
            return Outcome(NAME, queue, trouble="the receiver ended too early")
        times = array.array("q", latencies.read_bytes())
    return _outcome(json.loads(sent.stdout), seen, times, queue)


def _outcome(told: dict, seen: dict[str, int], times: array.array, queue: int) -> Outcome:
    # What it refused to look into was never sent by us; what the other sender said has its account, too.
    if seen["refused"] or seen["others"] != told["polite"]:
        return Outcome(
            NAME, queue, trouble=f"of {told['polite']} other messages came {seen['others']}: {seen}"
        )
    received = seen["flood"]
    return of_sender(
        told, receiver=NAME, queue=queue, received=received, latency=quantiles(times, 50, 99, 99.9)
    )
