"""A plant: a file that is laid over the system under test before it boots, to see more of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

UNITS = "/etc/systemd/system"


@dataclass(frozen=True)
class Plant:
    path: str  # absolute, in the system under test; below /etc, where no distribution has links for folders
    content: bytes = b""
    mode: int = 0o644
    link: str | None = None  # a symbolic link to this, instead of a file


def unit(name: str, text: str, folder: str = UNITS, *, wanted_by: str | None = None) -> list[Plant]:
    """A unit file, and the link by which another unit wants it."""
    plants = [Plant(f"{folder}/{name}", text.encode())]
    if wanted_by:
        plants.append(Plant(f"{folder}/{wanted_by}.wants/{name}", link=f"../{name}"))
    return plants


def drop_in(name: str, text: str, folder: str = UNITS) -> Plant:
    """What changes a unit that is there already."""
    return Plant(f"{folder}/{name}.d/notifyspec.conf", text.encode())


def lay(plants: Iterable[Plant], folder: Path) -> None:
    """Writes them below `folder`, which becomes a layer over the image."""
    for plant in plants:
        file = folder / plant.path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        if plant.link is not None:
            file.symlink_to(plant.link)
            continue
        file.write_bytes(plant.content)
        file.chmod(plant.mode)
