"""What may break a command made into its exit code: a bug or a bare machine must never look like a verdict."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable

from harness.exit_code import ExitCode
from harness.judgement import InputRefused, ToolBroke
from harness.ours import OUR_FAILURES
from vm.environment import EnvironmentUnfit


ENDINGS = (signal.SIGINT, signal.SIGTERM)


def guarded(name: str, main: Callable[[], ExitCode]) -> int:
    """The exit code of main(), whatever becomes of it; what it holds is let go of on the way out."""
    before = [signal.signal(each, _interrupt) for each in ENDINGS]
    try:
        return _code(name, main)
    finally:
        for each, handler in zip(ENDINGS, before, strict=True):
            signal.signal(each, handler)


def _interrupt(*_: object) -> None:
    """Once: whoever is impatient and asks again would keep us from letting go of what we hold."""
    for each in ENDINGS:
        signal.signal(each, lambda *_: None)  # not SIG_IGN, which programs that are started would inherit
    raise KeyboardInterrupt


def _code(name: str, main: Callable[[], ExitCode]) -> int:
    try:
        return int(main())
    except EnvironmentUnfit as unfit:
        _say(f"{name}: {unfit.reason}\ntry: {unfit.remedy}")
    except InputRefused as refused:
        _say(str(refused))
        return ExitCode.USAGE
    except (ToolBroke, *OUR_FAILURES) as failure:
        _say(f"{name}: no verdict: {failure}")
    except BrokenPipeError:  # whoever read our words has gone; the answer was not given
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except OSError as failure:  # a disk that is full, a folder that cannot be written
        _say(f"{name}: no verdict: {failure}")
    except KeyboardInterrupt:
        _say(f"{name}: interrupted; everything that was started is gone")
        return 128 + signal.SIGINT
    except Exception:  # noqa: B902 - Python's own exit code for this is 1, which means "does not conform"
        traceback.print_exc()
        _say(f"{name}: no verdict: this is a bug of the suite")
    return ExitCode.ENVIRONMENT


def _say(text: str) -> None:
    print(text, file=sys.stderr)
