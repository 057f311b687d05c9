"""The program's command line: what it takes, and what it says of what it does not take."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

TIMEOUT_S = 60
GOOD = ("--socket", "{}/vmm", "--cid", "3")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--cid", "3"), 2, "either --socket PATH or --socket-fd N"),
        ((*GOOD, "--socket-fd", "3"), 2, "either --socket PATH or --socket-fd N"),
        (("--socket", "{}/vmm"), 2, "--cid"),
        (("--socket", "{}/vmm", "--cid", "2"), 2, "--cid"),
        (("--socket", "relative", "--cid", "3"), 2, "--socket"),
        ((*GOOD, "--forward", "1234=/x"), 2, "--forward: '/x' is no host socket"),
        ((*GOOD, "--forward", "1=stream:/x", "--forward", "1=stream:/y"), 2, "given twice"),
        ((*GOOD, "--connect", "dgram:/x"), 2, "--connect: 'dgram:/x' is no host socket"),
        (
            (*GOOD, "--fault", "nonsense"),
            2,
            "--fault: no fault is called 'nonsense'; there are no-seqpacket, refuse",
        ),
        ((*GOOD, "--fault", "credit=0"), 2, "--fault: credit wants a number from 1"),
        ((*GOOD, "--nonsense"), 2, "--nonsense"),
        (("--socket", "{}/missing/vmm", "--cid", "3"), 5, "make the directory first"),
        (("--socket", "{}/file", "--cid", "3"), 5, "remove it, or choose another name"),
        (("--socket-fd", "0", "--cid", "3"), 5, "fd 0 is no listening socket"),
    ],
)
def test_it_says_what_is_wrong(
    program: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    (tmp_path / "file").touch()
    ended = subprocess.run(
        [program, *(argument.format(tmp_path) for argument in arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (code, "")
    assert words in ended.stderr
    assert not (tmp_path / "vmm").exists()


def test_help_tells_all(program: Path) -> None:
    ended = subprocess.run([program, "--help"], capture_output=True, text=True, timeout=TIMEOUT_S, check=True)
    for word in ("--forward", "--connect", "--fault", "delay-close=MILLISECONDS", "Exit status"):
        assert word in ended.stdout
