"""The Debian packages, by CPack, of what the preset `release` has built."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
from email.utils import format_datetime
from pathlib import Path

from harness.package.version import Version
from vm.installation import ROOT

BUILD = ROOT / "build" / "release"
NAMES = ("libnotifyspec-dev", "notifyspec")
CONTACT = "notifyspec maintainers <maintainers@notifyspec.invalid>"
CHANGELOG = """{package} ({version}) unstable; urgency=medium

  * As of commit {commit}.

 -- {contact}  {date}
"""
# No licence has been chosen yet, so that there is no file to tell it.
KNOWN = "no-copyright-file"


class PackagingFailed(Exception):
    """No packages, or bad ones, in the words of the program that says so."""


def _write_changelogs(now: Version) -> None:
    for name in NAMES:
        date = format_datetime(now.date)
        words = {"package": name, "version": now, "commit": now.commit or "none", "contact": CONTACT}
        path = BUILD / "harness" / "package" / "changelog" / name / "changelog.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(CHANGELOG.format(date=date, **words).encode(), mtime=0))


def make(now: Version, out: Path, compression: str = "xz") -> list[Path]:
    """The packages in the order of NAMES. Raises PackagingFailed."""
    _write_changelogs(now)
    staged = BUILD / "harness" / "package" / "debs"
    shutil.rmtree(staged, ignore_errors=True)
    call = ["cpack", "--config", BUILD / "CPackConfig.cmake", "-B", staged]
    call += [
        "-D",
        f"CPACK_DEBIAN_PACKAGE_VERSION={now}",
        "-D",
        f"CPACK_DEBIAN_COMPRESSION_TYPE={compression}",
    ]
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(int(now.date.timestamp()))}
    done = subprocess.run(call, capture_output=True, text=True, env=environment, umask=0o022)
    made = [path for name in NAMES for path in staged.glob(f"{name}_*.deb")]
    if done.returncode != 0 or len(made) != len(NAMES):
        raise PackagingFailed(f"{done.stdout}{done.stderr}".strip())
    return [Path(shutil.copy(path, out)) for path in made]


def check(packages: list[Path]) -> str:
    """What lintian warns of. Raises PackagingFailed where it finds an error."""
    call = ["lintian", "--allow-root", "--fail-on", "error", "--suppress-tags", KNOWN, *packages]
    done = subprocess.run(call, capture_output=True, text=True)
    if done.returncode != 0:
        raise PackagingFailed(f"{done.stdout}{done.stderr}".strip())
    return done.stdout
