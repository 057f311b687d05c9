"""Which kernel of an image is booted, and what becomes of the file."""

import struct
import subprocess

import pytest

from vm import kernel
from vm.environment import EnvironmentUnfit
from vm.image import Image

ELF = b"\x7fELF" + bytes(range(200)) * 3


def bz_image(payload: bytes) -> bytes:
    """As far as it is looked at: two setup sectors, 16 bytes of something, the payload and what is behind it."""
    data = bytearray(3 * kernel.SECTOR)
    data[kernel.SETUP_SECTS] = 2
    struct.pack_into("<II", data, kernel.PAYLOAD, 16, len(payload))
    return bytes(data) + bytes(16) + payload + b"behind"


@pytest.fixture
def image(tmp_path, monkeypatch):
    monkeypatch.setenv("NOTIFYSPEC_CACHE", str(tmp_path / "cache"))
    (tmp_path / "root" / "boot").mkdir(parents=True)
    return Image("own", tmp_path / "root", "257", "debian trixie")


@pytest.mark.parametrize("tool", ["zstd", "xz", "gzip"])
def test_the_elf_file_is_taken_out(image, tool):
    packed = subprocess.run([tool, "--stdout"], input=ELF, capture_output=True, check=True).stdout
    (image.root / "boot" / "vmlinuz-6.1").write_bytes(bz_image(packed + struct.pack("<I", len(ELF))))

    found = kernel.of(image)

    assert found.release == "6.1" and found.modules == "usr/lib/modules/6.1"
    assert found.file.read_bytes() == ELF


def test_what_cannot_be_unpacked_is_booted_as_it_is(image):
    packed = bz_image(b"BZh9 not known to us")
    (image.root / "boot" / "vmlinuz-6.1").write_bytes(packed)

    assert kernel.of(image).file.read_bytes() == packed


def test_the_newest_is_taken(image):
    for release in ("6.1.0-9-cloud", "6.1.0-56-cloud", "5.19.1"):
        (image.root / "boot" / f"vmlinuz-{release}").write_bytes(bz_image(b"none"))

    assert kernel.of(image).release == "6.1.0-56-cloud"


def test_an_image_without_one_says_how_it_gets_it(image):
    with pytest.raises(EnvironmentUnfit, match="holds no kernel.*linux-image"):
        kernel.of(image)
