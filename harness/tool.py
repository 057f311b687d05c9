"""The programs that the build makes, and where they are."""

from __future__ import annotations

import os
from pathlib import Path

from vm import installation
from vm.environment import EnvironmentUnfit

COMMANDS = installation.HERE.commands
BUILD = installation.HERE.programs
MADE = installation.HERE.made


def notifyspec() -> Path:
    """The tool that the suite is made of."""
    return _built(Path(os.environ.get("NOTIFYSPEC") or COMMANDS / "notifyspec"))


def notifyspec_static() -> Path:
    """The same, to be planted: it needs nothing of the system that it runs in."""
    return _built(
        Path(os.environ.get("NOTIFYSPEC_STATIC") or BUILD / "notifyspec-static"), "notifyspec-static"
    )


def mark() -> Path:
    """What is planted to tell when a process began (vm/guest/mark.cc)."""
    return _built(Path(os.environ.get("NOTIFYSPEC_MARK") or BUILD / "vm" / "mark"))


def agent() -> Path:
    """What is planted to run commands in a machine (vm/guest/agent.cc)."""
    return _built(Path(os.environ.get("NOTIFYSPEC_AGENT") or BUILD / "vm" / "agent"))


def caller() -> Path:
    """What is planted to call the host by AF_VSOCK, case by case (vm/guest/caller.cc)."""
    return _built(Path(os.environ.get("NOTIFYSPEC_CALLER") or BUILD / "vm" / "caller"))


def courier() -> Path:
    """What is planted to carry bytes to the host and back (vm/guest/courier.cc)."""
    return _built(Path(os.environ.get("NOTIFYSPEC_COURIER") or BUILD / "vm" / "courier"))


def vsock_device() -> Path:
    """The AF_VSOCK device in user space (vm/vsock)."""
    return _built(Path(os.environ.get("NOTIFYSPEC_VSOCK") or COMMANDS / "notifyspec-vsock"))


def adapter(program: str) -> Path:
    """The adapter of an implementation under test (harness/implementations)."""
    return _built(BUILD / "adapters" / program)


def bench(program: str) -> Path:
    """What is only there to be measured (bench/)."""
    return _built(BUILD / program, program)


def _built(program: Path, target: str = "all") -> Path:
    if not os.access(program, os.X_OK):
        remedy = installation.HERE.remedy
        mended = f"{remedy}{target}" if remedy.endswith(" ") else remedy
        raise EnvironmentUnfit(f"there is no {program}", mended)
    return program
