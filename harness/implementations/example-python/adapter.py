"""The smallest adapter in Python. Put your own sender in place of notify(); what it cannot do it must say."""

import json
import os
import socket
import sys


def notify(state: str) -> str:
    if not (address := os.environ.get("NOTIFY_SOCKET")):
        return "zero"
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.sendto(state.encode(), address.replace("@", "\0", 1) if address[0] == "@" else address)
        return "positive"
    except OSError:
        return "negative"


for line in sys.stdin:
    request = json.loads(line)
    answer = {"seq": request["seq"]}
    if request["do"] == "start":
        answer |= {"name": "example", "version": "1", "role": "sender"}
    elif request["do"] == "send" and all(set(step) == {"call", "state"} for step in request["steps"]):
        os.environ.pop("NOTIFY_SOCKET", None)
        os.environ |= {"NOTIFY_SOCKET": request["environment"]} if request["environment"] is not None else {}
        answer["returns"] = [notify(step["state"]) for step in request["steps"]]
        answer["environment"] = "set" if "NOTIFY_SOCKET" in os.environ else "unset"
    elif request["do"] != "stop":
        answer["unsupported"] = "not known here"
    print(json.dumps(answer), flush=True)
    if request["do"] == "stop":
        break
