"""`./run package`: the Debian packages and the archive of the data, in out/package/."""

from __future__ import annotations

import argparse
import os
import shutil
import sys

from harness.exit_code import ExitCode
from harness.guard import guarded
from harness.package import data_archive, debs, version
from harness.package.trial import run as trial
from vm.installation import ROOT

OUT = ROOT / "out" / "package"


def main() -> ExitCode:
    parser = argparse.ArgumentParser(prog="./run package", description=__doc__, allow_abbrev=False)
    parser.add_argument(
        "--try",
        dest="trial",
        action="store_true",
        help="ask lintian, install it in a clean Debian 12, and put a sender before its gate there; as root",
    )
    options = parser.parse_args()
    now = version.read()
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    try:
        packages = debs.make(now, OUT)
        for path in (*packages, data_archive.write(str(now), OUT)):
            print(f"{path.stat().st_size / 1e6:6.1f} MB  {os.path.relpath(path)}", flush=True)
        if not options.trial:
            return ExitCode.CONFORMS
        print(debs.check(packages), end="", flush=True)
    except debs.PackagingFailed as failure:
        print(f"package: {failure}", file=sys.stderr)
        return ExitCode.ENVIRONMENT
    return trial.main(packages[1], OUT / "trial")


if __name__ == "__main__":
    sys.exit(guarded("package", main))
