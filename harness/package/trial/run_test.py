"""The package in a clean Debian 12; some 25 seconds, once `./run package --try` has made the root."""

from __future__ import annotations

import io
import json
import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from harness.page.browser import Browser
from harness.package import clean_root, debs, version
from harness.package.trial import run as trial

pytestmark = [
    pytest.mark.boots,
    pytest.mark.skipif(os.geteuid() != 0, reason="namespaces want root"),
]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = debs.make(version.read(), tmp_path_factory.mktemp("debs"), compression="gzip")
    return made[debs.NAMES.index("notifyspec")]


@pytest.mark.chromium
def test_somebody_with_the_package_alone_puts_a_sender_before_the_gate(package: Path, tmp_path: Path) -> None:
    needed = clean_root.dependencies(package)
    if not clean_root.folder(needed).is_dir():
        pytest.skip("no clean root in the cache; it is made by ./run package --try")
    code, words = trial.run(package, tmp_path / "run")
    assert code == 0, words
    assert json.loads((tmp_path / "run" / "run.json").read_text())["exit_code"] == 0
    with Browser(tmp_path / "chromium") as browser:
        browser.get((tmp_path / "run" / "index.html").as_uri())
        assert "mine" in browser.evaluate("document.body.innerText")
        assert not [each for each in browser.get_log("browser") if each["level"] == "SEVERE"]


def test_what_it_depends_on_is_read_without_versions(package: Path) -> None:
    needed = clean_root.dependencies(package)
    assert {"python3", "python3-jinja2", "libstdc++6", "libfmt9"} <= set(needed)
    assert not [each for each in needed if set(each) & set(" ()|=,")]


def test_it_puts_files_below_usr_alone(package: Path) -> None:
    listing = subprocess.run(["dpkg-deb", "--fsys-tarfile", package], capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(listing)) as tar:
        assert {Path(name).parts[0] for name in tar.getnames()} == {"usr"}
