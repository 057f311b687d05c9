"""A proxy of our own, as an adapter, with a fault if one is named: what each requirement is seen to fail by.

usage: proxy.py FAULT

none            all is sent on as it came
keeps-ready     READY=1 is not
says-ready      READY=1 is said before the payload has said anything
splits          a carriage return becomes a newline
stumbles        the first message that is no sound text is the last that is sent on
overtakes       all is held back until the payload ends, and the last is sent first
holds           no file descriptor is closed until the payload ends
hurries         nothing is read once the payload has ended, which it has half a second for: not a fault
runs-nothing    the command is not run
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import selectors
import socket
import subprocess
import sys
from collections.abc import Iterator

FAULT = sys.argv[1]
LONGEST = 1 << 17


def sound(message: bytes) -> bool:
    with contextlib.suppress(UnicodeDecodeError):
        return message.decode() != "" and b"\0" not in message and len(message) <= 4096
    return False


class Between:
    def __init__(self, address: str) -> None:
        self.address = address
        self.held: list[bytes] = []
        self.fds: list[int] = []
        self.deaf = False

    def send(self, message: bytes) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.sendto(message, self.address)

    def take(self, heard: socket.socket) -> None:
        message, fds, *_ = socket.recv_fds(heard, LONGEST, 16)
        self.fds += fds
        if FAULT != "holds":
            self.close()
        if message == b"BARRIER=1" or self.deaf:
            return
        self.deaf = FAULT == "stumbles" and not sound(message)
        if FAULT == "keeps-ready":
            message = b"\n".join(line for line in message.split(b"\n") if line != b"READY=1")
        if FAULT == "splits":
            message = message.replace(b"\r", b"\n")
        if FAULT == "overtakes":
            self.held.insert(0, message)
        elif not self.deaf:
            self.send(message)

    def close(self) -> None:
        while self.fds:
            os.close(self.fds.pop())

    def finish(self) -> None:
        self.close()
        for each in self.held:
            self.send(each)


@contextlib.contextmanager
def listening(path: str) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(path)
        try:
            yield heard
        finally:
            os.unlink(path)


def goes_on(ready: list, heard: socket.socket, ended: int) -> bool:
    return ended not in ready if FAULT == "hurries" else heard in ready or ended not in ready


def run(request: dict) -> int:
    program = request["root"] + request["command"][0]
    if FAULT == "runs-nothing" or not os.path.exists(program):
        return 1
    between = Between(request["environment"])
    path = request["root"] + "/run/notify"
    with listening(path) as heard, open(request["input"]) as words, open(request["output"], "w") as said:
        if FAULT == "says-ready":
            between.send(b"READY=1")
        command = [program, *request["command"][1:]]
        payload = subprocess.Popen(command, stdin=words, stdout=said, env={"NOTIFY_SOCKET": path})
        ended = os.pidfd_open(payload.pid)
        with selectors.DefaultSelector() as either:
            either.register(heard, selectors.EVENT_READ)
            either.register(ended, selectors.EVENT_READ)
            if FAULT == "hurries":
                select.select([ended], [], [], 0.5)
            while goes_on(ready := [key.fileobj for key, _ in either.select()], heard, ended):
                if heard in ready:
                    between.take(heard)
        os.close(ended)
        between.finish()
        return payload.wait()


for line in sys.stdin:
    asked = json.loads(line)
    answer = {"seq": asked["seq"]}
    if asked["do"] == "start":
        answer |= {"name": "sample", "version": "1", "role": "proxy"}
    elif asked["do"] == "run":
        answer["exit_status"] = run(asked)
    elif asked["do"] != "stop":
        answer["unsupported"] = f"unknown: {asked['do']}"
    print(json.dumps(answer), flush=True)
    if asked["do"] == "stop":
        break
