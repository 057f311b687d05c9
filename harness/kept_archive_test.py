"""What CI keeps from one run for the next (.ci/kept.sh): images as root has them, and no more than is asked for."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from vm.recipe import recipes

KEPT = Path(__file__).parent.parent / ".ci" / "kept.sh"
XATTR = "user.notifyspec"

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="owners are root's to give")


def kept(folder: Path, do: str, archive: Path) -> str:
    environment = os.environ | {"NOTIFYSPEC_CACHE": str(folder)}
    done = subprocess.run([KEPT, do, archive], env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """With an image that is asked for, a layer over it, something made of it, and the image of an older recipe."""
    recipe = recipes()["257"]
    name = f"257-{recipe.key(datetime.date.today())}"
    folder = tmp_path / "cache"
    for each in (name, f"layer-systemd-container-{name}", "257-0123456789ab", f".{name}.building"):
        (folder / "images" / each / "etc").mkdir(parents=True)
        (folder / "images" / each / "etc" / "machine-id").touch()
    shadow = folder / "images" / name / "etc" / "shadow"
    shadow.write_text("root:*:\n")
    os.chown(shadow, 0, 42)
    shadow.chmod(0)
    os.setxattr(shadow, XATTR, b"kept")
    (folder / "images" / f"{name}.slim.cpio").touch()
    (folder / "ccache").mkdir()
    (folder / "ccache" / "objectR").touch()
    return folder


def test_an_image_comes_back_as_it_was(cache: Path, tmp_path: Path) -> None:
    archive = tmp_path / "some" / "kept.tar.zst"
    assert kept(cache, "pack", archive)
    kept(tmp_path / "next", "unpack", archive)
    [image] = (tmp_path / "next" / "images").glob("257-*")
    found = (image / "etc" / "shadow").stat()
    assert (found.st_mode & 0o777, found.st_uid, found.st_gid) == (0, 0, 42)
    assert os.getxattr(image / "etc" / "shadow", XATTR) == b"kept"
    names = {path.name for path in (tmp_path / "next" / "images").iterdir()}
    assert names == {image.name, f"layer-systemd-container-{image.name}"}
    assert (tmp_path / "next" / "ccache" / "objectR").exists()


def test_it_is_packed_anew_only_where_there_is_more(cache: Path, tmp_path: Path) -> None:
    archive, later = tmp_path / "kept.tar.zst", tmp_path / "next"
    name = kept(cache, "pack", archive)
    kept(later, "unpack", archive)
    before = archive.stat().st_mtime_ns
    assert kept(later, "pack", archive) == "" and archive.stat().st_mtime_ns == before
    (later / "ccache" / "anotherR").touch()
    assert kept(later, "pack", archive) not in ("", name)


def test_nothing_comes_of_nothing(tmp_path: Path) -> None:
    kept(tmp_path / "cache", "unpack", tmp_path / "none.tar.zst")
    assert kept(tmp_path / "cache", "pack", tmp_path / "none.tar.zst") == ""
    assert not (tmp_path / "none.tar.zst").exists()


def test_an_archive_that_was_cut_short_leaves_nothing_behind(cache: Path, tmp_path: Path) -> None:
    archive = tmp_path / "kept.tar.zst"
    kept(cache, "pack", archive)
    archive.write_bytes(archive.read_bytes()[:-20])
    kept(tmp_path / "next", "unpack", archive)
    assert not list((tmp_path / "next" / "images").iterdir())


def test_what_is_there_already_stays(cache: Path, tmp_path: Path) -> None:
    archive = tmp_path / "kept.tar.zst"
    kept(cache, "pack", archive)
    [image] = (path for path in (cache / "images").glob("257-*") if (path / "etc" / "shadow").exists())
    shutil.rmtree(image / "etc")
    kept(cache, "unpack", archive)
    assert not (image / "etc").exists()
