"""The adapter of systemd-nspawn. usage: nspawn.py OPTION..., those of the mode under test."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from proxying import serve, version_of

CALL = (
    "systemd-nspawn --quiet --register=no --keep-unit --private-network --link-journal=no --resolv-conf=off "
    "--timezone=off --console=pipe"
).split()


def main() -> None:
    def call(request: dict) -> tuple[Sequence[str], dict[str, str]]:
        words = [*CALL, *sys.argv[1:], f"--directory={request['root']}", *request["command"]]
        return words, {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"}

    serve("systemd-nspawn", version_of("systemd-nspawn", "--version"), call)


if __name__ == "__main__":
    main()
