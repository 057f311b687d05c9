"""A run directory to look at and to test with: what real systemd was recorded to send, and worse."""

from __future__ import annotations

import base64
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

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
REQUIREMENTS = {
    "must": """hostname.sent hostname.valid hostname.matches machine-id.sent machine-id.valid
        machine-id.matches
        signals-level.sent
        signals-level.unsigned-decimal signals-level.at-least-2 signals-level.before-processes
        signals-level.signals-work unit.active-complete unit.inactive-complete unit.dependency-order
        ready.sent
        ready.not-before-boot-finished reload.reloading-then-ready shutdown.exit-status shutdown.verb
        shutdown.reboot-parameter notify-socket.consumed notify-socket.not-inherited""",
    "should": "credential.malformed-harmless",
    "observed": """hostname.not-repeated machine-id.not-repeated hostname.silent-on-later-change
        identity-before-units signals-level.before-units unit.targets-only unit.no-repeat
        unit.active-before-inactive unit.stop-order reload.monotonic-usec shutdown.nothing-after
        one-field-per-extension-message""",
}


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
    return _in_order([*halt(at=4.5), action(away, "isolate", "rescue.target"), *events])


def soft_reboot() -> list[dict[str, Any]]:
    first = [phase(0.0, "started"), *up(), phase(0.533, "ready"), action(1.5, "soft-reboot")]
    again = message(1.72, "RELOADING=1\nMONOTONIC_USEC=913221445")
    tools = [message(t, "ERRNO=0\nEXIT_STATUS=0", 17600 + n) for n, t in enumerate((1.1, 1.2))]
    carried = ("soft-reboot", "final", "shutdown", "umount")  # stopped by the second life only
    left = [message(1.83, f"X_SYSTEMD_UNIT_INACTIVE={unit}.target") for unit in carried]
    return _in_order(first + tools + down(1.501, "soft-reboot") + [again] + up(1.74) + left)


def hostile() -> list[dict[str, Any]]:
    return _in_order(up()[:-2] + [message(0.22 + n / 100, data) for n, data in enumerate(HOSTILE)])


def _in_order(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(events, key=lambda event: event["t"])


SCENARIOS = {
    "halt": ("Boots to its default target; then systemctl halt.", halt),
    "isolate": ("Isolates rescue.target, and graphical.target again, before the halt.", isolate),
    "soft-reboot": ("Soft-reboots once it is ready; the second life is recorded too.", soft_reboot),
    "hostile": ("<b>Not</b> a real systemd\u202e: sends what no parser likes.", hostile),
    "hang": ("Stops half way.", lambda: [phase(0.0, "started"), *up()[:7], action(30.0, "deadline")]),
    "refused": ("Cannot run here, and says so.", lambda: [message(0.02, "ERRNO=71\nEXIT_STATUS=1")]),
}
BOOTS = (
    ("257", "halt", "pass"),
    ("257", "soft-reboot", "warn"),
    ("257", "hang", "hung"),
    ("262", "halt", "pass"),
    ("262", "isolate", "pass"),
    ("262", "hostile", "fail"),
    ("262", "refused", "inconclusive"),
)
PACKAGES = {"257": ("257.13-1~deb13u1", "debian trixie"), "262": ("262-1", "debian forky")}


def write_sample(run_dir: Path, copies: int = 1) -> Path:
    for folder in ("traces", "fields", "verdicts", "console"):
        (run_dir / folder).mkdir(parents=True, exist_ok=True)
    boots = []
    for copy in range(copies):
        boots += [_boot(run_dir, *boot, "" if copy == 0 else f"-{copy + 1}") for boot in BOOTS]
    counts: Counter[str] = Counter()
    for file in (run_dir / "verdicts").iterdir():
        for line in file.read_text().splitlines():
            verdict = json.loads(line)
            observed = verdict["verdict"] == "skip" and verdict["seen"]
            counts["observed" if observed else verdict["verdict"]] += 1
    run = {"format": 1, "suite": "0.1.0", "started": "2026-11-23T15:00:00Z", "exit_code": 1, "counts": counts}
    run |= {"host": {"kernel": "6.18", "machine": "x86_64"}, "boots": boots}
    run["skipped"] = [{"name": "252-container-soft-reboot", "reason": "soft-reboot came with systemd 254"}]
    (run_dir / "run.json").write_text(json.dumps(run))
    _lines(run_dir / "requirements.jsonl", [_requirement(*each) for each in _ids()])
    return run_dir


def _ids() -> list[tuple[str, str]]:
    return [(level, f"boot.{id}") for level, ids in REQUIREMENTS.items() for id in ids.split()]


def _requirement(level: str, id: str) -> dict[str, Any]:
    source: Any = {"document": "systemd(1)", "section": "Readiness Protocol", "version": "262"}
    return {
        "id": id,
        "role": "manager",
        "vantages": ["container", "vm", "user"],
        "level": level,
        "since": 256,
        "source": source if level != "observed" else "systemd 262 as it was recorded",
        "text": f"The manager tells its supervisor of {id[5:].replace('.', ' ')}, in time & in full.",
        "entails": ["boot.hostname.valid", "boot.hostname.matches"] if id == "boot.hostname.sent" else [],
    }


def _verdict(trace: str, scenario: str, level: str, id: str) -> dict[str, Any]:
    verdict: dict[str, Any] = {"trace": trace, "requirement": id, "level": level, "verdict": "pass"}
    verdict |= {"expected": f"what {id} asks for", "seen": "X_SYSTEMD_HOSTNAME=vm at 0.108 s", "lines": [2]}
    if scenario == "hostile" and id in ("boot.unit.dependency-order", "boot.shutdown.exit-status"):
        return verdict | {
            "verdict": "fail",
            "seen": "<script>document.title='owned'</script>",
            "lines": [8, 10],
        }
    if scenario == "hang" and ".ready." in id:
        return verdict | {"verdict": "fail", "seen": "no READY=1 before the deadline of 30 s", "lines": [10]}
    if scenario == "soft-reboot" and level == "should":
        return verdict | {"verdict": "warn", "seen": "a malformed credential stopped the boot"}
    if scenario == "refused" and ".unit." in id:
        return verdict | {
            "verdict": "inconclusive",
            "reason": "this systemd cannot run on such a host",
            "lines": [1],
        }
    if level == "observed" or "reload" in id or "parameter" in id:
        reason = "observed only: no text promises it" if level == "observed" else "not done in this scenario"
        del verdict["expected"]
        return verdict | {"verdict": "skip", "reason": reason} | ({} if level == "observed" else {"seen": ""})
    return verdict


def _boot(run_dir: Path, image: str, scenario: str, outcome: str, suffix: str) -> dict[str, Any]:
    name = f"{image}-container-{scenario}{suffix}"
    systemd, distribution = PACKAGES[image]
    text, events = SCENARIOS[scenario]
    header = {
        "format": 1,
        "systemd": systemd,
        "transport": "unix-dgram",
        "kernel": "6.18",
        "manager_pid": MANAGER,
    }
    trace = [header | {"recorded": "2026-11-23"}, *events()]
    files = {folder: f"{folder}/{name}.jsonl" for folder in ("fields", "verdicts")}
    files |= {"trace": f"traces/{name}.jsonl", "console": f"console/{name}.txt"}
    _lines(run_dir / files["trace"], trace)
    decoded = [_decoded(n, each) for n, each in enumerate(trace, 1) if each.get("kind") == "message"]
    _lines(run_dir / files["fields"], decoded)
    _lines(run_dir / files["verdicts"], [_verdict(files["trace"], scenario, *each) for each in _ids()])
    console = "[\x1b[0;32m  OK  \x1b[0m] Reached target \x1b[1mpaths.target\x1b[0m.\r\n" * 50
    (run_dir / files["console"]).write_text(console + "<script>document.title='owned'</script>\n")
    facts = {"name": name, "image": image, "systemd": systemd, "distribution": distribution, "text": text}
    facts |= {"vantage": "container", "transport": "unix-dgram", "scenario": scenario, "outcome": outcome}
    facts["trouble"] = "deadline of 30 s passed: READY=1" if outcome == "hung" else None
    return facts | files | {"seconds": trace[-1]["t"]}


def _decoded(line: int, event: dict[str, Any]) -> dict[str, Any]:
    """Stands in for `notifyspec decode --lines`: good enough for the messages above, and for nothing else."""
    assignments = [each.partition("=") for each in event.get("data", "").split("\n") if "=" in each]
    fields = [{"name": name, "value": value, "type": "text"} for name, _, value in assignments]
    diagnostics = [{"offset": 27, "reason": "embedded NUL"}] if "data_base64" in event else []
    return {"line": line, "fields": fields, "diagnostics": diagnostics}


def _lines(path: Path, objects: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(each) + "\n" for each in objects))


if __name__ == "__main__":
    write_sample(Path(sys.argv[1]), copies=int(sys.argv[2]) if len(sys.argv) > 2 else 1)
