"""The adapter of python3-systemd. notify() calls sd_pid_notify_with_fds() and has True for sent, False for not set."""

import ctypes
import json
import os
import signal
import sys

from systemd import daemon

getenv = ctypes.CDLL(None).getenv  # what libsystemd has unset os.environ still holds
getenv.restype = ctypes.c_char_p


def beyond(step: dict) -> str:
    """Why it cannot make the call; empty where it can."""
    if step["call"] == "barrier":
        return "it has no barrier"
    if step["call"] == "reloading":
        return "it has no call for the begin of a reload"
    return "" if "state" in step else "a text of Python holds characters, not any bytes"


def call(step: dict, child: int) -> str:
    fds = [os.open("/dev/null", os.O_RDONLY) for _ in range(step.get("fds", 0))]
    try:
        options = {
            "unset_environment": step.get("unset_environment", False),
            "pid": child if "pid" in step else 0,
        }
        options |= {"fds": fds} if fds else {}  # None, which its signature shows, is a TypeError
        sent = daemon.notify(step["state"], **options)
        return "positive" if sent else "zero"
    except (OSError, ValueError) as failure:
        print(f"{step['state'][:60]!r}: {failure!r}", file=sys.stderr)
        return "negative"
    finally:
        for fd in fds:
            os.close(fd)


def send(request: dict) -> dict:
    for step in request["steps"]:
        if reason := beyond(step):
            return {"unsupported": reason}
    os.environ.pop("NOTIFY_SOCKET", None)
    if request["environment"] is not None:
        os.environ["NOTIFY_SOCKET"] = request["environment"]
    processes = {"main": os.getpid()}
    if any("pid" in step for step in request["steps"]):
        processes["child"] = os.fork()
        if not processes["child"]:
            signal.pause()
    try:
        returns = [call(step, processes.get("child", 0)) for step in request["steps"]]
    finally:
        if "child" in processes:
            os.kill(processes["child"], signal.SIGKILL)
            os.waitpid(processes["child"], 0)
    left = "unset" if getenv(b"NOTIFY_SOCKET") is None else "set"
    return {"returns": returns, "environment": left, "processes": processes}


for line in sys.stdin:
    request = json.loads(line)
    answer = {"seq": request["seq"]}
    if request["do"] == "start":
        answer |= {"name": "systemd.daemon", "version": daemon.__version__, "role": "sender"}
    elif request["do"] == "send":
        answer |= send(request)
    elif request["do"] != "stop":
        answer["unsupported"] = "unknown"
    print(json.dumps(answer), flush=True)
    if request["do"] == "stop":
        break
