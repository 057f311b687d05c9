"""Real receivers, through their adapters, before scenarios that nobody has written: against the reference.

The mutator grows them from the committed ones, and each is put as a vector. Where a receiver concludes otherwise than
the model of its version, the model is wrong. Where it concludes otherwise than the documents have it,
known_disagreements.toml must name the requirement that speaks of it, and what it names must occur.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from fuzz import seeds, vector
from fuzz.target import FOLDER, ROOT, Target
from harness import implementation, judgement, trial
from harness.adapter import AdapterFault
from harness.exit_code import ExitCode
from harness.trial import Trial
from harness.vectors import receiver
from harness.vectors.outcomes import Outcome, Outcomes
from harness.vectors.vector import Vector
from vm import image as images
from vm.environment import EnvironmentUnfit

MAKER = ROOT / "build" / "release" / "make-scenarios"
LIST = FOLDER / "known_disagreements.toml"
COUNT = 200
SEED = 1
RECEIVER = "systemd"  # PID 1
VERSIONS = (257, 262)
TYPES = ("notify", "notify-reload", "simple")
ACCESSES = ("main", "all", "exec")
# What a vector must say, and what nobody looks at here.
FORM = {"requirements": ["receiver.unknown-ignored"], "level": "must", "expect": [{"state": "running"}]}
# Pids as the mutator writes them, which are other ones there.
PIDS = {"100": "${main.pid}", "101": "${child.pid}", "103": "${stranger.pid}"}
NOBODY = ("", "0", "1", "-1", "2147483647", "2147483648")


@dataclass
class Found:
    compared: int = 0
    unasked: int = 0  # what an adapter cannot be asked, or where a player failed
    known: dict[str, int] = field(default_factory=dict)  # by requirement, how often
    wrong: list[str] = field(default_factory=list)  # sentences: each fails


def run(version: int, rows: Sequence[Mapping[str, Any]] | None = None, count: int = COUNT) -> Found:
    """Raises EnvironmentUnfit where there is no such image, or it cannot be booted."""
    one = Trial(implementation.read(RECEIVER), images.find(str(version)))
    with tempfile.TemporaryDirectory(prefix="notifyspec-") as name:
        folder = Path(name)
        vectors = _vectors(made(folder / "scenarios", count), folder / "vectors")
        tried = trial.run(one, vectors, folder / "logs", receiver.PATIENCE_S)
        theirs = tried.outcomes.write(folder / "theirs.jsonl")
        out = Found()
        _compare_with(f"systemd-{version}", vectors, tried.outcomes, theirs, [], Found(wrong=out.wrong))
        own = [each for each in known() if version in each["systemd"]] if rows is None else rows
        _compare_with("documented", vectors, tried.outcomes, theirs, own, out)
    gone = [each["requirement"] for each in own if each["requirement"] not in out.known]
    out.wrong += [f"{LIST.name}: {name} does not occur any more" for name in gone]
    return out


def main(console: Console) -> list[ExitCode]:
    """Of each version that is here."""
    codes = []
    for version in VERSIONS:
        try:
            found = run(version)
        except EnvironmentUnfit as unfit:
            console.print(f"{RECEIVER} {version}: skipped: {unfit.reason}", highlight=False, markup=False)
            continue
        except AdapterFault as fault:
            console.print(f"{RECEIVER} {version}: {fault}", highlight=False, markup=False, soft_wrap=True)
            codes.append(ExitCode.ADAPTER)
            continue
        listed = ", ".join(f"{count} {name}" for name, count in found.known.items())
        words = f"{RECEIVER} {version}, black box: {found.compared} scenarios, {found.unasked} not put; "
        words += f"{len(found.wrong)} wrong; listed: {listed}"
        console.print("\n  ".join([words, *found.wrong]), highlight=False, markup=False, soft_wrap=True)
        codes.append(ExitCode.DOES_NOT_CONFORM if found.wrong else ExitCode.CONFORMS)
    return codes


def known() -> list[dict[str, Any]]:
    return tomllib.loads(LIST.read_text(encoding="utf-8"))["conclusion"]


def made(folder: Path, count: int) -> list[bytes]:
    """As many as can be put to somebody else, of twice as many."""
    (folder / "made").mkdir(parents=True)
    seeds.write("service", folder / "from")
    own = [path for each in [*Target("service").inputs, folder / "from"] for path in sorted(each.iterdir())]
    call = [MAKER, SEED, 2 * count, folder / "made", *own]
    subprocess.run(list(map(str, call)), check=True)
    read = ((folder / "made" / str(number)).read_bytes() for number in range(2 * count))
    return [each for each in dict.fromkeys(read) if can_be_put(each)][:count]


def can_be_put(scenario: bytes) -> bool:
    """Whether what comes of it depends on it alone, and neither on time nor on which pids somebody has."""
    plain = scenario.replace(b"\\", b"").replace(b"\r", b"\n").decode(errors="replace")
    if "EXTEND_TIMEOUT_USEC=" in plain or re.search(r"WATCHDOG_USEC=(?!0?(\n|\x1e|\x1f|$)|\d{10})", plain):
        return False
    return all(pid in (*PIDS, *NOBODY) for pid in re.findall(r"MAINPID=([^\n\x1e\x1f]*)", plain))


def _vectors(scenarios: Sequence[bytes], folder: Path) -> list[Vector]:
    out = []
    (folder / "receiver" / "made").mkdir(parents=True)
    for number, scenario in enumerate(scenarios):
        id_ = f"receiver/made/{number}"
        # When a reload comes to a service is not ours to say.
        steps = [with_own_pids(each) for each in vector.draft(scenario)["steps"] if "action" not in each]
        service = {
            "type": TYPES[number % len(TYPES)],
            "notify_access": ACCESSES[number // len(TYPES) % len(ACCESSES)],
            "fd_store_max": 5 * (number % 2),
            "watchdog_usec": 3_600_000_000 * (number // 2 % 2),
        }
        content = FORM | {"note": "Made.", "service": service, "steps": steps or [{"data": ""}]}
        path = folder / f"{id_}.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        out.append(Vector(id_, path, content))
    return out


def with_own_pids(step: dict[str, Any]) -> dict[str, Any]:
    if not re.search(r"^MAINPID=10[013]$", step.get("data", ""), re.M):
        return step
    put = re.sub(r"^MAINPID=(10[013])$", lambda found: f"MAINPID={PIDS[found[1]]}", step["data"], flags=re.M)
    return step | {"data": put, "substitute": True}


def _compare_with(
    profile: str,
    vectors: Sequence[Vector],
    theirs: Outcomes,
    file: Path,
    rows: Sequence[Mapping[str, Any]],
    out: Found,
) -> None:
    folder = file.parent
    ours = receiver.run(receiver.reference(profile), vectors, folder / profile, folders=[folder / "vectors"])
    lines = judgement.grade(ours.write(folder / f"{profile}.jsonl"), folder / "vectors", "--against", file)
    verdicts = {line["vector"]: line for line in lines if "vector" in line}
    by_vector = [{each["vector"]: each for each in outcomes.all} for outcomes in (theirs, ours)]
    for one in vectors:
        line = verdicts[one.id]
        if line["verdict"] not in ("pass", "fail"):
            out.unasked += 1
            continue
        out.compared += 1
        if line["verdict"] == "pass":
            continue
        members = _members(*(each[one.id] for each in by_vector))
        explained = [row for row in rows if _speaks_of(row, one, members)]
        if members and members <= {member for row in explained for member in row["members"]}:
            for row in explained:
                out.known[row["requirement"]] = out.known.get(row["requirement"], 0) + 1
        else:
            told = f'{profile} has {line.get("seen")}, it has {line.get("expected")}'
            out.wrong.append(
                f"{told}: {json.dumps(one.content['service'] | {'steps': one.content['steps']})}"
            )


def _members(theirs: Outcome, ours: Outcome) -> set[str]:
    """In which their conclusions differ."""
    one, other = theirs.get("conclusion", {}), ours.get("conclusion", {})
    hidden = {*theirs.get("unobserved", ()), *ours.get("unobserved", ())}
    return {each for each in {*one, *other} - hidden if one.get(each) != other.get(each)}


def _speaks_of(row: Mapping[str, Any], one: Vector, members: set[str]) -> bool:
    payloads = (_payload(step) for step in one.content["steps"])
    return bool(members & set(row["members"])) and any(
        re.search(row["bytes"].encode(), each, re.M) for each in payloads
    )


def _payload(step: Mapping[str, Any]) -> bytes:
    return base64.b64decode(step["data_base64"]) if "data_base64" in step else step["data"].encode()
