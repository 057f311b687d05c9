"""The adapter of senders whose only call sends one text: each request is made by a small program of their language.

usage: caller.py NAME PACKAGE PROGRAM...

PROGRAM is started for each request, with $NOTIFY_SOCKET as the vector has it. It reads a line a call, `UNSET HEX`:
whether the variable is to be unset (0 or 1), and the bytes of the state; or `UNSET reloading`, for the message that a
reload begins with. What it cannot do it says on standard error, and ends with 64. Else it writes a line a call,
`positive`, `zero`, `negative`, or `untold` where its call tells nothing, and at the end `set` or `unset`, whether the
variable is. The version is that of the Debian package.
"""

import base64
import json
import os
import subprocess
import sys


def state(step: dict) -> str:
    if step["call"] == "reloading":
        return "reloading"
    if "state_base64" in step:
        return base64.b64decode(step["state_base64"]).hex()
    return step["state"].encode().hex()


def beyond(step: dict) -> str:
    """Why such a library cannot make the call; empty where it can."""
    if step["call"] == "barrier":
        return "it has no barrier"
    return "it takes no fds" if step.get("fds") else "it sends in no other name" if "pid" in step else ""


def send(program: list[str], request: dict) -> dict:
    for step in request["steps"]:
        if reason := beyond(step):
            return {"unsupported": reason}
    environment = {name: value for name, value in os.environ.items() if name != "NOTIFY_SOCKET"}
    if request["environment"] is not None:
        environment["NOTIFY_SOCKET"] = request["environment"]
    calls = [f"{int(step.get('unset_environment', False))} {state(step)}\n" for step in request["steps"]]
    with subprocess.Popen(
        program,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as one:
        said, complaint = one.communicate("".join(calls))
        if one.returncode == 64:  # what the language or the library cannot say
            return {"unsupported": complaint.strip()}
        if one.returncode != 0:
            sys.exit(f"{program[0]} ended with {one.returncode}: {complaint.strip()}")
        *returns, left = said.split()
        answer = {
            "returns": ["positive" if word == "untold" else word for word in returns],
            "environment": left,
            "processes": {"main": one.pid},
        }
    return answer | ({"unobserved": ["returns"]} if "untold" in returns else {})


def version(package: str) -> str:
    call = ["dpkg-query", "-W", "-f", "${Version}", package]
    return subprocess.run(call, capture_output=True, text=True).stdout or "unknown"


def main() -> None:
    name, package, *program = sys.argv[1:]
    for line in sys.stdin:
        request = json.loads(line)
        answer = {"seq": request["seq"]}
        if request["do"] == "start":
            answer |= {"name": name, "version": version(package), "role": "sender"}
        elif request["do"] == "send":
            answer |= send(program, request)
        elif request["do"] != "stop":
            answer["unsupported"] = f"unknown: {request['do']}"
        print(json.dumps(answer), flush=True)
        if request["do"] == "stop":
            break


if __name__ == "__main__":
    main()
