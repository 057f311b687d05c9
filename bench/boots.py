"""`./run bench boots`: how long a machine takes to its first message and to READY=1, and where the time goes.

Each round boots every version once with the credential and once without, one after the other, so that both see the
same neighbours on this machine. Wall time is reported, and gates nothing.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from harness.boot import run_scenario
from harness.exit_code import ExitCode
from harness.guard import guarded
from harness.recorder import Event
from harness.scenarios import SCENARIOS
from harness.session import Session
from vm import image as images
from vm.deadline import Deadline
from vm.environment import require_container
from vm.image import Image

USEC = 1e-6
STAMPS = ("UserspaceTimestampMonotonic", "FinishTimestampMonotonic")
ROWS = (
    "first message",
    "READY=1",
    "firmware and QEMU",
    "kernel",
    "systemd",
    "boot finished",
    "without credential",
)

Times = dict[str, float]  # seconds since QEMU was started


def boot(image: Image, folder: Path, *, credential: bool, deadline_s: float) -> Times:
    """One boot and its times. Without a credential only the system itself can tell when it had finished."""
    times: Times = {}

    def play(session: Session) -> None:
        started_usec = session.transactions[0].asked_usec

        def since_start(name: str, at_usec: float) -> None:
            times[name] = (at_usec - started_usec) * USEC

        def is_message(event: Event) -> bool:
            if event["kind"] == "message":
                since_start("first message", session.recorder.t0_usec + event["t"] / USEC)
            return event["kind"] == "message"

        if credential:
            session.recorder.wait(is_message, session.deadline, until=session.manager.exited)
            since_start("READY=1", session.message_sent("READY", "1")[1])
            session.try_run("systemctl", "is-system-running", "--wait")
        else:
            session.comes_up()
        offset_usec = session.manager.clock_offset_usec(session.deadline)
        userspace, finish = (int(session.property(stamp)) for stamp in STAMPS)
        since_start("firmware and QEMU", offset_usec)
        since_start("boot finished", offset_usec + finish)
        times.update({"kernel": userspace * USEC, "systemd": (finish - userspace) * USEC})

    plain = SCENARIOS["vm-poweroff"]
    setup = plain.machine if credential else replace(plain.machine, credential=None)
    run = run_scenario(replace(plain, machine=setup, play=play), image, folder, Deadline(deadline_s))
    if run.trouble or not times:
        raise RuntimeError(f"{image.name}: {run.trouble}\n{run.console_tail}")
    return times


def main(arguments: Sequence[str] | None = None) -> ExitCode:
    parser = argparse.ArgumentParser(prog="./run bench boots", description=__doc__)
    parser.add_argument("images", nargs="*", default=["257", "262"], metavar="IMAGE")
    parser.add_argument(
        "--rounds", type=int, default=10, metavar="N", help="boots of each kind (default: 10)"
    )
    parser.add_argument("--deadline", type=float, default=90.0, metavar="S", help="seconds for one boot")
    options = parser.parse_args(arguments)
    require_container()
    found = [images.find(name) for name in options.images]
    seen: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for number in range(1, options.rounds + 1):
        for image in found:
            with tempfile.TemporaryDirectory(prefix="notifyspec-bench-") as scratch:
                folder = Path(scratch)
                for name, value in boot(image, folder, credential=True, deadline_s=options.deadline).items():
                    seen[image.name][name].append(value)
                plain = boot(image, folder, credential=False, deadline_s=options.deadline)
                seen[image.name]["without credential"].append(plain["boot finished"])
            print(f"round {number} of {options.rounds}: {image.name}", file=sys.stderr, flush=True)
    _show(seen, options.rounds)
    return ExitCode.CONFORMS


def _show(seen: dict[str, dict[str, list[float]]], rounds: int) -> None:
    print(f"seconds since QEMU's start, or of it; median of {rounds} (least to greatest)")
    for name, rows in seen.items():
        print(f"systemd {name}")
        for row in ROWS:
            values = rows[row]
            print(f"  {row:<20} {statistics.median(values):6.2f}  ({min(values):.2f} to {max(values):.2f})")
        # Pairs, since neighbours on a shared machine come and go.
        pairs = zip(rows["boot finished"], rows["without credential"], strict=True)
        ratio = statistics.median(with_it / without for with_it, without in pairs)
        print(f"  with the credential / without it: {ratio:.3f} (median of the pairs)")


if __name__ == "__main__":
    sys.exit(guarded("bench", main))
