"""The adapter of python3-sdnotify. By default it hides every failure; its debug mode tells them, but takes "not set"
for one as well, so that mode is used only where the variable is set."""

import base64
import json
import os
import sys

import sdnotify


def send(request: dict) -> dict:
    if any(
        set(step) - {"call", "state", "state_base64"} or step["call"] != "notify" for step in request["steps"]
    ):
        return {"unsupported": "it sends a text, and nothing else"}
    os.environ.pop("NOTIFY_SOCKET", None)
    if request["environment"] is not None:
        os.environ["NOTIFY_SOCKET"] = request["environment"]
    is_set = "NOTIFY_SOCKET" in os.environ
    returns = []
    for step in request["steps"]:
        try:
            state = step["state"] if "state" in step else base64.b64decode(step["state_base64"]).decode()
        except UnicodeDecodeError:
            return {"unsupported": "a text of Python holds characters, not any bytes"}
        try:
            sdnotify.SystemdNotifier(debug=is_set).notify(state)
            returns.append("positive")
        except Exception as failure:
            print(f"{state[:60]!r}: {failure!r}", file=sys.stderr)
            returns.append("negative")
    answer = {
        "returns": returns,
        "environment": "set" if is_set else "unset",
        "processes": {"main": os.getpid()},
    }
    return answer | ({} if is_set else {"unobserved": ["returns"]})


for line in sys.stdin:
    request = json.loads(line)
    answer = {"seq": request["seq"]}
    if request["do"] == "start":
        answer |= {"name": "sdnotify", "version": sdnotify.__version__, "role": "sender"}
    elif request["do"] == "send":
        answer |= send(request)
    elif request["do"] != "stop":
        answer["unsupported"] = "unknown"
    print(json.dumps(answer), flush=True)
    if request["do"] == "stop":
        break
