"""A program inside a root sees that root and the shared folder, and changes nothing but the latter."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from vm.inside import inside

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="a mount namespace needs root")


@pytest.fixture
def share() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="notifyspec-", dir="/tmp") as folder:
        yield Path(folder)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Enough of a system to run a shell, copied from this one, and a mark."""
    place = tmp_path / "root"
    for folder in ("dev", "proc", "tmp", "etc"):
        (place / folder).mkdir(parents=True)
    (place / "etc" / "mark").write_text("marked\n")
    programs = ["/bin/sh", "/bin/cat", "/usr/bin/env"]
    needed = subprocess.run(["ldd", *programs], capture_output=True, text=True, check=True).stdout
    libraries = {word for word in needed.split() if word.startswith("/") and not word.endswith(":")}
    for path in sorted(libraries | set(programs)):
        target = place / path[1:]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(Path(path).read_bytes())
        target.chmod(0o755)
    return place


def run(root: Path, share: Path, script: str) -> subprocess.CompletedProcess[str]:
    call = inside(root, share, ["/bin/sh", "-c", script])
    return subprocess.run(call, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)


def test_it_sees_the_root_and_what_is_shared(root: Path, share: Path) -> None:
    (share / "word").write_text("shared\n")
    done = run(
        root,
        share,
        f"cat /etc/mark {share}/word && echo back > {share}/answer && echo > /dev/null && cat /proc/self/comm",
    )
    assert (done.stdout, done.returncode) == ("marked\nshared\ncat\n", 0), done.stderr
    assert (share / "answer").read_text() == "back\n"


def test_it_changes_nothing_in_the_root(root: Path, share: Path) -> None:
    before = sorted(path.relative_to(root) for path in root.rglob("*"))
    done = run(root, share, "echo > /etc/new; echo > /tmp/new; cat /tmp/new")
    assert (done.stdout, "Read-only" in done.stderr) == ("\n", True), done.stderr
    assert sorted(path.relative_to(root) for path in root.rglob("*")) == before


def test_its_mounts_are_its_own(root: Path, share: Path) -> None:
    assert run(root, share, "cat /proc/self/mounts").stdout.count(str(share)) == 1
    assert str(root) not in Path("/proc/self/mounts").read_text()


def test_its_environment_is_plain(root: Path, share: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/ours")
    assert run(root, share, 'echo "[$NOTIFY_SOCKET]"').stdout == "[]\n"


def test_a_folder_elsewhere_is_not_shared(root: Path) -> None:
    with pytest.raises(ValueError, match="not below /tmp"):
        inside(root, Path("/var/share"), ["/bin/sh"])
