"""`./run vectors`: puts vectors before real systemd and before the reference, and says where they differ."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from harness.exit_code import ExitCode, worst
from harness.guard import guarded
from harness.scratch import scratch
from harness.termination import terminable
from harness.vectors import confirmation, receiver, sender, systemd
from harness.vectors import manager as managers
from harness.vectors.confirmation import Confirmation
from harness.vectors.manager import MANAGERS, USER_MANAGER
from harness.vectors.outcomes import Outcomes
from harness.vectors.vector import FOLDER, Vector, read
from vm import image as images
from vm.environment import require_container
from vm.recipe import recipes

REFERENCE = "reference"
WIDTH = 100
VERSIONS = ("252", "254", "257", "262")
DEFAULT = {
    "receiver": [*(f"{version}{each.suffix}" for version in VERSIONS for each in MANAGERS), REFERENCE],
    "sender": [*VERSIONS, REFERENCE],
}


def parser() -> argparse.ArgumentParser:
    out = argparse.ArgumentParser(
        prog="./run vectors",
        description=__doc__,
        epilog="Exit codes: 0 as vectors allow and record, 1 against a text, 3 not as recorded, 5 inconclusive.",
    )
    out.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"an image ({', '.join(recipes())}), the user manager of one (257-user), or {REFERENCE}; "
        f"default: {' '.join(DEFAULT['receiver'])}",
    )
    out.add_argument(
        "--role", choices=list(ROLES), default="receiver", help="of the vectors; default: %(default)s"
    )
    out.add_argument(
        "--only", action="append", default=[], metavar="GLOB", help="vectors whose id it matches"
    )
    out.add_argument(
        "--keep", action="store_true", help="write down in the vectors what each systemd concluded"
    )
    out.add_argument("--out", type=Path, metavar="DIR", help="leave outcomes and consoles there")
    return out


def main(arguments: Sequence[str] | None = None) -> ExitCode:
    options = parser().parse_args(arguments)
    names = options.names or DEFAULT[options.role]
    for name in names:
        _require_known(name, options.role)
    vectors = read(options.role, FOLDER, options.only)
    if not vectors:
        parser().error(f"no vector has an id like {' or '.join(options.only)}")
    with scratch() as own, terminable():
        out = options.out or own
        found = [each for name in names for each in ROLES[options.role](name, vectors, out)]
    if options.keep:
        for each in found:
            if each.version is not None:
                each.keep()
    confirmation.show(found, Console(soft_wrap=True, highlight=False, width=WIDTH))
    return worst(each.code() for each in found)


def _require_known(name: str, role: str) -> None:
    image, manager = managers.of(name)
    if name != REFERENCE and image not in recipes():
        parser().error(f"{name!r} is neither an image, nor the user manager of one, nor {REFERENCE}")
    if manager is USER_MANAGER and role == "sender":
        parser().error(f"{name!r}: a user manager has the libraries and commands of {image!r}")


def _senders(name: str, vectors: Sequence[Vector], out: Path) -> list[Confirmation]:
    return (
        sender.reference(vectors, out) if name == REFERENCE else sender.real(vectors, images.find(name), out)
    )


def _receiver(name: str, vectors: Sequence[Vector], out: Path) -> list[Confirmation]:
    if name == REFERENCE:
        outcomes = receiver.run(receiver.reference("documented"), vectors, out / name)
        file = outcomes.write(out / f"{name}.jsonl")
        return [Confirmation(name, vectors, confirmation.grade(file, *_only(vectors)))]
    require_container()
    which, manager = managers.of(name)
    image = images.find(which)
    unasked = {
        each.id: why for each in vectors if (why := each.content.get("unobserved") or manager.cannot(each))
    }
    seen = systemd.confirm([each for each in vectors if each.id not in unasked], image, out / name, manager)
    cannot = [{"vector": each, "outcome": "unsupported", "reason": why} for each, why in unasked.items()]
    file = Outcomes("systemd", image.systemd, "receiver", [*seen.outcomes, *cannot]).write(
        out / f"{name}.jsonl"
    )
    # The same senders, by what a receiver sees of them.
    profile = receiver.reference(f"systemd-{image.major}")
    model = receiver.run(profile, vectors, out / f"{name}-model", uid=manager.uid)
    model_file = model.write(out / f"{name}-model.jsonl")
    only = _only(vectors)
    against = confirmation.grade(model_file, "--against", file, *only)
    version = f"{image.major}{manager.suffix}"
    return [
        Confirmation(name, vectors, confirmation.grade(file, *only), version, against, unasked, seen.ours)
    ]


def _only(vectors: Sequence[Vector]) -> list[str]:
    return [word for each in vectors for word in ("--only", each.id)]


ROLES = {"receiver": _receiver, "sender": _senders}

if __name__ == "__main__":
    sys.exit(guarded("vectors", main))
