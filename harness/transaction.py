"""Start transactions, as the system itself remembers them: which targets were entered and left in each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from vm.snapshot import Change


@dataclass
class Transaction:
    asked_usec: int
    cause: str
    entered: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def as_member(self, t0_usec: int) -> dict[str, object]:
        """As the header of a trace holds it."""
        t = max(0, self.asked_usec - t0_usec) / 1e6
        return {"t": t, "cause": self.cause, "entered": self.entered, "left": self.left}


def fill(transactions: list[Transaction], changes: Iterable[Change]) -> None:
    """Gives each change, by its own time stamp, to the transaction in which it fell."""
    for change in sorted(changes, key=lambda change: (change.at_usec, change.unit)):
        current = [transaction for transaction in transactions if transaction.asked_usec <= change.at_usec]
        if not current:  # of an earlier life of the system
            continue
        names = current[-1].entered if change.entered else current[-1].left
        if change.unit not in names:
            names.append(change.unit)
