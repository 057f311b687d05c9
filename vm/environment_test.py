"""A machine that lacks something is told what, and the one command that mends it."""

import os

import pytest

from vm import environment
from vm.environment import EnvironmentUnfit


def test_without_root_nothing_boots(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(EnvironmentUnfit, match="needs root") as caught:
        environment.require_container()
    assert caught.value.remedy == "sudo ./run gate"


@pytest.mark.parametrize("program, package", environment.PROGRAMS.items())
def test_a_missing_program_is_named_with_its_package(monkeypatch, tmp_path, program, package):
    present = tmp_path / "bin"
    present.mkdir()
    for other in environment.PROGRAMS.keys() - {program}:
        (present / other).symlink_to("/bin/true")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("PATH", str(present))

    with pytest.raises(EnvironmentUnfit, match=f"{program} is not installed") as caught:
        environment.require_container()
    assert caught.value.remedy == f"apt-get install {package}"


def test_a_machine_that_refuses_namespaces_says_why(monkeypatch, tmp_path):
    refusing = tmp_path / "unshare"
    refusing.write_text("#!/bin/sh\necho 'unshare failed: Operation not permitted' >&2\nexit 1\n")
    refusing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    with pytest.raises(EnvironmentUnfit, match="Operation not permitted"):
        environment.require_namespaces()


def test_no_builder_is_no_image(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(EnvironmentUnfit) as caught:
        environment.require_image_builder()
    assert caught.value.remedy == "apt-get install mmdebstrap"
