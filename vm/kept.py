"""What of the store is worth carrying to another machine: images that are still asked for, and layers over them.

`python3 -m vm.kept` prints their folders, as seen from the one that the store is in. What is made of them in seconds,
and what an older recipe or month has left, is not among them.
"""

from __future__ import annotations

import datetime

from vm.recipe import recipes
from vm.store import cache


def kept(today: datetime.date) -> list[str]:
    wanted = [f"{recipe.name}-{recipe.key(today)}" for recipe in recipes().values()]
    layers = tuple(f"-{name}" for name in wanted)
    return sorted(
        f"{path.parent.name}/{path.name}"
        for path in cache().glob("[!.]*")
        if path.is_dir() and (path.name in wanted or path.name.endswith(layers))
    )


if __name__ == "__main__":
    for folder in kept(datetime.date.today()):
        print(folder)
