"""The recipe of an image: a row of images.toml, and the mmdebstrap call that it means."""

from __future__ import annotations

import datetime
import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

HOST = "host"
TABLE = Path(__file__).with_name("images.toml")

# Neither the name of the machine that built it nor an id: both are given to each boot.
ANONYMOUS = 'echo notifyspec > "$1/etc/hostname"; : > "$1/etc/machine-id"; rm -f "$1/etc/resolv.conf"'
# The root's own list of sources names the mirror already.
NEWER = (
    'sed -n "s/ {suite} / {newer} /p" "$1/etc/apt/sources.list" > "$1/etc/apt/sources.list.d/newer.list"; '
    'chroot "$1" apt-get update; '
    'DEBIAN_FRONTEND=noninteractive chroot "$1" '
    "apt-get install -y --no-install-recommends -t {newer} {packages}; "
)


@dataclass(frozen=True)
class Recipe:
    name: str
    suite: str
    packages: tuple[str, ...]
    kernel: str
    newer: str | None = None
    upgrade: tuple[str, ...] = ()
    moving: bool = False
    systemd: int | None = None

    def arguments(self, target: Path) -> list[str]:
        """The whole mmdebstrap call."""
        call = ["mmdebstrap", "--mode=root", "--variant=minbase", "--format=directory"]
        call += [f"--include={','.join([*self.packages, self.kernel])}"]
        # A mirror that was not refreshed for a week carries what it carries.
        call += ['--aptopt=Acquire::Check-Valid-Until "false"', '--aptopt=APT::Sandbox::User "root"']
        if self.newer:
            # The kernel, too: the older one has virtio in modules that only udev loads, and a quick boot has no udev.
            every = [package for package in (*self.packages, self.kernel) if package != "openssh-server"]
            upgrade = self.upgrade or every
            hook = NEWER.format(suite=self.suite, newer=self.newer, packages=" ".join(upgrade))
            call += [f"--customize-hook={hook}"]
        return [*call, f"--customize-hook={ANONYMOUS}", self.suite, str(target)]

    def key(self, today: datetime.date) -> str:
        """Changes when the image would: with the recipe, and with the month for a suite that moves."""
        ingredients = asdict(self) | {"call": self.arguments(Path("target"))}
        del ingredients["upgrade"]  # the call tells it
        if self.moving:
            ingredients["month"] = f"{today:%Y-%m}"
        return hashlib.sha256(json.dumps(ingredients, sort_keys=True).encode()).hexdigest()[:12]


def recipes(table: Path = TABLE) -> dict[str, Recipe]:
    """All images of images.toml that are put under test, by name, in its order."""
    data = tomllib.loads(table.read_text())
    shared = {"packages": tuple(data["packages"]), "kernel": data["kernel"]}
    return {name: Recipe(name=name, **shared, **row) for name, row in data["images"].items()}


def host_recipe(table: Path = TABLE) -> Recipe:
    """The image of a machine in which the suite itself runs."""
    data = tomllib.loads(table.read_text())
    row = {key: tuple(value) if isinstance(value, list) else value for key, value in data["host"].items()}
    return Recipe(name=HOST, kernel=data["kernel"], **row)
