"""What adapters of proxies have in common: the conversation. One says its version, and makes a call of a command.

serve(name, version, call): `call(request)` gives the command line that runs what the request asks for behind the
proxy, and an environment besides $NOTIFY_SOCKET; or says by ValueError why it cannot.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence

Call = Callable[[dict], tuple[Sequence[str], dict[str, str]]]


def version_of(*command: str) -> str:
    """The first number in what it says of its version."""
    said = subprocess.run(command, capture_output=True, text=True).stdout
    found = re.search(r"\d[\w.+~:-]*", said)
    return found[0] if found else "unknown"


def ran(request: dict, call: Call) -> dict:
    try:
        command, environment = call(request)
    except ValueError as reason:
        return {"unsupported": str(reason)}
    environment = {**os.environ, **environment, "NOTIFY_SOCKET": request["environment"]}
    with open(request["input"]) as requests, open(request["output"], "w") as answers:
        done = subprocess.run(command, stdin=requests, stdout=answers, env=environment)
    return {"exit_status": done.returncode}


def serve(name: str, version: str, call: Call) -> None:
    for line in sys.stdin:
        request = json.loads(line)
        answer = {"seq": request["seq"]}
        if request["do"] == "start":
            answer |= {"name": name, "version": version, "role": "proxy"}
        elif request["do"] == "run":
            answer |= ran(request, call)
        elif request["do"] != "stop":
            answer["unsupported"] = f"unknown: {request['do']}"
        print(json.dumps(answer), flush=True)
        if request["do"] == "stop":
            break
