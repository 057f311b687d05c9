"""What is said of a QEMU that is missing or too old; and that the probe believes a kernel, not a file."""

import pytest

from vm import image, kernel, qemu
from vm.environment import EnvironmentUnfit


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A program in the place of QEMU."""

    def make(script: str) -> None:
        path = tmp_path / qemu.PROGRAM
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin:/usr/sbin:/sbin")
        qemu.version.cache_clear()

    yield make
    qemu.version.cache_clear()


def test_an_old_qemu_is_named(program):
    program("echo QEMU emulator version 6.2.0")

    with pytest.raises(EnvironmentUnfit, match=r"QEMU 6\.2 is too old: 7\.0 is needed"):
        qemu.version()


def test_a_qemu_that_cannot_start_is_named(program):
    program("echo no such library >&2; exit 127")

    with pytest.raises(EnvironmentUnfit, match="does not say its version: no such library"):
        qemu.version()


def test_a_missing_qemu_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    qemu.version.cache_clear()

    with pytest.raises(EnvironmentUnfit, match="not installed; try: apt-get install"):
        qemu.version()


def test_the_version_is_read(program):
    program("echo 'QEMU emulator version 9.2.4 (Debian 1:9.2.4+ds-1)'")

    assert qemu.version() == "9.2.4"


@pytest.mark.boots
def test_the_probe_runs_a_kernel():
    vmlinux = kernel.of(image.find("257")).file

    assert qemu.runs(qemu.TCG, vmlinux)
    assert not qemu.runs(qemu.Accelerator("none", ("-accel", "no-such")), vmlinux)
