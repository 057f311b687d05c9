"""The suite as data, in an archive of its own: the same bytes wherever and whenever it is made.

usage: python3 -m harness.package.data_archive VERSION FOLDER      writes notifyspec-data-VERSION.tar.xz
"""

from __future__ import annotations

import io
import lzma
import sys
import tarfile
from pathlib import Path

from vm.installation import ROOT

FIXTURES = ROOT / "fixtures"
# What the folder holds beside these is tests of ours.
KINDS = frozenset({".md", ".toml", ".json", ".jsonl", ".abnf", ".xsd"})


def members(fixtures: Path) -> list[Path]:
    found = [path for path in fixtures.rglob("*") if path.suffix in KINDS and path.is_file()]
    return sorted(found, key=lambda path: path.relative_to(fixtures).as_posix())


def _member(name: str, size: int) -> tarfile.TarInfo:
    """Of no time, no owner and no mode but that of a file to read."""
    entry = tarfile.TarInfo(name)
    entry.size = size
    entry.mode = 0o644
    return entry


def archive(version: str, fixtures: Path = FIXTURES) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path in members(fixtures):
            content = path.read_bytes()
            name = f"notifyspec-data-{version}/{path.relative_to(fixtures).as_posix()}"
            tar.addfile(_member(name, len(content)), io.BytesIO(content))
    return lzma.compress(out.getvalue())


def write(version: str, folder: Path) -> Path:
    path = folder / f"notifyspec-data-{version}.tar.xz"
    path.write_bytes(archive(version))
    return path


if __name__ == "__main__":
    print(write(sys.argv[1], Path(sys.argv[2])))
