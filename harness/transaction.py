"""Start transactions, as the system itself remembers them: which targets were entered and left in each."""

from __future__ import annotations

from dataclasses import dataclass, field

from vm.snapshot import Change, Snapshot, target_order

LATER = "later"  # the cause of what nobody asked for


@dataclass
class Transaction:
    asked_usec: int
    cause: str
    entered: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    after: dict[str, list[str]] | None = None  # what this one's jobs order; None: as the boot's
    snapshots: list[Snapshot] = field(default_factory=list)  # taken while it was the latest
    finished_usec: int | None = None  # of a boot: when its last job was done, as the manager itself says
    dump: Snapshot | None = None  # of a shutdown: all targets that were still loaded at its end

    def as_member(self, t0_usec: int) -> dict[str, object]:
        """As the header of a trace holds it."""
        t = max(0, self.asked_usec - t0_usec) / 1e6
        member = {"t": t, "cause": self.cause, "entered": self.entered, "left": self.left}
        return member if self.after is None else member | {"after": self.after}


def fill(transactions: list[Transaction]) -> None:
    """Gives each change that a snapshot shows, by its own time stamp, to the transaction in which it fell."""
    changes = sorted({change for shot in _snapshots(transactions) for change in shot.changes()})
    _set_later_apart(transactions, changes)
    for change in changes:
        current = [transaction for transaction in transactions if transaction.asked_usec <= change.at_usec]
        if not current:  # of an earlier life of the system
            continue
        names = current[-1].entered if change.entered else current[-1].left
        if change.unit not in names:
            names.append(change.unit)
    _add_unloaded(transactions)
    for transaction in transactions[1:]:
        if transaction.after is None:
            transaction.after = _order(transaction)


def boot_order(transactions: list[Transaction]) -> dict[str, list[str]]:
    """Which target is ordered after which in the boot."""
    boot = transactions[0]
    return target_order(boot.snapshots or _snapshots(transactions), until_usec=boot.finished_usec)


def _set_later_apart(transactions: list[Transaction], changes: list[Change]) -> None:
    """What a timer, a bus or a socket pulls in after the last job of the boot was no part of the boot.

    All of it together makes one transaction. It may really be several, so no order is claimed for it.
    """
    for number, boot in reversed(list(enumerate(transactions))):
        if boot.finished_usec is None:
            continue
        late = [change.at_usec for change in changes if change.at_usec > boot.finished_usec]
        followers = transactions[number + 1 :]
        if late and not any(follower.asked_usec <= late[0] for follower in followers):
            transactions.insert(number + 1, Transaction(late[0], LATER, after={}))


def _add_unloaded(transactions: list[Transaction]) -> None:
    """A manager unloads what it has stopped and nobody refers to: no time stamp is left to tell of it."""
    before: Snapshot | None = None
    for transaction in transactions:
        for shot in transaction.snapshots:
            if shot is transaction.dump and before is not None:
                gone = before.active_targets() - {unit.name for unit in shot.units}
                transaction.left += sorted(gone - {*transaction.left})
            before = shot


def _snapshots(transactions: list[Transaction]) -> list[Snapshot]:
    return [shot for transaction in transactions for shot in transaction.snapshots]


def _order(transaction: Transaction) -> dict[str, list[str]]:
    """Among the targets that moved in it: what was up already has no job, and is ordered after nothing."""
    relation = target_order(transaction.snapshots, transaction.asked_usec, transaction.finished_usec)
    moved = sorted({*transaction.entered, *transaction.left})
    among = {target: [name for name in moved if name in relation.get(target, ())] for target in moved}
    return {target: names for target, names in among.items() if names}
