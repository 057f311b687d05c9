"""A run directory to look at and to test with: containers, machines, and verdicts that stand in for the judge's."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness.page import sample_container, sample_machine

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


BOOTS = (
    ("257", "halt", "pass"),
    ("257", "soft-reboot", "warn"),
    ("257", "hang", "hung"),
    ("257", "poweroff", "pass"),
    ("257", "vm-poweroff", "pass"),
    ("262", "halt", "pass"),
    ("262", "isolate", "pass"),
    ("262", "hostile", "fail"),
    ("262", "refused", "inconclusive"),
    ("262", "vm-reboot-stream", "pass"),
    ("262", "vm-exam", "pass"),
    ("262", "vm-initrd", "pass"),
)
PACKAGES = {"257": ("257.13-1~deb13u1", "debian trixie"), "262": ("262-1", "debian forky")}


Boots = Sequence[tuple[str, str, str]]


def write_sample(run_dir: Path, copies: int = 1, wanted: Boots = BOOTS) -> Path:
    for folder in ("traces", "fields", "verdicts", "console"):
        (run_dir / folder).mkdir(parents=True, exist_ok=True)
    boots = []
    for copy in range(copies):
        boots += [_boot(run_dir, *boot, "" if copy == 0 else f"-{copy + 1}") for boot in wanted]
    counts: Counter[str] = Counter()
    for file in (run_dir / "verdicts").iterdir():
        for line in file.read_text().splitlines():
            verdict = json.loads(line)
            observed = verdict["verdict"] == "skip" and verdict["seen"]
            counts["observed" if observed else verdict["verdict"]] += 1
    run = {"format": 1, "suite": "0.1.0", "started": "2026-11-23T15:00:00Z", "exit_code": 1, "counts": counts}
    run |= {"host": {"kernel": "6.18", "machine": "x86_64"}, "boots": boots}
    run["skipped"] = [{"name": "252-soft-reboot", "reason": "soft-reboot came with systemd 254"}]
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
            "lines": [2],
        }
    if level == "observed" or "reload" in id or "parameter" in id:
        reason = "observed only: no text promises it" if level == "observed" else "not done in this scenario"
        del verdict["expected"]
        return verdict | {"verdict": "skip", "reason": reason} | ({} if level == "observed" else {"seen": ""})
    return verdict


def _boot(run_dir: Path, image: str, scenario: str, outcome: str, suffix: str) -> dict[str, Any]:
    vantage = "vm" if scenario in sample_machine.SCENARIOS else "container"
    sample = sample_machine if vantage == "vm" else sample_container
    name = f"{image}-{scenario}{suffix}"
    systemd, distribution = PACKAGES[image]
    text, events = sample.SCENARIOS[scenario]
    header = {"format": 1, "systemd": systemd, "recorded": "2026-11-23", **sample.header(scenario)}
    trace = [header, *events()]
    files = {folder: f"{folder}/{name}.jsonl" for folder in ("fields", "verdicts")}
    files |= {"trace": f"traces/{name}.jsonl", "console": f"console/{name}.txt"}
    _lines(run_dir / files["trace"], trace)
    decoded = [_decoded(n, each) for n, each in enumerate(trace, 1) if each.get("kind") == "message"]
    _lines(run_dir / files["fields"], decoded)
    _lines(run_dir / files["verdicts"], [_verdict(files["trace"], scenario, *each) for each in _ids()])
    console = "[\x1b[0;32m  OK  \x1b[0m] Reached target \x1b[1mpaths.target\x1b[0m.\r\n" * 50
    (run_dir / files["console"]).write_text(console + "<script>document.title='owned'</script>\n")
    facts = {"name": name, "image": image, "systemd": systemd, "distribution": distribution, "text": text}
    facts |= {"vantage": vantage, "transport": header["transport"], "scenario": scenario, "outcome": outcome}
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
