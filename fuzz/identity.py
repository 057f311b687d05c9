"""The identity of all that ran, as far as it can change what comes out of it."""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from fuzz import afl, corpus, finding
from fuzz.target import Target
from harness import provenance

SHORT = 12  # digits of a hash


def of(options: argparse.Namespace, targets: Sequence[Target]) -> dict[str, Any]:
    """Of the inputs, as they are now: before anything runs."""
    compiler = provenance.said("clang++-19", "--version")
    sanitized = "address, undefined"
    is_afl = options.engine == "afl"
    folder = afl.BUILD if is_afl else targets[0].binary.parent.parent
    return {
        "revision": provenance.revision(),
        "compiler": compiler,
        "sanitizers": f"none; what it finds is run again under {sanitized}" if is_afl else sanitized,
        "engine": f"AFL++ {afl.version()}" if is_afl else "libFuzzer of the compiler",
        "seed": options.seed,
        "limits": {
            "hang_s": finding.HANG_S,
            "memory_mb": finding.MEMORY_MB,
            "allocation_mb": finding.ALLOCATION_MB,
        },
        "kernel": platform.release(),
        "cpu": provenance.cpu(),
        "cores": os.cpu_count(),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / (1 << 30):.1f} GiB",
        "max_dgram_qlen": provenance.max_dgram_qlen(),
        "dictionary": _hash([corpus.OUT / "fields.dict"]),
        "targets": {
            each.name: {
                "program": _hash([folder / "fuzz" / each.binary.name]),
                "seeds": _hash(each.inputs),
                "corpus": _hash([corpus.folder(each)]),
            }
            for each in targets
        },
    }


def _hash(paths: Iterable[Path]) -> str:
    """Of files, and of those below folders: of what they hold, whatever they are called."""
    files = [each for path in paths for each in ([path] if path.is_file() else path.rglob("*"))]
    sums = sorted(hashlib.sha256(each.read_bytes()).digest() for each in files if each.is_file())
    return hashlib.sha256(b"".join(sums)).hexdigest()[:SHORT] if sums else "none"
