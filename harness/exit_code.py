"""Exit codes: the contract that other people's CI rests on. The worst of several wins."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class ExitCode(IntEnum):
    CONFORMS = 0
    DOES_NOT_CONFORM = 1
    USAGE = 2
    BASELINE = 3
    ADAPTER = 4
    ENVIRONMENT = 5
    NOTHING_RAN = 6
    INTERRUPTED = 130  # 128 + SIGINT, as a shell has it; what had ended by then is kept


# A real failure is never covered by a lesser one; but a run that is not whole has no answer.
WORST_FIRST = (
    ExitCode.INTERRUPTED,
    ExitCode.DOES_NOT_CONFORM,
    ExitCode.ADAPTER,
    ExitCode.ENVIRONMENT,
    ExitCode.BASELINE,
    ExitCode.NOTHING_RAN,
)


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """Of no codes at all: nothing ran."""
    seen = set(codes)
    if not seen:
        return ExitCode.NOTHING_RAN
    if ExitCode.USAGE in seen:
        raise ValueError("wrong usage is found before anything runs, and has no place among outcomes")
    return next((code for code in WORST_FIRST if code in seen), ExitCode.CONFORMS)
