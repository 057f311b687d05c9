"""The header of a trace: what the recorder could not know, filled in once the system under test has been
asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

# In the order of fixtures/README.md.
MEMBERS = (
    "format systemd vantage transport distribution kernel machine scenario recorded t0_monotonic_usec "
    "manager_pid hostname machine_id targets transactions planted masked"
).split()


def complete(raw: Path, trace: Path, facts: dict[str, Any]) -> None:
    """Writes `trace`: the recorder's file with a whole header, its events in the order in which they
    happened."""
    first, *rest = raw.read_text(encoding="utf-8").split("\n")
    header = json.loads(first) | facts
    header |= _name_at_start(events := [line for line in rest if line])
    t0_usec = header["t0_monotonic_usec"]
    header["transactions"] = [each.as_member(t0_usec) for each in facts.get("transactions", ())]
    known = {name: header[name] for name in MEMBERS if header.get(name) is not None}
    # A probe's stamp is older than its arrival, and an action is stamped before it is done: order by when it
    # happened.
    events.sort(key=lambda line: json.loads(line)["t"])
    text = "\n".join([json.dumps(known, ensure_ascii=False), *events, ""])
    unfinished = trace.with_suffix(".unfinished")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.rename(trace)


def _name_at_start(lines: list[str]) -> dict[str, str]:
    """The host name that the planted generator saw: a unit may give the system another before it is ready."""
    for event in map(json.loads, lines):
        if event["kind"] == "phase" and event["phase"] == "ready":
            break
        if event["kind"] == "observation" and event["subject"] == "hostname":
            return {"hostname": event["value"]}
    return {}
