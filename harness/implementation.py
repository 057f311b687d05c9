"""An implementation under test: harness/implementations/NAME/adapter.toml, and how its adapter is started.

An adapter that is to run inside the root of the system under test is copied into the folder that both sides see.
"""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from harness import tool
from vm.environment import EnvironmentUnfit
from vm.image import Image
from vm.inside import inside

FOLDER = Path(__file__).with_name("implementations")
MEMBERS = {"role": str, "program": str, "inside": bool, "packages": list, "needs": list}
ROLES = ("sender", "receiver")


class ImplementationRefused(Exception):
    """adapter.toml is not what it should be: the file and the member are named."""


@dataclass(frozen=True)
class Implementation:
    name: str
    role: str
    program: str  # that the build makes
    inside: bool
    packages: Sequence[str]  # of the system under test
    needs: Sequence[str]  # globs below its root, one of which must be there

    def command(self, image: Image | None, share: Path) -> list[str]:
        """Starts the adapter. Raises EnvironmentUnfit where it cannot run there."""
        program = tool.adapter(self.program)
        if not self.inside:
            return [str(program)]
        if image is None:
            raise EnvironmentUnfit(f"{self.name} runs inside a system", "the name of an image")
        if not any(found for each in self.needs for found in image.root.glob(each)):
            wanted = " or ".join(self.needs)
            remedy = f"an image with {' and '.join(self.packages)}"
            raise EnvironmentUnfit(f"image {image.name} has no {wanted}", remedy)
        return inside(image.root, share, [shutil.copy2(program, share)])


def read(name: str, folder: Path = FOLDER) -> Implementation:
    """Raises ImplementationRefused."""
    path = folder / name / "adapter.toml"

    def refuse(reason: str) -> ImplementationRefused:
        return ImplementationRefused(f"{path}: {reason}")

    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as failure:
        raise refuse(failure.strerror or str(failure)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as failure:
        raise refuse(str(failure)) from None
    for member in table:
        if member not in MEMBERS:
            raise refuse(f"{member}: unknown")
    for member, kind in MEMBERS.items():
        if member not in table:
            raise refuse(f"{member}: missing")
        if type(table[member]) is not kind:
            raise refuse(f"{member}: {kind.__name__} expected")
    if table["role"] not in ROLES:
        raise refuse(f"role: {' or '.join(ROLES)} expected")
    return Implementation(name=name, **table)


def names(role: str) -> list[str]:
    """All of that role."""
    return [
        name
        for name in sorted(path.parent.name for path in FOLDER.glob("*/adapter.toml"))
        if read(name).role == role
    ]
