"""An image: a root folder with a systemd in it, built with mmdebstrap and kept in a cache, or somebody's own.

The folder is never written to: a container gets a writable layer in memory above it. Two runs that want the
same image at the same time build it once. `python3 -m vm.image NAME...` builds without booting anything.
"""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vm.enclosure import enclosed
from vm.environment import EnvironmentUnfit, require_image_builder
from vm.installation import GATE
from vm.progress import Progress
from vm.recipe import HOST, Recipe, host_recipe, recipes
from vm.store import cache, discard, half_made, locked

OWN = "root"  # the name of a root of the user's own


@dataclass(frozen=True)
class Image:
    name: str
    root: Path
    systemd: str  # as its distribution spells it: 257.13-1~deb13u1
    distribution: str  # debian trixie

    @property
    def major(self) -> int:
        return int(re.match(r"\d+", self.systemd)[0])  # type: ignore[index]

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        """Held while something runs on it, so that nobody takes it away."""
        descriptor = os.open(self.root, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            yield
        finally:
            os.close(descriptor)


def find(name: str, *, refresh: bool = False) -> Image:
    """The image of that name of images.toml; built now if it is not in the cache, or is to be fresh."""
    recipe = host_recipe() if name == HOST else recipes().get(name)
    if recipe is None:
        raise EnvironmentUnfit(f"there is no image {name!r}", f"{GATE} {' '.join(recipes())}")
    folder = _folder(recipe)
    with locked(folder):
        if refresh and folder.exists():
            discard(folder)
        if not folder.exists():
            require_image_builder()
            _build(recipe, folder)
    return describe(name, folder)


def is_cached(name: str) -> bool:
    """Whether find() would build nothing."""
    return name in recipes() and _folder(recipes()[name]).is_dir()


def _folder(recipe: Recipe) -> Path:
    return cache() / f"{recipe.name}-{recipe.key(datetime.date.today())}"


def own(path: Path) -> Image:
    """A root of the user's own: a folder, or a tar of one, which is unpacked once and found again by its content."""
    path = path.absolute()
    if path.is_dir():
        return describe(OWN, path)
    if not path.is_file():
        raise EnvironmentUnfit(
            f"{path}: no folder and no tar is there", "--root with a folder or a tar that is there"
        )
    with open(path, "rb") as archive:
        digest = hashlib.file_digest(archive, "sha256").hexdigest()[:16]
    folder = cache() / f"{OWN}-{digest}"
    with locked(folder):
        if not folder.exists():
            _unpack(path, folder)
    return describe(OWN, folder)


def _pack(archive: Path) -> str:
    return f"packing it anew, in the root: tar --create --xattrs --numeric-owner --file={archive} ."


def _unpack(archive: Path, folder: Path) -> None:
    unfinished = half_made(folder)
    unfinished.mkdir()
    call = ["tar", "--extract", "--numeric-owner", "--xattrs", "--xattrs-include=*"]
    with Progress(archive.name) as progress:
        progress.stage("unpacking")
        command = enclosed([*call, f"--directory={unfinished}", f"--file={archive}"])
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace"
        )
        if done.returncode != 0:
            shutil.rmtree(unfinished)
            last = done.stderr.strip().rpartition("\n")[2]
            raise EnvironmentUnfit(f"{archive} is no tar of a root: {last}", _pack(archive))
    unfinished.rename(folder)


def _build(recipe: Recipe, folder: Path) -> None:
    unfinished = half_made(folder)
    tail: deque[str] = deque(maxlen=12)
    try:
        with Progress(f"image {recipe.name}") as progress:
            # Enclosed: no mount and no process of it outlives us, even if we are killed.
            command = enclosed(recipe.arguments(unfinished))
            if _run(command, progress, tail) != 0:
                reason = "\n".join([f"image {recipe.name} could not be built:", *tail])
                raise EnvironmentUnfit(reason, f"python3 -m vm.image {recipe.name}   # with a network")
            _check(recipe, unfinished)
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


# A machine boots the root itself as its initramfs: the one that the kernel's package would make is not wanted.
BUILDING = {"INITRD": "No"}


def _run(command: list[str], progress: Progress, tail: deque[str]) -> int:
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    pipes |= {"env": os.environ | BUILDING}
    with subprocess.Popen(command, **pipes, text=True, errors="replace", start_new_session=True) as builder:
        try:
            for line in builder.stderr or ():
                tail.append(line.rstrip())
                if line.startswith("I: "):
                    progress.stage(line[3:].split(" in shell:")[0].strip())
        except BaseException:
            builder.kill()
            raise
    return builder.returncode


def _check(recipe: Recipe, root: Path) -> None:
    built = describe(recipe.name, root)
    if recipe.systemd is not None and built.major != recipe.systemd:
        reason = f"image {recipe.name} holds systemd {built.systemd}: suite {recipe.suite} has moved on"
        remedy = f"a suite that has systemd {recipe.systemd}, in vm/images.toml at [images.{recipe.name}]"
        raise EnvironmentUnfit(reason, remedy)


def describe(name: str, root: Path) -> Image:
    """What is in that root. Raises EnvironmentUnfit where no systemd is."""
    if not any((root / folder / "systemd/systemd").is_file() for folder in ("usr/lib", "lib")):
        reason = f"{root} holds no /usr/lib/systemd/systemd"
        raise EnvironmentUnfit(reason, f"mmdebstrap --include=systemd,systemd-sysv,dbus stable {root}.new")
    command = enclosed(["chroot", str(root), "/bin/systemctl", "--version"])
    plain = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TERM": "dumb", "LANG": "C"}
    asked = subprocess.run(command, env=plain, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    version = re.match(r"systemd (\d+) \((.+)\)", asked.stdout)
    if asked.returncode != 0 or version is None:
        reason = (
            f"the systemd in {root} does not say its version: {asked.stderr.strip() or asked.stdout.strip()}"
        )
        raise EnvironmentUnfit(reason, f"chroot {root} systemctl --version")
    return Image(name, root, _spelling(version[1], version[2]), _distribution(root))


def _spelling(major: str, version: str) -> str:
    """As its distribution spells it, but always with the major version first: of `259 (v259-rc1)` the whole."""
    return version if re.match(rf"{major}\b", version) else f"{major} ({version})"


def _distribution(root: Path) -> str:
    release = {}
    for path in ("etc/os-release", "usr/lib/os-release"):
        with contextlib.suppress(OSError):
            for line in (root / path).read_text().splitlines():
                word, _, value = line.partition("=")
                release.setdefault(word, value.strip('"'))
    words = (release.get("ID", "linux"), release.get("VERSION_CODENAME") or release.get("VERSION_ID", ""))
    return " ".join(word for word in words if word)


if __name__ == "__main__":
    try:
        for wanted in sys.argv[1:] or recipes():
            print(find(wanted))
    except EnvironmentUnfit as unfit:
        sys.exit(f"{unfit.reason}\ntry: {unfit.remedy}")
