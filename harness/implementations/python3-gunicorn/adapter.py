"""The adapter of sd_notify() in gunicorn.systemd: what it logs as failed is negative; "not set" it does not tell."""

import base64
import json
import os
import sys

import gunicorn
from gunicorn.systemd import sd_notify

MEMBERS = {"call", "state", "state_base64", "unset_environment"}


class Log:
    """Stands in for gunicorn's logger."""

    failed = False

    def debug(self, *_: object, **__: object) -> None:
        self.failed = True


def call(step: dict) -> str:
    log = Log()
    state = step["state"] if "state" in step else base64.b64decode(step["state_base64"]).decode()
    try:
        sd_notify(state, log, step.get("unset_environment", False))
    except Exception as failure:
        print(f"{state[:60]!r}: {failure!r}", file=sys.stderr)
        return "negative"
    return "negative" if log.failed else "positive"


def send(request: dict) -> dict:
    if any(set(step) - MEMBERS or step["call"] != "notify" for step in request["steps"]):
        return {"unsupported": "it sends a text, and nothing else"}
    os.environ.pop("NOTIFY_SOCKET", None)
    if request["environment"] is not None:
        os.environ["NOTIFY_SOCKET"] = request["environment"]
    returns, untold = [], {}
    for step in request["steps"]:
        if "NOTIFY_SOCKET" not in os.environ:
            untold = {"unobserved": ["returns"]}
        try:
            returns.append(call(step))
        except UnicodeDecodeError:
            return {"unsupported": "a text of Python holds characters, not any bytes"}
    left = "set" if "NOTIFY_SOCKET" in os.environ else "unset"
    return {"returns": returns, "environment": left, "processes": {"main": os.getpid()}} | untold


for line in sys.stdin:
    request = json.loads(line)
    answer = {"seq": request["seq"]}
    if request["do"] == "start":
        answer |= {"name": "gunicorn", "version": gunicorn.__version__, "role": "sender"}
    elif request["do"] == "send":
        answer |= send(request)
    elif request["do"] != "stop":
        answer["unsupported"] = "unknown"
    print(json.dumps(answer), flush=True)
    if request["do"] == "stop":
        break
