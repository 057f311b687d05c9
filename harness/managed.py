"""A manager as a receiver: the systemd of an image, booted, plays the vectors, and its conclusions are outcomes.

There is no adapter: PID 1, or the user manager that it starts, is asked as `./run vectors` asks it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness.vectors import systemd
from harness.vectors.manager import SYSTEM, USER_MANAGER
from harness.vectors.outcomes import Outcomes
from harness.vectors.vector import Vector
from vm.environment import require_container
from vm.image import Image

MANAGERS = {"system": SYSTEM, "user": USER_MANAGER}  # by the word of adapter.toml


def outcomes(which: str, image: Image, vectors: Sequence[Vector], folder: Path) -> Outcomes:
    """What nobody can put before it is unsupported; of what failed on our side there is none."""
    require_container()
    manager = MANAGERS[which]
    unasked = {
        each.id: why for each in vectors if (why := each.content.get("unobserved") or manager.cannot(each))
    }
    seen = systemd.confirm([each for each in vectors if each.id not in unasked], image, folder, manager)
    cannot = [{"vector": each, "outcome": "unsupported", "reason": why} for each, why in unasked.items()]
    return Outcomes("systemd", image.systemd, "receiver", [*seen.outcomes, *cannot])
