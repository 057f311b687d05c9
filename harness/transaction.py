"""Start transactions, as the system itself remembers them: which targets were entered and left in each."""

from __future__ import annotations

from dataclasses import dataclass, field

from vm.snapshot import Snapshot, target_order


@dataclass
class Transaction:
    asked_usec: int
    cause: str
    entered: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    after: dict[str, list[str]] | None = None  # what this one's jobs order; None: as the boot's
    snapshots: list[Snapshot] = field(default_factory=list)  # taken while it was the latest

    def as_member(self, t0_usec: int) -> dict[str, object]:
        """As the header of a trace holds it."""
        t = max(0, self.asked_usec - t0_usec) / 1e6
        member = {"t": t, "cause": self.cause, "entered": self.entered, "left": self.left}
        return member if self.after is None else member | {"after": self.after}


def fill(transactions: list[Transaction]) -> None:
    """Gives each change that a snapshot shows, by its own time stamp, to the transaction in which it fell."""
    for change in sorted({change for shot in _snapshots(transactions) for change in shot.changes()}):
        current = [transaction for transaction in transactions if transaction.asked_usec <= change.at_usec]
        if not current:  # of an earlier life of the system
            continue
        names = current[-1].entered if change.entered else current[-1].left
        if change.unit not in names:
            names.append(change.unit)
    for transaction in transactions[1:]:
        transaction.after = _order(transaction)


def boot_order(transactions: list[Transaction]) -> dict[str, list[str]]:
    """Which target is ordered after which in the boot."""
    return target_order(transactions[0].snapshots or _snapshots(transactions))


def _snapshots(transactions: list[Transaction]) -> list[Snapshot]:
    return [shot for transaction in transactions for shot in transaction.snapshots]


def _order(transaction: Transaction) -> dict[str, list[str]]:
    """Among the targets that moved in it: what was up already has no job, and is ordered after nothing."""
    relation = target_order(transaction.snapshots, transaction.asked_usec)
    moved = sorted({*transaction.entered, *transaction.left})
    among = {target: [name for name in moved if name in relation.get(target, ())] for target in moved}
    return {target: names for target, names in among.items() if names}
