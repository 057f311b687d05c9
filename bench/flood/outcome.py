"""What came of one flood."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

NSEC_PER_USEC = 1000
Quantiles = dict[str, float]  # microseconds


def quantiles(nsec: Sequence[int], *shares: float) -> Quantiles:
    """By nearest rank: each is a time that did occur. `shares` in percent; the longest is among them always."""
    ordered = sorted(nsec)
    found = {
        f"p{share:g}": ordered[max(math.ceil(len(ordered) * share / 100), 1) - 1] for share in shares
    } | {"max": ordered[-1]}
    return {name: value / NSEC_PER_USEC for name, value in found.items()}


@dataclass(frozen=True)
class Outcome:
    receiver: str
    queue: int = 0  # net.unix.max_dgram_qlen where it listens
    sent: int = 0  # of the flood, and accepted
    refused: int = 0  # of the flood: the queue was full
    received: int | None = None  # nothing: only the receiver itself could tell
    seconds: float = 0.0
    latency: Quantiles = field(default_factory=dict)  # of the flood's accepted messages
    waits: int = 0  # how often the other sender waited beside the flood
    wait_alone: Quantiles = field(default_factory=dict)
    wait_beside: Quantiles = field(default_factory=dict)
    why_absent: str = ""  # it cannot run here, and all else says nothing
    trouble: str = ""  # it did not come to its end, and all else says nothing

    @property
    def lost(self) -> int:
        """Accepted, and never seen again."""
        return 0 if self.received is None else self.sent - self.received

    def as_json(self) -> dict[str, Any]:
        """Without what it does not say."""
        said = {name: value for name, value in asdict(self).items() if value not in ("", {}, None)}
        silent = bool(self.why_absent or self.trouble)
        return {name: value for name, value in said.items() if not silent or isinstance(value, str)}


def of_sender(told: dict[str, Any], **more: Any) -> Outcome:
    """Of what the sender says at its end (sender.cc)."""
    return Outcome(
        sent=told["sent"],
        refused=told["refused"],
        seconds=told["ns"] / 1e9,
        waits=len(told["beside"]),
        wait_alone=quantiles(told["alone"], 50, 99),
        wait_beside=quantiles(told["beside"], 50, 99),
        **more,
    )
