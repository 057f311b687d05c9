"""`./run vectors`: puts vectors before real systemd and before the reference, and says where they differ."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from harness.exit_code import ExitCode, worst
from harness.guard import guarded
from harness.termination import terminable
from harness.vectors import confirmation, receiver, sender, systemd
from harness.vectors.confirmation import Confirmation
from harness.vectors.outcomes import Outcomes
from harness.vectors.vector import FOLDER, Vector, read
from vm import image as images
from vm.environment import require_container
from vm.recipe import recipes

REFERENCE = "reference"
WIDTH = 100
DEFAULT = ("252", "254", "257", "262", REFERENCE)


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
        help=f"an image ({', '.join(recipes())}) or {REFERENCE}; default: {' '.join(DEFAULT)}",
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
    names = options.names or list(DEFAULT)
    for name in names:
        if name != REFERENCE and name not in recipes():
            parser().error(f"{name!r} is neither an image nor {REFERENCE}")
    vectors = read(options.role, FOLDER, options.only)
    if not vectors:
        parser().error(f"no vector has an id like {' or '.join(options.only)}")
    with tempfile.TemporaryDirectory(prefix="notifyspec-vectors-") as scratch, terminable():
        out = options.out or Path(scratch)
        found = [each for name in names for each in ROLES[options.role](name, vectors, out)]
    if options.keep:
        for each in found:
            if each.version is not None:
                each.keep()
    confirmation.show(found, Console(soft_wrap=True, highlight=False, width=WIDTH))
    return worst(each.code() for each in found)


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
    image = images.find(name)
    seen = systemd.confirm([each for each in vectors if "unobserved" not in each.content], image, out / name)
    seen += [
        {"vector": each.id, "outcome": "unsupported", "reason": each.content["unobserved"]}
        for each in vectors
        if "unobserved" in each.content
    ]
    file = Outcomes("systemd", image.systemd, "receiver", seen).write(out / f"{name}.jsonl")
    model = receiver.run(receiver.reference(f"systemd-{image.major}"), vectors, out / f"{name}-model")
    model_file = model.write(out / f"{name}-model.jsonl")
    only = _only(vectors)
    against = confirmation.grade(model_file, "--against", file, *only)
    return [Confirmation(name, vectors, confirmation.grade(file, *only), str(image.major), against)]


def _only(vectors: Sequence[Vector]) -> list[str]:
    return [word for each in vectors for word in ("--only", each.id)]


ROLES = {"receiver": _receiver, "sender": _senders}

if __name__ == "__main__":
    sys.exit(guarded("vectors", main))
