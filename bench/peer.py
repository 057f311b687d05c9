"""The peers of the receiver: receivers of others, each a contestant, to be timed beside ours on the same bytes.

A contestant is a program that is started once and asked again and again: JSON Lines on its standard input, a line on
its standard output for each, until the input ends.

    {"task": "split", "count": N, "payload": "BASE64 BASE64 ..."}    find the lines of the messages, N times
    {"task": "classify", ...}     and which field each assigns
    {"task": "receive", ...}      datagrams of them, in their order, N times over, in bursts of $NOTIFYSPEC_BURST
                                  (8): each is sent, which is not timed, and received, which is
    {"ns": took, "lines": found in all, "known": of those, of a field that is known}    or {"unsupported": "reason"}
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness import tool
from vm import image as images
from vm.environment import EnvironmentUnfit, require_program
from vm.inside import inside

FOLDER = Path(__file__).parent / "peers"
GO = tool.BUILD.parent / "peers" / "receiver-go"
# By name: the image, and what the program is told besides.
OF_SYSTEMD = {
    "systemd-257": ("257", ()),
    "systemd-262": ("262", ()),
    "systemd-262-without-pidfd": ("262", ("--without-pidfd",)),
}


@dataclass(frozen=True)
class Peer:
    name: str
    command: tuple[str, ...] = ()
    why_absent: str = ""  # empty: it can run here


@contextlib.contextmanager
def peers() -> Iterator[list[Peer]]:
    """All of them, also those that cannot run here. Their programs stay in place until it is left."""
    with contextlib.ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="notifyspec-peers-", dir="/tmp"))
        share = Path(name)
        makers = {
            "python": lambda: ["/usr/bin/python3", str(FOLDER / "receiver.py"), *_fields()],
            "go": lambda: [str(_go()), *_fields()],
        }
        for each, (image, options) in OF_SYSTEMD.items():
            makers[each] = lambda image=image, options=options: _systemd(image, options, share, stack)
        yield [_peer(each, make) for each, make in makers.items()]


def _peer(name: str, make) -> Peer:
    try:
        return Peer(name, tuple(make()))
    except EnvironmentUnfit as unfit:
        return Peer(name, why_absent=str(unfit))


def _fields() -> list[str]:
    """The names of the table of fields."""
    call = [tool.bench("bench/notifyspec_contestant"), "--fields"]
    return json.loads(subprocess.run(call, capture_output=True, check=True).stdout)


def _go() -> Path:
    """Built with what Go itself brings, without a network; at once where nothing has changed."""
    require_program("go", "golang-go")
    plain = {"GO111MODULE": "off", "GOFLAGS": "", "GOPROXY": "off", "CGO_ENABLED": "0"}
    plain["GOCACHE"] = str(GO.parent / "go-cache")
    call = ["go", "build", "-o", str(GO), str(FOLDER / "receiver.go")]
    built = subprocess.run(call, capture_output=True, text=True, env=os.environ | plain)
    if built.returncode != 0:
        raise EnvironmentUnfit(f"Go does not build it: {built.stderr.strip()}", "apt-get install golang-go")
    return GO


def _systemd(name: str, options: tuple[str, ...], share: Path, stack: contextlib.ExitStack) -> list[str]:
    if not images.is_cached(name):
        raise EnvironmentUnfit(f"image {name} is not in the cache", f"python3 -m vm.image {name}")
    built = tool.bench("systemd-peer")
    image = images.find(name)
    stack.enter_context(image.in_use())
    libraries = sorted(image.root.glob(f"usr/lib/*/systemd/libsystemd-shared-{image.major}*.so"))
    if not libraries:
        raise EnvironmentUnfit(f"image {name} has no libsystemd-shared", f"python3 -m vm.image {name}")
    program = shutil.copy2(built, share)
    return inside(image.root, share, [program, f"/{libraries[0].relative_to(image.root)}", *options])
