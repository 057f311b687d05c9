"""The command line of the gate."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from harness import implementation, kept_run, wanted_trials
from harness.page.run import LEVELS
from harness.scenarios import SCENARIOS
from harness.selection import WHOLE, Shard
from harness.wanted import DEFAULT, NothingMatches, UnknownName, Wanted, unmatched
from harness.wanted import resolve as resolve_boots
from harness.wanted_trials import WantedTrial
from vm.image import OWN
from vm.installation import HERE, Installation
from vm.recipe import recipes


def profile(text: str) -> str:
    observed = [f"systemd-{each.systemd}" for each in recipes().values() if each.systemd is not None]
    if text not in observed:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no profile: what was observed is recorded of {', '.join(observed)}"
        )
    return text


def count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 on")
    return int(text)


def positive(kind: Callable[[str], float]) -> Callable[[str], float]:
    def parse(text: str) -> float:
        number = kind(text)
        if not number > 0:  # nan, too
            raise argparse.ArgumentTypeError(f"{text} is not more than 0")
        return number

    return parse


def parser(here: Installation = HERE) -> argparse.ArgumentParser:
    gate = " ".join(here.gate)
    out = argparse.ArgumentParser(
        allow_abbrev=False,
        prog=gate,
        formatter_class=lambda prog: argparse.HelpFormatter(prog, max_help_position=24),
        usage=f"{gate} [OPTION...] [NAME...]",
        description="Boots systemd and judges what it tells its supervisor; or puts a "
        "sender or receiver before vectors.",
        epilog="Exit codes: 0 conforms, 1 does not, 2 usage, 3 an expectation is not true, 4 adapter failed, "
        "5 environment or inconclusive, 6 nothing ran, 130 interrupted.",
    )
    add = out.add_argument
    add(
        "names",
        nargs="*",
        metavar="NAME",
        help="IMAGE[/SCENARIO] (default: 257/halt 262/halt 257/vm-poweroff), IMPLEMENTATION[/IMAGE], "
        "a role, or a folder with an adapter.toml; globs",
    )
    add("--all", action="store_true", help="every scenario on every version")
    add(
        "--list", action="store_true", help="list what can be named, or what NAMEs would run, and run nothing"
    )
    add("--root", metavar="PATH", help="your own root, a folder or a tar; as NAME: root")
    add("--out", type=Path, metavar="DIR", help=f"folder for the run ({here.runs_shown}/DATE-TIME)")
    add(
        "--profile",
        type=profile,
        metavar="systemd-N",
        help="judge what was merely observed, too",
    )
    add(
        "--deadline",
        type=positive(float),
        metavar="S",
        help="seconds for a boot (60), or an answer of an adapter (30)",
    )
    add(
        "--vsock",
        choices=("auto", "kernel", "user"),
        default="auto",
        metavar="WHOSE",
        help="device of a machine: kernel, user (ours), or auto, the default",
    )
    add(
        "--repeat",
        type=positive(int),
        default=1,
        metavar="N",
        help="the same N times; verdicts must not differ",
    )
    add("--max-skip", type=count, metavar="N", help="more skips than this are exit code 5")
    add(
        "--only",
        action="append",
        default=[],
        metavar="GLOB",
        help="cases of this id, or of a requirement of this id, alone",
    )
    add("--level", action="append", default=[], choices=LEVELS, help="cases of this level alone")
    add(
        "--role",
        action="append",
        default=[],
        choices=("manager", "device", *implementation.ROLES),
        help="implementations of this role alone; of boots, requirements",
    )
    add("--shard", type=Shard.read, default=WHOLE, metavar="K/N", help="the K-th of N equal parts")
    add(
        "--rerun-failed",
        type=Path,
        metavar="DIR",
        help="what the run in DIR did not meet, and nobody had foreseen",
    )
    add(
        "-n",
        type=positive(int),
        default=1,
        metavar="N",
        help="so many boots, or implementations, at once (1)",
    )
    add("--min-exercised", type=count, metavar="N", help="fewer verdicts than this are exit code 5")
    add("--lock", type=Path, metavar="FILE", help="cases that are not in this suite.lock fail nobody")
    add("--write-lock", type=Path, metavar="FILE", help="adopt all cases of this suite, and run nothing")
    add("--strict", action="store_true", help="as if nothing were expected to go otherwise")
    add(
        "--write-expectations",
        action="store_true",
        help="write expectations.toml from what it does, for you to edit",
    )
    add("--rejudge", type=Path, metavar="DIR", help="judge again what the run in DIR has kept")
    add(
        "--compare",
        nargs=2,
        type=Path,
        metavar=("OLD", "NEW"),
        help="two runs beside each other: 1 where an old case is worse",
    )
    add(
        "--join",
        nargs="+",
        type=Path,
        metavar="DIR",
        help="the runs of all shards of one: a run as if it had been made at once",
    )
    add("--refresh", action="store_true", help="build the images anew")
    out.set_defaults(failed=None)  # what `read` finds in the run of --rerun-failed
    return out


def read(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line, with the names that it implies. Raises UnknownName, and RunRefused for --rerun-failed."""
    options = parser().parse_args(arguments)
    if options.write_lock and (options.names or options.role or options.only or options.level):
        raise UnknownName("--write-lock adopts all cases that there are: it goes with no NAME and no filter")
    if options.rerun_failed is not None:
        run = kept_run.read(options.rerun_failed)
        options.failed = kept_run.not_met(options.rerun_failed, run)
        if not options.failed:
            raise NothingMatches(f"{options.rerun_failed}: nothing was left unmet there")
        options.names = options.names or kept_run.names(run, options.failed)
    elif not options.names and options.role and set(options.role) <= set(implementation.ROLES):
        options.names = list(options.role)
    return options


def names_of(options: argparse.Namespace) -> list[str]:
    """What is asked for; what contradicts itself is refused."""
    if options.all and options.names:
        raise UnknownName("--all boots everything: give it, or NAMEs")
    names = ["*/*"] if options.all else list(options.names)
    if options.root is None:
        return names or list(DEFAULT)
    if not Path(options.root).exists() or Path(options.root).resolve() == Path("/"):
        raise UnknownName(f"--root {options.root!r} is no root of a system under test: a folder, or a tar")
    if names and not any(name.partition("/")[0] in (OWN, "*") for name in names):
        raise UnknownName(f"--root is given, and no NAME boots it: name {OWN}, or {OWN}/SCENARIO")
    return names or [OWN]


def known_images(options: argparse.Namespace) -> list[str]:
    return [*([OWN] if options.root else []), *recipes()]


def trials_of(options: argparse.Namespace) -> list[WantedTrial]:
    """Implementations that are asked for; none where boots are. Raises UnknownName, ImplementationRefused."""
    found = {name: wanted_trials.resolve(name, list(recipes())) for name in options.names}
    boots = [name for name, some in found.items() if not some]
    for name in boots:
        _require_boot(name, options)
    trials = wanted_trials.unique(each for some in found.values() for each in some)
    if not trials:
        if options.write_expectations or options.strict:
            raise UnknownName("--strict and --write-expectations are for implementations: name one")
        return []
    if options.role:
        trials = [each for each in trials if each.implementation.role in options.role]
        if not trials:
            raise NothingMatches(f"nothing that is named is a {' or a '.join(options.role)}")
    if boots:
        raise UnknownName(f"{boots[0]!r} is no implementation: a run is of implementations, or of boots")
    if options.root or options.all:
        raise UnknownName("--root and --all are for boots")
    return trials


def _require_boot(name: str, options: argparse.Namespace) -> None:
    """Raises UnknownName for what is no boot, and no implementation either."""
    images = known_images(options)
    try:
        resolve_boots([name], images, list(SCENARIOS))
    except UnknownName:
        if Path(name).is_dir():
            raise UnknownName(f"{name!r} is no boot, and a folder without {implementation.FILE}") from None
        boots = [f"{image}/{scenario}" for image in images for scenario in SCENARIOS]
        raise unmatched(name, [*implementation.names(), *implementation.ROLES, *images, *boots]) from None


def wanted_boots(options: argparse.Namespace) -> list[Wanted]:
    """Those that are asked for, or this shard's part of them. Raises UnknownName."""
    found = resolve_boots(names_of(options), known_images(options), list(SCENARIOS))
    return options.shard.of(found)
