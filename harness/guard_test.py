import signal
import subprocess
import sys

import pytest

from harness.exit_code import ExitCode
from harness.guard import guarded
from harness.judgement import InputRefused
from harness.recorder import RecorderFailed
from vm.environment import EnvironmentUnfit


def breaking(error: BaseException) -> int:
    def main() -> ExitCode:
        raise error

    return guarded("gate", main)


def test_the_code_of_the_command_is_handed_on() -> None:
    assert guarded("gate", lambda: ExitCode.DOES_NOT_CONFORM) == 1


@pytest.mark.parametrize(
    "error", [RecorderFailed("gone"), RuntimeError("a bug"), KeyError("x"), OSError("disk full")]
)
def test_nothing_that_breaks_looks_like_a_verdict(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    assert breaking(error) == 5
    assert "no verdict" in capsys.readouterr().err


def test_input_that_cannot_be_read_is_told_as_the_tool_tells_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert breaking(InputRefused("notifyspec: a.json: expect: is empty")) == 2
    assert "a.json: expect: is empty" in capsys.readouterr().err


def test_an_unfit_machine_is_told_with_its_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    assert breaking(EnvironmentUnfit("no nspawn", "apt-get install systemd-container")) == 5
    assert "try: apt-get install systemd-container" in capsys.readouterr().err


def test_an_interruption_is_told_apart() -> None:
    assert breaking(KeyboardInterrupt()) == 130


HOLDER = """
import sys
from harness.guard import guarded
def main():
    try:
        print("holds something", flush=True)
        sys.stdin.readline()
    finally:
        print("lets go", flush=True)
        sys.stdin.readline()
        print("has let go", flush=True)
sys.exit(guarded("gate", main))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_letting_go_is_not_interrupted_a_second_time(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        for expected in ("holds something\n", "lets go\n"):
            assert holder.stdout.readline() == expected
            holder.send_signal(number)
        assert holder.communicate(input="\n", timeout=60) == (
            "has let go\n",
            "gate: interrupted; everything that was started is gone\n",
        )
        assert holder.returncode == 130
