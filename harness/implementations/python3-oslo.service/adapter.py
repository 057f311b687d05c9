"""The adapter of onready() in oslo_service.systemd: it waits for one message, and says whether a service is ready.

What comes is drained here and handed to it on a socket of its own, without fds, which it would not take either.
"""

import json
import os
import socket
import struct
import sys
import threading
from importlib.metadata import version

from oslo_service.systemd import onready

UNTOLD = (
    "status errno bus_error varlink_error main_pid watchdog_usec watchdog extend_timeout_usec notify_access"
)
UNOBSERVED = [*UNTOLD.split(), "fds_stored", "fd_names", "restart_reset"]
STATES = {0: "running", 1: "starting"}
LONGEST = 1 << 18
ROOM = socket.CMSG_SPACE(253 * 4) + socket.CMSG_SPACE(12)
LAST = b"\0drained\0"  # our own word: behind it nothing more is waiting


def ask(message: bytes, name: str) -> str:
    """What one call of onready() makes of one message."""
    answers: list[int] = []
    waiting = threading.Thread(target=lambda: answers.append(onready("@" + name, None)))
    waiting.start()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        while waiting.is_alive():  # it tells nobody when it listens
            try:
                out.sendto(message, "\0" + name)
                break
            except ConnectionRefusedError:
                os.sched_yield()
    waiting.join()
    return STATES[answers[0]]


class Inbox:
    """Takes what comes without being asked, so that neither a full queue nor a barrier waits."""

    def __init__(self, name: str) -> None:
        self.name = "\0" + name
        self.messages: list[tuple[int, bytes]] = []  # with the pid of who sent it
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.socket.bind(self.name)
        self.drained = threading.Semaphore(0)
        threading.Thread(target=self._drain, daemon=True).start()

    def _drain(self) -> None:
        while True:
            message, pid = self._receive()
            if message == LAST:
                self.drained.release()
            else:
                self.messages.append((pid, message))

    def _receive(self) -> tuple[bytes, int]:
        message, controls, _, _ = self.socket.recvmsg(LONGEST, ROOM)
        pid = 0
        for _, kind, data in controls:
            if kind == socket.SCM_RIGHTS:
                for (fd,) in struct.iter_unpack("i", data[: len(data) - len(data) % 4]):
                    os.close(fd)
            elif kind == socket.SCM_CREDENTIALS:
                pid, _, _ = struct.unpack("3i", data)
        return message, pid

    def all(self) -> list[tuple[int, bytes]]:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.sendto(LAST, self.name)
        self.drained.acquire()
        return self.messages


class Receiver:
    def __init__(self) -> None:
        self.number = 0
        self.main = 0
        self.inbox: Inbox | None = None

    def listen(self, request: dict) -> dict:
        service = request["service"]
        if service["type"] != "notify" or service["notify_access"] == "none":
            return {"unsupported": "it waits for READY=1, and knows no other service"}
        if service["fd_store_max"] > 0:
            return {"unsupported": "it keeps no fds"}
        self.number += 1
        self.main = request["processes"]["main"]
        name = f"notifyspec/oslo/{os.getpid()}/{self.number}"
        self.inbox = Inbox(name)
        return {"address": f"unix:@{name}"}

    def collect(self) -> dict:
        messages = self.inbox.all()
        if len(messages) > 1:
            return {"unsupported": "it waits for one message, and ends"}
        if any(pid != self.main for pid, _ in messages):
            return {"unsupported": "it does not look who sends"}
        state = ask(messages[0][1], f"{self.inbox.name[1:]}/inner") if messages else "starting"
        return {"conclusion": {"state": state}, "unobserved": UNOBSERVED}


def main() -> None:
    receiver = Receiver()
    for line in sys.stdin:
        request = json.loads(line)
        answer = {"seq": request["seq"]}
        if request["do"] == "start":
            answer |= {"name": "oslo.service", "version": version("oslo.service"), "role": "receiver"}
        elif request["do"] == "listen":
            answer |= receiver.listen(request)
        elif request["do"] == "collect":
            answer |= receiver.collect()
        elif request["do"] != "stop":
            answer["unsupported"] = f"unknown: {request['do']}"
        print(json.dumps(answer), flush=True)
        if request["do"] == "stop":
            break


if __name__ == "__main__":
    main()
