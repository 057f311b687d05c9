"""An image is made once, and whole."""

import os
import stat
import subprocess
import sys

import pytest

from vm import image
from vm.environment import EnvironmentUnfit
from vm.store import half_made, locked

BUILDER = """#!/bin/sh
for word; do target=$word; done
echo "$target" >> "$BUILDS"
echo "I: extracting archives..." >&2
mkdir -p "$target/usr/lib/systemd" "$target/bin"
{end}
"""


@pytest.fixture
def builder(tmp_path, monkeypatch):
    """A builder that fills no root, and ends as it is told."""

    def make(end: str) -> None:
        program = tmp_path / "bin" / "mmdebstrap"
        program.parent.mkdir(exist_ok=True)
        program.write_text(BUILDER.format(end=end))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    monkeypatch.setenv("BUILDS", str(tmp_path / "builds"))
    monkeypatch.setenv("NOTIFYSPEC_CACHE", str(tmp_path / "cache"))
    return make


OTHER_RUN = """
import sys
from pathlib import Path
from vm.store import locked
with locked(Path(sys.argv[1])):
    sys.exit(0 if Path(sys.argv[1]).exists() else 1)
"""


def test_one_at_a_time_makes_a_folder(tmp_path):
    folder = tmp_path / "257-key"
    command = [sys.executable, "-c", OTHER_RUN, str(folder)]
    with locked(folder):
        other = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert "another run is making it" in other.stderr.readline()
        folder.mkdir()
    with other:
        assert other.wait() == 0, "it waited, and found the folder made"


def test_what_a_killed_builder_left_is_removed(tmp_path):
    folder = tmp_path / "257-key"
    (half_made(folder) / "usr").mkdir(parents=True)

    with locked(folder):
        assert not half_made(folder).exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="building an image needs root")
def test_a_build_that_fails_says_why_and_leaves_nothing(builder, tmp_path):
    builder('echo "E: the mirror cannot be reached" >&2; exit 1')

    with pytest.raises(EnvironmentUnfit, match="the mirror cannot be reached") as caught:
        image.find("257")

    assert caught.value.remedy.startswith("python3 -m vm.image 257")
    assert [path.name for path in (tmp_path / "cache/images").iterdir() if path.is_dir()] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="building an image needs root")
def test_a_root_without_systemd_is_no_image(builder, tmp_path):
    builder("exit 0")

    with pytest.raises(EnvironmentUnfit, match="holds no /usr/lib/systemd/systemd"):
        image.find("257")


@pytest.mark.parametrize(
    "major, version, spelling",
    [
        ("257", "257.13-1~deb13u1", "257.13-1~deb13u1"),
        ("259", "v259-rc1", "259 (v259-rc1)"),
        ("25", "257", "25 (257)"),
    ],
)
def test_the_major_version_comes_first_however_a_build_spells_its_own(major, version, spelling, tmp_path):
    described = image.Image("root", tmp_path, image._spelling(major, version), "debian")

    assert (described.systemd, described.major) == (spelling, int(major))


def test_an_unknown_name_is_answered_with_those_that_there_are():
    with pytest.raises(EnvironmentUnfit, match="no image '240'") as caught:
        image.find("240")

    assert "257" in caught.value.remedy


def test_a_path_that_is_no_root_is_said_so(tmp_path):
    with pytest.raises(EnvironmentUnfit, match="no folder and no tar"):
        image.own(tmp_path / "nowhere")
    with pytest.raises(EnvironmentUnfit, match="holds no /usr/lib/systemd/systemd"):
        image.own(tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="unpacking a root needs root")
def test_a_file_that_is_no_tar_is_said_so(tmp_path, monkeypatch):
    monkeypatch.setenv("NOTIFYSPEC_CACHE", str(tmp_path / "cache"))
    (tmp_path / "root.tar").write_text("not a tar at all")

    with pytest.raises(EnvironmentUnfit, match="is no tar of a root"):
        image.own(tmp_path / "root.tar")
    assert [path.name for path in (tmp_path / "cache/images").iterdir() if path.is_dir()] == []
