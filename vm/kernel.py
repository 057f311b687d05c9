"""The kernel of an image: the newest one in its /boot, unpacked so that QEMU can start it without its own decompressor.

A compressed kernel spends a second under emulation on unpacking itself. What it holds is an ELF file with the PVH
entry (XEN_ELFNOTE_PHYS32_ENTRY), which QEMU boots directly. Where that cannot be had, the file is booted as it is.
Layout of the file: the Linux/x86 boot protocol, fields setup_sects, payload_offset and payload_length.
"""

from __future__ import annotations

import re
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

from vm.environment import EnvironmentUnfit
from vm.image import Image
from vm.store import derived

SETUP_SECTS, PAYLOAD = 0x1F1, 0x248
SECTOR = 512
DECOMPRESSORS = {b"\x28\xb5\x2f\xfd": "zstd", b"\xfd7zX": "xz", b"\x1f\x8b\x08\x00": "gzip"}


@dataclass(frozen=True)
class Kernel:
    release: str  # 6.12.90-cloud-amd64
    file: Path  # for QEMU's -kernel

    @property
    def modules(self) -> str:
        """Where its modules are, below the root of the image."""
        return f"usr/lib/modules/{self.release}"


def of(image: Image) -> Kernel:
    """Raises EnvironmentUnfit where the image has none."""
    found = sorted((image.root / "boot").glob("vmlinuz-*"), key=_order)
    if not found:
        raise EnvironmentUnfit(
            f"{image.root} holds no kernel, /boot/vmlinuz-RELEASE: a machine boots the one of its image",
            f"chroot {image.root} apt-get install linux-image-cloud-amd64",
        )
    release = found[-1].name.removeprefix("vmlinuz-")
    return Kernel(
        release, derived(image.root, f"vmlinux-{release}", lambda target: _unpack(found[-1], target))
    )


def _order(path: Path) -> list[tuple[bool, int, str]]:
    """6.12.9 comes before 6.12.10."""
    return [
        (word.isdigit(), int(word) if word.isdigit() else 0, word) for word in re.split(r"(\d+)", path.name)
    ]


def _unpack(packed: Path, target: Path) -> None:
    data = packed.read_bytes()
    offset, length = struct.unpack_from("<II", data, PAYLOAD)
    begin = ((data[SETUP_SECTS] or 4) + 1) * SECTOR + offset
    payload = data[begin : begin + length]
    tool = DECOMPRESSORS.get(payload[:4])
    unpacked = b""
    if tool:
        # The last four bytes are the size of what comes out, and no part of the stream.
        call = [tool, "--decompress", "--stdout"]
        unpacked = subprocess.run(call, input=payload[:-4], capture_output=True, check=False).stdout
    target.write_bytes(unpacked if unpacked.startswith(b"\x7fELF") else data)
