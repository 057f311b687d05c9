"""An installation of its own, of what the preset `release` has built."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from vm.installation import ROOT


@dataclass(frozen=True)
class Installed:
    prefix: Path

    def command(self, name: str) -> Path:
        return self.prefix / "bin" / name


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    prefix = tmp_path_factory.mktemp("installed")
    done = subprocess.run(
        ["cmake", "--install", ROOT / "build" / "release", "--prefix", prefix], capture_output=True, text=True
    )
    if done.returncode != 0:
        pytest.fail(f"{done.stderr}\nbuild it first: ./run build release installed")
    return Installed(prefix)
