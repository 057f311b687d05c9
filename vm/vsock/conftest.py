"""The program that is tested here."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def program() -> Path:
    path = Path(os.environ.get("NOTIFYSPEC_VSOCK", ROOT / "build" / "release" / "notifyspec-vsock"))
    if not path.exists():
        pytest.fail(f"{path} is not built: ./run build")
    return path
