"""Containers of the sample run: what real systemd was recorded to send, and worse."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).parents[2] / "fixtures" / "traces"
MANAGER = 17498
BOOT = (
    "slices swap remote-fs paths local-fs-pre local-fs sysinit timers sockets basic getty multi-user".split()
)
IDENTITY = (
    "X_SYSTEMD_MACHINE_ID=0123456789abcdef0123456789abcdef",
    "X_SYSTEMD_HOSTNAME=vm",
    "X_SYSTEMD_SIGNALS_LEVEL=2",
)
HOSTILE = (
    b"STATUS=<script>document.title='owned'</script><img src=http://example.invalid/x onerror=alert(1)>",
    b'STATUS=" onmouseover="alert(1)" \xe2\x80\xae evil \x1b[31m \x00 \xff\xfe',
    b"X_SYSTEMD_UNIT_ACTIVE=</text></svg><script>document.title='owned'</script>.target",
    b"",
    b"]]>\r\n{{ 7 * 7 }}{% raw %}\nREADY=1\x07",
)


def message(t: float, data: str | bytes, pid: int = MANAGER) -> dict[str, Any]:
    raw = data.encode() if isinstance(data, str) else data
    event: dict[str, Any] = {"t": t, "kind": "message", "pid": pid, "uid": 0, "gid": 0}
    try:
        if b"\x00" in raw:
            raise UnicodeError
        return event | {"data": raw.decode()}
    except UnicodeError:
        return event | {"data_base64": base64.b64encode(raw).decode()}


def action(t: float, name: str, argument: str = "") -> dict[str, Any]:
    return {"t": t, "kind": "action", "action": name} | ({"argument": argument} if argument else {})


def phase(t: float, name: str) -> dict[str, Any]:
    return {"t": t, "kind": "phase", "phase": name}


def up(start: float = 0.108) -> list[dict[str, Any]]:
    events = [message(start + i * 0.0005, data) for i, data in enumerate(IDENTITY)]
    times = (0.21, 0.21, 0.211, 0.212, 0.332, 0.333, 0.453, 0.454, 0.458, 0.459, 0.492, 0.532)
    units = zip(times, BOOT)
    events += [message(start + t - 0.108, f"X_SYSTEMD_UNIT_ACTIVE={unit}.target") for t, unit in units]
    events.append(message(start + 0.4245, "READY=1\nSTATUS=Ready."))
    return events + [message(start + 0.425, "X_SYSTEMD_UNIT_ACTIVE=graphical.target")]


def down(start: float, verb: str) -> list[dict[str, Any]]:
    events = [message(start, f"STATUS=Activating special unit {verb}.target...")]
    units = ["graphical", *reversed(BOOT)]
    events += [
        message(start + 0.004 + 0.005 * i, f"X_SYSTEMD_UNIT_INACTIVE={unit}.target")
        for i, unit in enumerate(units)
    ]
    last = ["shutdown", "umount", "final", verb]
    return events + [message(start + 0.075, f"X_SYSTEMD_UNIT_ACTIVE={unit}.target") for unit in last]


def halt(verb: str = "halt", at: float = 5.99) -> list[dict[str, Any]]:
    end = message(at + 0.18, f"EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN={verb}")
    whole = [phase(0.0, "started"), *up(), phase(0.533, "ready"), action(at - 0.001, verb)]
    return [*whole, phase(at - 0.0005, "shutting-down"), *down(at, verb), end, phase(at + 0.25, "gone")]


def isolate() -> list[dict[str, Any]]:
    away, back = 2.0, 3.1
    units = ["graphical", "multi-user", "getty"]
    events = [message(away + 0.02, "X_SYSTEMD_UNIT_ACTIVE=rescue.target")]
    events += [message(away + 0.03, f"X_SYSTEMD_UNIT_INACTIVE={unit}.target") for unit in units]
    events += [action(back, "isolate", "graphical.target")]
    events += [message(back + 0.05, f"X_SYSTEMD_UNIT_ACTIVE={unit}.target") for unit in reversed(units)]
    events += [message(back + 0.06, "X_SYSTEMD_UNIT_INACTIVE=rescue.target")]
    return in_order([*halt(at=4.5), action(away, "isolate", "rescue.target"), *events])


def soft_reboot() -> list[dict[str, Any]]:
    first = [phase(0.0, "started"), *up(), phase(0.533, "ready"), action(1.5, "soft-reboot")]
    again = message(1.72, "RELOADING=1\nMONOTONIC_USEC=913221445")
    tools = [message(t, "ERRNO=0\nEXIT_STATUS=0", 17600 + n) for n, t in enumerate((1.1, 1.2))]
    carried = ("soft-reboot", "final", "shutdown", "umount")  # stopped by the second life only
    left = [message(1.83, f"X_SYSTEMD_UNIT_INACTIVE={unit}.target") for unit in carried]
    return in_order(first + tools + down(1.501, "soft-reboot") + [again] + up(1.74) + left)


def hostile() -> list[dict[str, Any]]:
    return in_order(up()[:-2] + [message(0.22 + n / 100, data) for n, data in enumerate(HOSTILE)])


def golden(name: str) -> list[dict[str, Any]]:
    """Events of a golden trace."""
    return [json.loads(line) for line in (GOLDEN / f"{name}.jsonl").read_text().splitlines()[1:]]


def poweroff(image: str) -> list[dict[str, Any]]:
    """As it was recorded, but for the pid of the manager."""
    events = golden(f"{image}/container-unix-dgram-poweroff")
    return [event | ({"pid": MANAGER} if "pid" in event else {}) for event in events]


def in_order(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(events, key=lambda event: event["t"])


SCENARIOS = {
    "halt": ("Boots to its default target; then systemctl halt.", halt),
    "poweroff": ("Boots to the default target, then powers off.", lambda: poweroff("257")),
    "isolate": ("Isolates rescue.target, and graphical.target again, before the halt.", isolate),
    "soft-reboot": ("Soft-reboots once it is ready; the second life is recorded too.", soft_reboot),
    "hostile": ("<b>Not</b> a real systemd\u202e: sends what no parser likes.", hostile),
    "hang": ("Stops half way.", lambda: [phase(0.0, "started"), *up()[:7], action(30.0, "deadline")]),
    "refused": ("Cannot run here, and says so.", lambda: [message(0.02, "ERRNO=71\nEXIT_STATUS=1")]),
}


def header(scenario: str) -> dict[str, Any]:
    return {"transport": "unix-dgram", "kernel": "6.18", "manager_pid": MANAGER, "scenario": scenario}
