"""A receiver as tools around virtual machines write it in Python: one recvmsg() with room for credentials, decode(),
splitlines(), partition() and a look into a dictionary.

usage: receiver.py FIELD...     (the names that it knows; requests and answers: bench/peer.py)
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import socket
import struct
import sys
import time
from typing import Any

Answer = dict[str, Any]

LIMIT = 4096
UCRED = struct.Struct("3i")
BURST = int(os.environ.get("NOTIFYSPEC_BURST", "8"))


class Receiver:
    def __init__(self, names: list[str]) -> None:
        self.fields = {name: place for place, name in enumerate(names)}
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        address = f"\0notifyspec/bench/python/{os.getpid()}"
        self.socket.bind(address)
        self.sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.sender.connect(address)

    def split(self, payload: bytes) -> tuple[int, int]:
        return len(payload.decode("utf-8", "replace").splitlines()), 0

    def classify(self, payload: bytes) -> tuple[int, int]:
        lines = payload.decode("utf-8", "replace").splitlines()
        known = 0
        for line in lines:
            name, equals, _ = line.partition("=")
            if equals and self.fields.get(name) is not None:
                known += 1
        return len(lines), known

    def take(self) -> tuple[int, int]:
        """One datagram, of which a sender is known that the kernel vouches for."""
        data, controls, flags, _ = self.socket.recvmsg(LIMIT, socket.CMSG_SPACE(UCRED.size))
        if flags & (socket.MSG_TRUNC | socket.MSG_CTRUNC):
            return 0, 0
        for level, kind, value in controls:
            if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS:
                UCRED.unpack(value)
                return self.classify(data)
        return 0, 0

    def send(self, payload: bytes) -> None:
        self.sender.send(payload, socket.MSG_DONTWAIT)


def work(receiver: Receiver, task: str, count: int, payloads: list[bytes]) -> Answer:
    do = receiver.split if task == "split" else receiver.classify
    lines = known = 0
    began = time.monotonic_ns()
    for _ in range(count):
        for payload in payloads:
            more, of_them = do(payload)
            lines += more
            known += of_them
    return {"ns": time.monotonic_ns() - began, "lines": lines, "known": known}


def receive(receiver: Receiver, count: int, payloads: list[bytes]) -> Answer:
    took = lines = known = 0
    every = itertools.cycle(payloads)
    messages = count * len(payloads)
    for first in range(0, messages, BURST):
        burst = min(BURST, messages - first)
        try:
            for payload in itertools.islice(every, burst):
                receiver.send(payload)
        except BlockingIOError:
            sys.exit("receiver.py: cannot send: is net.unix.max_dgram_qlen less than the burst?")
        began = time.monotonic_ns()
        for _ in range(burst):
            more, of_them = receiver.take()
            lines += more
            known += of_them
        took += time.monotonic_ns() - began
    return {"ns": took, "lines": lines, "known": known}


def answer(receiver: Receiver, request: dict[str, Any]) -> Answer:
    task, count = request["task"], request["count"]
    payloads = [base64.b64decode(each) for each in request["payload"].split(" ")]
    if task in ("split", "classify"):
        return work(receiver, task, count, payloads)
    if task == "receive":
        return receive(receiver, count, payloads)
    return {"unsupported": "it has no such task"}


def main() -> None:
    receiver = Receiver(sys.argv[1:])
    for line in sys.stdin:
        print(json.dumps(answer(receiver, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
