"""The payload: our own sender in a root that holds nothing else, which a proxy starts, or nobody stands before.

Behind a proxy it lives until it is told to end: a proxy may leave unread what still lies in its socket as its payload
ends, and no text promises otherwise. What is judged is what it does with messages of a payload that lives.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from harness import tool
from harness.adapter import AdapterFault, Fault
from harness.proxies.case import Case

PROGRAM = "usr/bin/notifyspec"
COMMAND = ("/" + PROGRAM, "send", "--own-address")
FOLDERS = ("usr/bin", "etc", "proc", "sys", "dev", "run", "tmp", "var")
HEARD = {"positive": "closed", "negative": "open"}


class Reins:
    """The end of a FIFO from which a payload reads: it lives until let_go(), at the latest on the way out."""

    def __init__(self, path: Path, case: Case) -> None:
        self.path = path
        self._case = case

    def __enter__(self) -> Reins:
        os.mkfifo(self.path)
        # For both directions, so that nobody waits for the other to open it.
        self._file = os.open(self.path, os.O_RDWR | os.O_CLOEXEC)
        os.write(self._file, self._case.sending.encode())
        self._held = True
        return self

    def let_go(self) -> None:
        if self._held:
            os.write(self._file, self._case.ending.encode())
            self._held = False

    def __exit__(self, *_: object) -> None:
        self.let_go()
        os.close(self._file)
        self.path.unlink()


class Payload:
    """In a folder of its own below `share`."""

    def __init__(self, share: Path) -> None:
        self.root = share / "root"
        for folder in FOLDERS:
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        shutil.copy2(tool.notifyspec_static(), self.root / PROGRAM)
        (self.root / "etc/os-release").write_text("ID=notifyspec\n")
        self.input, self.output = share / "requests", share / "answers"
        self.reins = share / "reins"
        for each in (self.input, self.output):
            each.touch()

    def held(self, case: Case) -> Reins:
        """What it is to be told, for who starts it behind a proxy."""
        self.output.write_text("")
        return Reins(self.reins, case)

    def run(self, case: Case, address: str, patience_s: float) -> None:
        """With nobody before it."""
        self.input.write_text(case.sending + case.ending)
        call = [str(self.root / PROGRAM), *COMMAND[1:]]
        with self.input.open() as requests, self.output.open("w") as answers:
            environment = {"NOTIFY_SOCKET": address}
            subprocess.run(
                call, stdin=requests, stdout=answers, env=environment, timeout=patience_s, check=True
            )

    def returned(self, case: Case) -> list[str]:
        """What its calls returned. Raises AdapterFault where it has not run."""
        for line in self.output.read_bytes().splitlines():
            try:
                answer = json.loads(line)
            except ValueError:
                continue
            if isinstance(answer, dict) and len(answer.get("returns", ())) == len(case.steps):
                return answer["returns"]
        raise AdapterFault(Fault.NONSENSE, "the payload has not run, or its standard output is not kept")

    def barrier(self, case: Case) -> str | None:
        """What became of the last step, if that is a barrier, and there was a socket."""
        if case.steps[-1]["call"] != "barrier":
            return None
        return HEARD.get(self.returned(case)[-1])
