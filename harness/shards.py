"""The kept runs of all shards of one run, read, and proved to fit together: one whole, and each part of it once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from harness import judgement, kept_run, selection
from harness.exit_code import ExitCode
from harness.kept_run import RunRefused
from harness.left import Left
from harness.page.trial_run import LEFT

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Shards:
    folders: Sequence[Path]
    runs: Sequence[Mapping[str, Any]]

    @property
    def kind(self) -> str:
        """Of what they are: `boots`, `implementations` or `proxies`."""
        return _kind(self.runs[0])

    @property
    def profile(self) -> str | None:
        return self.runs[0].get("profile")

    @property
    def of(self) -> Sequence[str]:
        return self.runs[0]["shard"]["of"]

    @property
    def started(self) -> datetime:
        first = min(run["started"] for run in self.runs)
        return datetime.strptime(first, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)

    @property
    def codes(self) -> list[ExitCode]:
        """What they ended with, but for what is said anew of the whole: that it conforms, that nothing ran."""
        said_anew = (ExitCode.CONFORMS, ExitCode.NOTHING_RAN)
        return [code for run in self.runs if (code := ExitCode(run["exit_code"])) not in said_anew]

    @property
    def remarks(self) -> list[str]:
        told = [each for run in self.runs for each in run.get("remarks", ())]
        kernels = sorted({run["host"]["kernel"] for run in self.runs})
        if len(kernels) > 1:
            told.append(f"shards ran on kernels {', '.join(kernels)}")
        return list(dict.fromkeys(told))

    @property
    def host(self) -> dict[str, Any]:
        """As a member of run.json: where it was run, not where it is joined."""
        return {"host": self.runs[0]["host"]}

    @property
    def entries(self) -> dict[str, list[tuple[Path, Entry]]]:
        """By name, what each shard has of it."""
        found: dict[str, list[tuple[Path, Entry]]] = {}
        for folder, run in zip(self.folders, self.runs, strict=True):
            for entry in run[self.kind]:
                found.setdefault(entry["name"], []).append((folder, entry))
        return found

    def left(self) -> dict[str, list[Left]]:
        """What came to no outcome, once each; that one shard had nothing of what others have is none of it."""
        return {kind: list({each.name: each for each in self._left(kind)}.values()) for kind in LEFT}

    def _left(self, kind: str) -> Iterator[Left]:
        had = self.entries
        for run in self.runs:
            for row in run.get(kind, ()):
                if not (row["name"] in had and selection.LEAVES_NOTHING in row["reason"]):
                    yield Left(row["name"], row.get("asked", row["name"]), row["reason"])


def read(folders: Sequence[Path]) -> Shards:
    """Raises RunRefused where they do not fit together, by the name of one."""
    shards = Shards(folders, [kept_run.read(each) for each in folders])
    for folder, run in zip(folders, shards.runs, strict=True):
        if "shard" not in run:
            raise RunRefused(f"{folder}: no part of a run: it was made without --shard")
        _require_same(folders[0], shards.runs[0], folder, run)
    _require_each_once(shards)
    return shards


def _require_same(first: Path, one: Entry, folder: Path, other: Entry) -> None:
    if other["suite"] != (today := judgement.version()):
        raise RunRefused(f"{folder}: of suite {other['suite']}, and this is {today}")
    for what, of in (
        ("profile", lambda run: run.get("profile") or "no profile"),
        ("number of shards", lambda run: run["shard"]["parts"]),
        ("kind", _kind),
        ("command line", lambda run: " ".join(run["shard"]["of"]) or "of no words"),
    ):
        if of(one) != of(other):
            raise RunRefused(f"{folder}: another {what} than {first}: {of(other)}, and there {of(one)}")


def _require_each_once(shards: Shards) -> None:
    parts = shards.runs[0]["shard"]["parts"]
    had: dict[int, Path] = {}
    for folder, run in zip(shards.folders, shards.runs, strict=True):
        number = run["shard"]["number"]
        if number in had:
            raise RunRefused(f"{folder}: shard {number}/{parts}, as {had[number]} is")
        had[number] = folder
    if missing := [f"{each}/{parts}" for each in range(1, parts + 1) if each not in had]:
        raise RunRefused(f"shard {', '.join(missing)} is missing: --join wants the run of each")


def _kind(run: Entry) -> str:
    return next((kind for kind in ("proxies", "implementations") if kind in run), "boots")
