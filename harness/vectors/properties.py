"""What systemd says of a service, by its properties, as the conclusion of a vector."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

UNPRINTABLE = "[unprintable]"  # systemctl's word for a text with a newline
PROPERTIES = (
    "Id,ActiveState,SubState,Result,StatusText,StatusErrno,StatusBusError,StatusVarlinkError,MainPID,WatchdogUSec,"
    "WatchdogTimestampMonotonic,ActiveEnterTimestampMonotonic,NotifyAccess,NFileDescriptorStore"
)
STATES = {
    "activating": "starting",
    "active": "running",
    "refreshing": "running",
    "reloading": "reloading",
    "deactivating": "stopping",
    "failed": "failed",
    "inactive": "dead",
}
# No property shows these.
HIDDEN = ("extend_timeout_usec", "restart_reset")
# As systemd writes time spans.
UNITS_USEC = {
    "y": 31557600 * 10**6,
    "month": 2629800 * 10**6,
    "w": 7 * 24 * 3600 * 10**6,
    "d": 24 * 3600 * 10**6,
    "h": 3600 * 10**6,
    "min": 60 * 10**6,
    "s": 10**6,
    "ms": 10**3,
    "us": 1,
}
INFINITY_USEC = 2**64 - 1

Properties = dict[str, str]


def parse(text: str) -> dict[str, Properties]:
    """The output of `systemctl show`, by unit."""
    units = {}
    for block in text.split("\n\n"):
        values = dict(line.partition("=")[::2] for line in block.strip("\n").split("\n"))
        if "Id" in values:
            units[values["Id"]] = values
    return units


def usec(span: str) -> int:
    """A time span as systemctl prints it: `1min 30s`, `infinity`."""
    if span == "infinity":
        return INFINITY_USEC
    total = Decimal(0)
    for word in span.split():
        number, name = re.fullmatch(r"([0-9.]+)([a-z]*)", word).groups()  # type: ignore[union-attr]
        total += Decimal(number) * UNITS_USEC[name or "us"]
    return int(total)


def conclusion(values: Properties, processes: dict[str, int], names: Iterable[str] | None) -> dict[str, Any]:
    """All members that properties show. `names`: of the stored fds, where they could be asked."""
    out = {
        "state": STATES[values["ActiveState"]],
        "status": values.get("StatusText", ""),
        "errno": values.get("StatusErrno", "0"),
        "bus_error": values.get("StatusBusError", ""),
        "varlink_error": values.get("StatusVarlinkError", ""),
        "main_pid": _role(int(values["MainPID"]), processes),
        "watchdog_usec": str(usec(values["WatchdogUSec"])),
        "watchdog": _watchdog(values),
        "notify_access": values["NotifyAccess"],
        "fds_stored": values["NFileDescriptorStore"],
    }
    if names is not None:
        out["fd_names"] = " ".join(sorted(names))
    return out


def _role(pid: int, processes: dict[str, int]) -> str:
    if pid == 0:
        return "none"
    return next((role for role, number in processes.items() if number == pid), f"pid {pid}")


def _watchdog(values: Properties) -> str:
    """The stamp is set when the service becomes active, too: only a later one tells of a keep-alive."""
    if values["Result"] == "watchdog":
        return "triggered"
    stamp = int(values["WatchdogTimestampMonotonic"])
    return "kept-alive" if stamp > int(values["ActiveEnterTimestampMonotonic"]) else "none"
