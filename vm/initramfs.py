"""The initramfs that a machine boots: the image's whole root, or the part of it that a boot needs, as a cpio archive.

It is made once an image. What differs from boot to boot is a second, small archive behind the first: the kernel
unpacks one over the other (Linux, Documentation/driver-api/early-userspace/buffer-format.rst). Not compressed:
QEMU copies it faster than an emulated processor unpacks it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from vm.image import Image
from vm.kernel import Kernel
from vm.store import derived

# The kernel comes by itself, and what apt would need to go on with the root is not needed to boot it.
NEVER = ("boot/*", "var/lib/apt/*", "var/cache/*")
# Nothing that a boot of systemd reads or runs.
UNNEEDED = (
    *("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/i18n", "usr/share/info"),
    *("usr/share/zoneinfo", "usr/share/perl5", "usr/share/bash-completion", "usr/share/lintian"),
    *("usr/share/common-licenses", "usr/share/keyrings", "usr/share/debconf", "usr/share/initramfs-tools"),
    *("usr/lib/*/perl*", "usr/bin/perl*", "usr/lib/*/gconv", "usr/lib/apt", "usr/bin/apt*", "usr/bin/dpkg*"),
    *(
        "usr/lib/*/libapt-pkg*",
        "usr/lib/klibc*",
        "usr/lib/initramfs-tools",
        "usr/bin/sqv",
        "usr/lib/*/libdb-5*",
    ),
    *("usr/lib/udev/hwdb.d/*", "usr/lib/udev/hwdb.bin", "etc/udev/hwdb.bin", "usr/lib/python3*"),
    *("var/lib/dpkg", "var/log/*", "usr/include", "usr/lib/*/dri", "usr/lib/gcc*", "usr/share/gcc*"),
)
# Of the kernel's modules: AF_VSOCK with its transports, and the ACPI power button with its event device.
MODULES = ("*/vmw_vsock/*", "*/drivers/vhost/*", "*/input/evdev.ko*", "*/acpi/button.ko*")


def whole(image: Image) -> Path:
    """All of the image, as it is."""
    return derived(
        image.root, "whole.cpio", lambda target: pack(image.root, _listed(image.root, NEVER), target)
    )


def useful(root: Path) -> Iterator[str]:
    """What somebody needs of a root who boots it: the kernel, too, but none of its modules."""
    return _listed(root, (*NEVER[1:], *UNNEEDED, "usr/lib/modules/*/*"))


def slim(image: Image, kernel: Kernel) -> Path:
    """What a boot needs, and of the modules those of MODULES."""

    def make(target: Path) -> None:
        left_out = (*NEVER, *UNNEEDED, f"{kernel.modules}/*")
        names = [*_listed(image.root, left_out), *_modules(image.root, kernel)]
        pack(image.root, names, target)

    return derived(image.root, "slim.cpio", make)


def _listed(root: Path, left_out: Iterable[str]) -> Iterator[str]:
    """Names relative to the root, each folder before what is in it."""
    for folder, folders, files in os.walk(root):
        inner = os.path.relpath(folder, root)
        names = {name: os.path.normpath(os.path.join(inner, name)) for name in (*folders, *files)}
        kept = {name for name, path in names.items() if not any(fnmatchcase(path, each) for each in left_out)}
        folders[:] = [name for name in folders if name in kept]
        yield from (names[name] for name in sorted(kept))


def _modules(root: Path, kernel: Kernel) -> Iterator[str]:
    top = root / kernel.modules
    for path in sorted(top.glob("modules.*")):
        yield str(path.relative_to(root))
    wanted = [
        path for path in sorted(top.rglob("*.ko*")) if any(fnmatchcase(str(path), each) for each in MODULES)
    ]
    folders = {parent for path in wanted for parent in path.parents if parent.is_relative_to(top)}
    for path in sorted([*folders - {top}, *wanted]):
        yield str(path.relative_to(root))


def pack(root: Path, names: Iterable[str], target: Path) -> None:
    """A cpio archive (SVR4, "newc") of these names below `root`, owned by root as everything in a new system is."""
    call = ["cpio", "--create", "--format=newc", "--null", "--quiet", "--reproducible"]
    with target.open("wb") as archive:
        listed = "\0".join(names).encode()
        subprocess.run(call, cwd=root, input=listed, stdout=archive, stderr=subprocess.PIPE, check=True)


def pack_folder(folder: Path, target: Path) -> None:
    """A cpio archive of all that is below `folder`."""
    pack(folder, _listed(folder, ()), target)


def memory_mib(archive: Path) -> int:
    """What a machine needs to boot it: it is there twice at first, packed and unpacked, and the kernel gives what is
    unpacked no more than half of the memory (tmpfs(5), size).
    """
    return -(-4 * archive.stat().st_size // (1 << 20))


def join(archives: Iterable[Path], target: Path) -> None:
    """One file of several archives, for QEMU's -initrd; a later one goes over an earlier one."""
    with target.open("wb") as joined:
        for archive in archives:
            with archive.open("rb") as source:
                while os.sendfile(joined.fileno(), source.fileno(), None, 1 << 30):
                    pass
