"""A sender's adapter that is right but for what its argument says it does wrong, from the third vector on."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time


def send(request: dict) -> dict:
    """As it should be: each message in one datagram."""
    address = request["environment"] or ""
    for step in request["steps"]:
        if step["call"] != "notify" or "state" not in step or not address:
            return {"unsupported": "only plain text, to somebody"}
        to = "\0" + address[1:] if address.startswith("@") else address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            try:
                out.sendto(step["state"].encode(), to)
            except OSError:
                return {"returns": ["negative"], "environment": "set"}
    return {"returns": ["positive"] * len(request["steps"]), "environment": "set"}


def misbehave(how: str, seen: int, request: dict) -> dict:
    """What it does instead of an answer; some answer all the same."""
    if how == "dies" or (how == "wrong-then-dies" and seen > 3):
        os.kill(os.getpid(), signal.SIGSEGV)
    elif how == "loops":
        while True:
            pass
    elif how == "floods-stdout":
        while True:
            os.write(1, b"x" * 65536)
    elif how == "half-a-line":
        os.write(1, b'{"seq": ')
        os._exit(0)
    elif how == "half-a-line-and-waits":
        os.write(1, b'{"seq": ')
        signal.pause()
    elif how == "closes-stdout":
        os.close(1)
        signal.pause()
    elif how == "forks-and-leaves":
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                signal.pause()
            os._exit(0)
        os._exit(0)
    elif how == "million-messages":
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.connect(request["environment"])
            for _ in range(1_000_000):
                out.send(b"A=1")
        return {"returns": ["positive"], "environment": "set"}
    elif how.startswith("wrong"):
        return send(request | {"steps": [each | {"state": "READY=0"} for each in request["steps"]]})
    return {}


def main() -> None:
    how = sys.argv[1]
    if how == "ignores-sigterm":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    seen = 0
    for line in sys.stdin:
        request = json.loads(line)
        answer = {"seq": request["seq"]}
        if request["do"] == "start":
            answer |= {"name": "peer", "version": "1", "role": "sender"}
        elif request["do"] == "send":
            seen += 1
            answer |= send(request) if seen < 3 or how == "none" else misbehave(how, seen, request)
        elif request["do"] != "stop":
            answer["unsupported"] = "unknown"
        print(json.dumps(answer), flush=True)
        if request["do"] == "stop":
            break
    while how == "ignores-sigterm":
        time.sleep(1000)


if __name__ == "__main__":
    main()
