"""A trial of one proxy: each case is sent once with nobody between, and once with the proxy between; both are recorded.

What is compared is what went in, as it arrives where nobody stands between, with what comes out. The adapter is proved
first: what nobody knows it must refuse, and a command that is not there must not seem to have run.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness import answers, judgement
from harness.adapter import Adapter, AdapterFault, Fault, Unsupported
from harness.implementation import Implementation
from harness.proxies import layer
from harness.proxies.case import Case
from harness.proxies.payload import COMMAND, Payload
from harness.recorder import Ears, Recorder
from vm.claim import Claim
from vm.deadline import Deadline, DeadlinePassed
from vm.environment import require_container
from vm.image import Image

ENCLOSE = Path(__file__).with_name("enclose.sh")
READY_S = 3.0  # a proxy that passes it on does so in milliseconds; one that does not makes its payload live that long
NO_COMMAND = ("/usr/bin/no-such-command",)
Line = dict[str, Any]


@dataclass
class Tried:
    """`lines`: by case, what `notifyspec compare` says; `faults`: what became of the adapter instead."""

    version: str
    seconds: float = 0
    lines: dict[str, list[Line]] = field(default_factory=dict)
    faults: dict[str, AdapterFault] = field(default_factory=dict)
    unsupported: dict[str, str] = field(default_factory=dict)
    sockets: set[str] = field(default_factory=set)  # cases in which the payload was told of a socket


def run(
    implementation: Implementation, image: Image | None, cases: Sequence[Case], out: Path, patience_s: float
) -> Tried:
    """Traces go to `out`. Raises EnvironmentUnfit, and AdapterFault where its adapter cannot be trusted."""
    require_container()
    began = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="notifyspec-", dir="/tmp") as folder, Claim() as claim:
        share = Path(folder)
        share.chmod(0o755)
        command = [
            ENCLOSE,
            claim.cgroup,
            share,
            *_path(implementation, image, share),
            *implementation.start_here(),
        ]
        one = _Between(command, Payload(share), share, out, patience_s)
        tried = Tried(one.prove())
        for case in cases:
            one.try_case(case, tried, implementation.documented)
    tried.seconds = time.monotonic() - began
    return tried


def _path(implementation: Implementation, image: Image | None, share: Path) -> list[str]:
    """What lets the adapter find the commands that go with an image."""
    if image is None:
        return []
    commands = layer.commands(image, layer.find(image, implementation.layer), share / "bin")
    return ["env", f"PATH={commands}:{os.environ['PATH']}"]


def _keep_header(trace: Path) -> None:
    """A payload that was told of no socket has sent nothing."""
    header, *_ = trace.read_text(encoding="utf-8").split("\n")
    trace.write_text(header + "\n", encoding="utf-8")


def _await_ready(recorder: Recorder) -> None:
    """Until READY=1 has come out, or it will not."""
    with contextlib.suppress(DeadlinePassed):
        recorder.wait_for("READY", "1", Deadline(READY_S))


class _Between:
    def __init__(
        self, command: Sequence[str | Path], payload: Payload, share: Path, out: Path, patience_s: float
    ) -> None:
        self.command = command
        self.payload = payload
        self.share = share
        self.out = out
        self.patience_s = patience_s

    def _adapter(self) -> Adapter:
        return Adapter(self.command, self.out / "adapter.log", patience_s=self.patience_s)

    def prove(self) -> str:
        """Its version."""
        with self._adapter() as adapter:
            who = adapter.exchange("start")
            answers.check("started", who)
            if who["role"] != "proxy":
                raise AdapterFault(Fault.NONSENSE, f'no proxy, but a {who["role"]}')
            try:
                adapter.exchange("notifyspec-no-such-request")
                raise AdapterFault(Fault.NONSENSE, "it did what nobody knows")
            except Unsupported:
                pass
            answer = adapter.exchange("run", **self._run("nobody", self.payload.input, NO_COMMAND))
            answers.check("ran", answer)
            if answer["exit_status"] == 0:
                raise AdapterFault(Fault.NONSENSE, "it ran a command that is not there")
            adapter.stop()
        return who["version"]

    def _run(self, address: str, stdin: Path, command: Sequence[str]) -> Line:
        """The members of a request."""
        return {
            "environment": str(self.share / address),
            "root": str(self.payload.root),
            "command": list(command),
            "input": str(stdin),
            "output": str(self.payload.output),
        }

    def try_case(self, case: Case, tried: Tried, documented: Sequence[str]) -> None:
        went_in, came_out = self.out / f"{case.name}.in.jsonl", self.out / f"{case.name}.out.jsonl"
        self._direct(case, went_in)
        try:
            if self._through(case, came_out):
                tried.sockets.add(case.name)
            else:
                _keep_header(went_in)
        except Unsupported as unsupported:
            tried.unsupported[case.name] = str(unsupported)
        except AdapterFault as fault:
            tried.faults[case.name] = fault
        else:
            tried.lines[case.name] = judgement.compare(went_in, came_out, documented)

    def _direct(self, case: Case, trace: Path) -> None:
        with self._recorder("in", trace) as recorder:
            self.payload.run(case, str(self.share / "in"), self.patience_s)
            recorder.finish()

    def _through(self, case: Case, trace: Path) -> bool:
        """Whether the payload was told of a socket."""
        with self._recorder("out", trace) as recorder, self._adapter() as adapter:
            with self.payload.held(case) as reins:

                def let_go() -> None:
                    if case.says_ready:
                        _await_ready(recorder)
                    reins.let_go()

                request = self._run("out", reins.path, COMMAND)
                answers.check("ran", adapter.exchange("run", meanwhile=let_go, **request))
            adapter.stop()
            told = self.payload.barrier(case)
            if told is not None:
                recorder.observe("barrier", told)
            recorder.finish()
            return any(each != "zero" for each in self.payload.returned(case))

    def _recorder(self, name: str, trace: Path) -> Recorder:
        folder = self.share / f"{name}.d"
        folder.mkdir(exist_ok=True)
        return Recorder(folder, trace, Ears(listen=[f"unix:{self.share / name}"]))
