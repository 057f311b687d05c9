"""`./run fuzz`: every target for its share of the budget, seeded with the golden traces; findings are kept."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from harness import judgement

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build" / "fuzz" / "fuzz"
OUT = ROOT / "out" / "fuzz"
HANG_S = 20  # an input that takes longer is a finding
UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}


def seconds(text: str) -> int:
    match = re.fullmatch(r"(\d+)([smh]?)", text)
    if match is None or int(match[1]) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: 90, 90s, 10m or 2h")
    return int(match[1]) * UNITS[match[2]]


def targets() -> list[str]:
    return sorted(path.name.removeprefix("fuzz_") for path in BUILD.glob("fuzz_*") if path.is_file())


def dictionary() -> Path:
    """Every field name of the table."""
    path = OUT / "fields.dict"
    rows = map(json.loads, judgement.listing("fields").splitlines())
    path.write_text("".join(f'"{row["name"]}="\n' for row in rows))
    return path


def golden_seeds(target: str) -> Iterator[bytes]:
    """Each different line of the golden traces; for datagrams, what the line carries."""
    seen = set()
    for trace in sorted((ROOT / "fixtures" / "traces").rglob("*.jsonl")):
        if trace.name.count(".") > 1:
            continue
        for line in trace.read_text(encoding="utf-8").splitlines():
            seed = line if target == "trace" else json.loads(line).get("data")
            if seed and seed not in seen:
                seen.add(seed)
                yield seed.encode()


def corpus(target: str) -> Path:
    folder = OUT / target / "corpus"
    folder.mkdir(parents=True, exist_ok=True)
    if target in ("datagram", "trace"):
        for number, seed in enumerate(golden_seeds(target)):
            (folder / f"golden-{number}").write_bytes(seed)
    return folder


def fuzz(target: str, budget_s: int, words: Path) -> list[Path]:
    """Says what was found: files that make the target fail."""
    findings = OUT / target / "findings"
    shutil.rmtree(findings, ignore_errors=True)
    findings.mkdir(parents=True)
    command = [
        str(BUILD / f"fuzz_{target}"),
        f"-max_total_time={budget_s}",
        f"-timeout={HANG_S}",
        f"-dict={words}",
        f"-artifact_prefix={findings}/",
        "-print_final_stats=1",
        str(corpus(target)),
        str(ROOT / "fuzz" / "seeds" / target),
    ]
    print(f"fuzz: {target} for {budget_s} s", flush=True)
    with (OUT / target / "log").open("w") as log:
        subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, check=False)
    text = (OUT / target / "log").read_text(errors="replace")
    runs = re.search(r"stat::number_of_executed_units:\s*(\d+)", text)
    covered = re.findall(r"cov: (\d+)", text)
    print(
        f"fuzz: {target}: {runs[1] if runs else 0} executions, coverage {covered[-1] if covered else 0} edges"
    )
    return sorted(findings.iterdir())


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run fuzz", description=__doc__)
    parser.add_argument(
        "--budget", type=seconds, default=60, metavar="T", help="for all targets together (60s)"
    )
    parser.add_argument("--targets", nargs="+", choices=targets(), default=targets(), metavar="TARGET")
    options = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    words = dictionary()
    found = []
    for target in options.targets:
        found += fuzz(target, max(1, options.budget // len(options.targets)), words)
    for path in found:
        print(f"finding: {path}\n  again:  {BUILD}/fuzz_{path.parent.parent.name} {path}")
    print(f"fuzz: {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
