"""What inputs reach of the code under test: regions, by file and function (llvm-cov), by replays that are built for it.

Each target replays its inputs once; what all of them reach is laid together.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fuzz.target import ROOT

BUILD = ROOT / "build" / "fuzz-coverage"
PURE = ("wire", "field", "model")
LEAST_REACH = 0.98  # of the regions of these, by the committed inputs alone
STAGES = (*PURE, "receiver")
PROFDATA, COV = "llvm-profdata-19", "llvm-cov-19"


@dataclass(frozen=True)
class Coverage:
    """Regions reached, of how many, by stage; and the functions that nothing reaches."""

    regions: Mapping[str, tuple[int, int]]
    never: Sequence[str]
    gaps: Mapping[str, Sequence[int]]  # by file, lines on which a region begins that nothing reaches

    def share(self, stages: Sequence[str] = STAGES) -> float:
        reached, of = self.together(stages)
        return reached / max(1, of)

    def together(self, stages: Sequence[str]) -> tuple[int, int]:
        reached, of = (sum(self.regions[each][place] for each in stages) for place in (0, 1))
        return reached, of


def measure(inputs: Mapping[str, Sequence[Path]]) -> Coverage:
    """`inputs`: by target, files and folders. Raises CalledProcessError where a replay fails."""
    with tempfile.TemporaryDirectory(prefix="notifyspec-coverage-") as folder:
        for target, paths in inputs.items():
            call = [BUILD / "fuzz" / f"fuzz_{target}", *paths]
            subprocess.run(
                list(map(str, call)),
                env={"LLVM_PROFILE_FILE": f"{folder}/{target}.profraw"},
                check=True,
                capture_output=True,
            )
        profile = f"{folder}/all.profdata"
        raw = sorted(map(str, Path(folder).glob("*.profraw")))
        subprocess.run([PROFDATA, "merge", "-sparse", "-o", profile, *raw], check=True, capture_output=True)
        return _read(_export(profile, list(inputs)))


def _export(profile: str, targets: Sequence[str]) -> dict[str, Any]:
    first, *others = (str(BUILD / "fuzz" / f"fuzz_{each}") for each in targets)
    objects = [word for each in others for word in ("-object", each)]
    call = [COV, "export", f"-instr-profile={profile}", "-skip-expansions", first, *objects]
    done = subprocess.run(call, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["data"][0]


def _stage(file: str) -> str | None:
    parts = Path(file).relative_to(ROOT).parts if file.startswith(str(ROOT)) else ()
    return parts[1] if len(parts) > 2 and parts[0] == "conformance" and parts[1] in STAGES else None


def _read(export: Mapping[str, Any]) -> Coverage:
    regions = {stage: (0, 0) for stage in STAGES}
    gaps: dict[str, list[int]] = {}
    for file in export["files"]:
        if stage := _stage(file["filename"]):
            summary = file["summary"]["regions"]
            reached, all_of_them = regions[stage]
            regions[stage] = (reached + summary["covered"], all_of_them + summary["count"])
            lines = _gaps(file["segments"])
            if lines:
                gaps[str(Path(file["filename"]).relative_to(ROOT / "conformance"))] = lines
    never = {
        each["name"].partition(":")[2] or each["name"]
        for each in export["functions"]
        if each["count"] == 0 and _stage(each["filenames"][0])
    }
    return Coverage(regions, sorted(_demangled(sorted(never))), gaps)


def _gaps(segments: Sequence[Sequence[Any]]) -> list[int]:
    """A segment is line, column, count, has a count, begins a region, is a gap."""
    return sorted(
        {
            line
            for line, _, count, counted, begins, gap in segments
            if counted and begins and not gap and count == 0
        }
    )


def _demangled(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    done = subprocess.run(
        ["c++filt", "-p"], input="\n".join(names), capture_output=True, text=True, check=True
    )
    return [line for line in done.stdout.splitlines() if line]
