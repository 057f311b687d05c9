"""What is in the archives, and that a later one goes over an earlier one."""

import os
import subprocess

import pytest

from vm import initramfs
from vm.image import Image
from vm.kernel import Kernel

KERNEL = Kernel("6.1", None)


@pytest.fixture
def image(tmp_path, monkeypatch):
    monkeypatch.setenv("NOTIFYSPEC_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "root"
    for name in (
        "boot/vmlinuz-6.1",
        "usr/share/doc/systemd/copyright",
        "usr/lib/systemd/systemd",
        "usr/lib/modules/6.1/modules.dep",
        "usr/lib/modules/6.1/kernel/net/vmw_vsock/vsock.ko.xz",
        "usr/lib/modules/6.1/kernel/fs/ext4.ko.xz",
        "var/cache/apt/x",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    (root / "sbin").symlink_to("usr/sbin")
    return Image("own", root, "257", "debian trixie")


def listed(archive) -> list[str]:
    call = ["cpio", "--list", "--quiet"]
    return subprocess.run(
        call, stdin=archive.open("rb"), capture_output=True, text=True, check=True
    ).stdout.split()


def test_a_slim_one_has_what_a_boot_needs(image):
    names = listed(initramfs.slim(image, KERNEL))

    assert "usr/lib/systemd/systemd" in names and "sbin" in names
    assert "usr/lib/modules/6.1/modules.dep" in names
    assert "usr/lib/modules/6.1/kernel/net/vmw_vsock/vsock.ko.xz" in names
    assert not [name for name in names if "ext4" in name or name.startswith(("usr/share/doc", "var/cache/"))]
    assert len(names) == len(set(names))
    for name in names:  # the kernel makes no folder by itself
        assert os.path.dirname(name) in ("", *names[: names.index(name)]), name


def test_a_whole_one_leaves_out_the_kernel_and_what_apt_kept(image):
    names = listed(initramfs.whole(image))

    assert {"usr/share/doc/systemd/copyright", "usr/lib/modules/6.1/kernel/fs/ext4.ko.xz", "boot"} <= {*names}
    assert "boot/vmlinuz-6.1" not in names and "var/cache/apt" not in names


def test_it_is_made_once(image):
    first = initramfs.slim(image, KERNEL)
    stamp = first.stat().st_mtime_ns

    assert initramfs.slim(image, KERNEL).stat().st_mtime_ns == stamp


def test_archives_joined_hold_both(image, tmp_path):
    (tmp_path / "extra" / "etc").mkdir(parents=True)
    (tmp_path / "extra" / "etc" / "hostname").write_text("x")
    initramfs.pack_folder(tmp_path / "extra", tmp_path / "extra.cpio")
    slim = initramfs.slim(image, KERNEL)

    initramfs.join([slim, tmp_path / "extra.cpio"], tmp_path / "joined")

    assert (tmp_path / "joined").read_bytes() == slim.read_bytes() + (tmp_path / "extra.cpio").read_bytes()
    assert listed(tmp_path / "extra.cpio") == ["etc", "etc/hostname"]


def test_an_archive_that_outgrows_a_plain_machine_asks_for_more(tmp_path):
    archive = tmp_path / "whole.cpio"
    with archive.open("wb") as file:
        file.truncate((350 << 20) + 1)

    assert initramfs.memory_mib(archive) == 1401
