"""`./run nested`: the gate runs in a machine whose kernel has vhost-vsock, and boots a machine in it.

Few machines that run tests have /dev/vhost-vsock. So this makes one: Debian's kernel, its vhost_vsock module, QEMU and
this suite, all within a machine of ours. What the inner systemd sends goes through the kernel's own device to the
recorder's AF_VSOCK sockets. Under emulation that takes minutes, so it is a command of its own.
"""

from __future__ import annotations

import argparse
import base64
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from harness import tool
from harness.boot import run_scenario
from harness.exit_code import ExitCode
from harness.guard import guarded
from harness.record import TRACES, answer
from harness.scenario import Scenario
from harness.scenarios import SCENARIOS
from harness.session import Session
from vm import image as images
from vm import initramfs, kernel
from vm.deadline import Deadline
from vm.environment import require_container
from vm.image import Image
from vm.machine import MachineSetup
from vm.plant import Plant
from vm.recipe import HOST
from vm.store import cache

ROOT = Path(__file__).parent.parent
INSIDE = "/notifyspec"  # where the suite lies in the machine
MEMORY_MIB = 4096  # its own root twice, packed and unpacked, and another machine
SUFFIX = "-kernel"  # of the golden trace


def suite() -> Iterator[Plant]:
    """This suite, built, as files of the machine."""
    for folder in ("harness", "vm"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".sh", ".toml", ".j2", ".css", ".js"):
                mode = path.stat().st_mode & 0o777
                yield Plant(f"{INSIDE}/{path.relative_to(ROOT)}", path.read_bytes(), mode)
    yield Plant(f"{INSIDE}/build/release/notifyspec", tool.notifyspec_static().read_bytes(), 0o755)
    for program in (tool.mark(), tool.agent(), tool.caller()):  # static by themselves
        yield Plant(f"{INSIDE}/build/release/{program.relative_to(tool.BUILD)}", program.read_bytes(), 0o755)


def packed_cache(image: Image, target: Path) -> Path:
    """The image and what is made of it, where $NOTIFYSPEC_CACHE=/ looks for them."""
    initramfs.slim(image, kernel.of(image))  # unpacking and packing them in there would take minutes
    files = [path for path in sorted(cache().glob(f"{image.root.name}.*")) if path.is_file()]
    below = [image.root.name, *(f"{image.root.name}/{name}" for name in initramfs.useful(image.root))]
    names = ["images", *(f"images/{name}" for name in [*below, *(path.name for path in files)])]
    initramfs.pack(cache().parent, names, target)
    return target


def gate_in_machine(
    image: Image, scenario: Scenario, out: Path, deadline_s: float, archive: Path
) -> ExitCode:
    """Runs the gate in a machine; its trace and what it printed are left in `out`."""
    name = f"{image.name}/{scenario.name}"
    status = ExitCode.ENVIRONMENT

    def play(session: Session) -> None:
        nonlocal status
        session.comes_up()
        session.run("modprobe", "--all", "overlay", "vhost_vsock", "vsock_loopback")
        call = f"cd {INSIDE} && exec python3 -m harness.gate {name} --vsock kernel --out /run/gate"
        environment = {"PYTHONPATH": INSIDE, "NOTIFYSPEC_CACHE": "/", "HOME": "/root"}
        command = ["sh", "-c", f"{call} --deadline {deadline_s * 0.8:.0f} 2>&1"]
        done = session.manager.run(command, session.deadline, environment)
        (out / "gate.txt").write_text(done.stdout, encoding="utf-8")
        status = ExitCode(done.returncode)
        packed = session.run("sh", "-c", "cat /run/gate/traces/*.jsonl | base64")
        (out / "trace.jsonl").write_bytes(base64.b64decode(packed))

    outer = SCENARIOS["vm-missing"]
    machine = MachineSetup(credential=None, memory_mib=MEMORY_MIB, archives=[archive], all_files=True)
    outer = replace(outer, play=play, machine=machine, setup=replace(outer.setup, plants=[*suite()]))
    run = run_scenario(outer, images.find(HOST), out, Deadline(deadline_s), vsock="user")
    if run.trouble:
        print(f"nested: {run.trouble}\n{run.console_tail}", file=sys.stderr)
        return ExitCode.ENVIRONMENT
    return status


def main(arguments: Sequence[str] | None = None) -> ExitCode:
    parser = argparse.ArgumentParser(prog="./run nested", description=__doc__)
    parser.add_argument("name", nargs="?", default="257/vm-poweroff", metavar="IMAGE/SCENARIO")
    parser.add_argument("--deadline", type=float, default=900.0, metavar="S", help="seconds (default: 900)")
    parser.add_argument("--keep", action="store_true", help="keep the trace among the golden ones")
    options = parser.parse_args(arguments)
    require_container()
    image_name, _, scenario_name = options.name.partition("/")
    if scenario_name not in SCENARIOS or SCENARIOS[scenario_name].vantage != "vm":
        parser.error(f"{options.name!r} is no boot of a machine: 257/vm-poweroff, say")
    image, scenario = images.find(image_name), SCENARIOS[scenario_name]
    with tempfile.TemporaryDirectory(prefix="notifyspec-nested-") as scratch:
        out = Path(scratch)
        print(f"nested: {options.name} in a machine in a machine; some minutes", file=sys.stderr, flush=True)
        archive = packed_cache(image, out / "images.cpio")
        code = gate_in_machine(image, scenario, out, options.deadline, archive)
        if (out / "gate.txt").exists():
            print((out / "gate.txt").read_text(encoding="utf-8"), end="")
        if options.keep and code is ExitCode.CONFORMS:
            name = f"{scenario.vantage}-{scenario.transport}-{scenario.name}{SUFFIX}.jsonl"
            golden = TRACES / str(image.major) / name
            golden.write_bytes((out / "trace.jsonl").read_bytes())
            answer(golden)
    return code


if __name__ == "__main__":
    sys.exit(guarded("nested", main))
