"""What is judged otherwise than it was before, though nothing was run anew: the doing of the suite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.text import Text


def tell(now: Iterable[tuple[str, str]], before: Mapping[str, str], console: Console) -> None:
    for name, verdict in now:
        if before.get(name, verdict) != verdict:
            console.print(Text(f"  the suite changed: {name}: {before[name]}, now {verdict}", style="yellow"))
