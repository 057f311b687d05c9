"""What a run of --shard is a part of, as run.json has it: by this, shards are known to fit together."""

from __future__ import annotations

import argparse
from typing import Any

from harness.selection import WHOLE


def of(options: argparse.Namespace) -> dict[str, Any]:
    """A member of run.json; none for a run that is whole."""
    if options.shard == WHOLE:
        return {}
    return {"shard": {"number": options.shard.number, "parts": options.shard.parts, "of": _whole(options)}}


def _whole(options: argparse.Namespace) -> list[str]:
    """The command line but for --shard, as far as it decides what is run and what counts of it."""
    some = (("--only", options.only), ("--level", options.level), ("--role", options.role))
    flags = (("--all", options.all), ("--strict", options.strict), ("--lock", options.lock is not None))
    words = [*options.names, *(f"{name}={each}" for name, given in some for each in given)]
    words += [name for name, given in flags if given]
    if options.rerun_failed is not None:
        words.append(f"--rerun-failed={options.rerun_failed}")
    return words
