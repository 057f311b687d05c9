"""Campaigns in trouble: whatever goes wrong with a target, a corpus, a disk or the campaign is told and survived."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fuzz import target
from fuzz.target import ROOT, Target

NAME = "address"  # whose place the misbehaving one takes
OPTIONS = ["-std=c++23", "-g1", "-fsanitize=fuzzer,address"]
# As ./run fuzz does, but for where things are.
RUN = """
import sys
from pathlib import Path
from fuzz import afl, campaign, corpus, finding, target
from harness.guard import guarded
target.BUILD, corpus.OUT = map(Path, sys.argv[1:3])
afl.BUILD = target.BUILD / "afl"
finding.HANG_S, finding.MEMORY_MB, finding.MINIMISE_S = 2, 1024, 1
sys.argv[1:] = [*sys.argv[3:], "--no-coverage"]
sys.exit(guarded("fuzz", campaign.main))
"""

pytestmark = pytest.mark.skipif(shutil.which("clang++-19") is None, reason="clang++-19 is not installed")


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    (folder / "fuzz").mkdir()
    source, binary = target.FOLDER / "misbehaving.cc", folder / "fuzz" / f"fuzz_{NAME}"
    subprocess.run(["clang++-19", *OPTIONS, str(source), "-o", str(binary)], check=True)
    return folder


class Running:
    """The command line of a campaign over the misbehaving target."""

    def __init__(self, build: Path, out: Path) -> None:
        self.out = out
        self.folder = out / "corpora" / NAME / "corpus"
        self.folder.mkdir(parents=True)
        self.call = [sys.executable, "-c", RUN, str(build), str(out), NAME]

    def begin(self, *options: str, before: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.Popen(
            [*before, *self.call, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
        )

    def run(self, *options: str, before: tuple[str, ...] = ()) -> tuple[int, str]:
        with self.begin(*options, before=before) as process:
            said, _ = process.communicate()
            return process.returncode, said

    def begin_and_wait_for_an_input(self) -> subprocess.Popen[str]:
        """It runs, and has kept something."""
        process = self.begin("--budget", "600")
        had = set(self.folder.iterdir())
        while process.poll() is None and set(self.folder.iterdir()) <= had:
            os.sched_yield()
        return process


@pytest.fixture
def running(build: Path, tmp_path: Path) -> Running:
    return Running(build, tmp_path / "out")


@pytest.mark.parametrize(
    ("input_", "kind"), [("leak", "leak"), ("hang", "hang"), ("memory", "memory"), ("crash", "crash")]
)
def test_a_target_that_misbehaves_is_a_finding(running: Running, input_: str, kind: str) -> None:
    (running.folder / "bad").write_text(f"misbehave: {input_}")
    code, said = running.run("--budget", "4")
    assert code == 1
    assert said.count("finding: ") == 1 and f"finding: {NAME}: {kind}: " in said, said
    assert kind == "crash" or said.count(f" in {input_}\n") + said.count(" in fill_memory\n") == 1, said
    assert (running.out / "report" / "index.html").exists()
    (kept,) = (running.out / "findings").iterdir()
    assert kept.read_text() == f"misbehave: {input_}" or kind == "crash"


def test_a_hang_that_is_none_when_asked_again_is_inconclusive_and_kept(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MISBEHAVED", str(running.out / "misbehaved"))
    (running.folder / "bad").write_text("misbehave: dawdle")
    code, said = running.run("--budget", "6")
    assert (code, "0 findings" in said) == (5, True), said
    (kept,) = (running.out / "findings").iterdir()
    assert f"it ends when asked again: ./run fuzz --again {os.path.relpath(kept)}" in said, said


def test_garbage_and_inputs_over_the_limit_are_survived_and_told(running: Running) -> None:
    for number, content in enumerate(
        (b"", bytes(range(256)), b"\xff" * 100_000, b"x" * Target(NAME).longest)
    ):
        (running.folder / f"garbage-{number}").write_bytes(content)
    code, said = running.run("--budget", "3")
    assert (code, "0 findings" in said) == (0, True), said
    assert f"{NAME}: 1 inputs are too long: of each {Target(NAME).longest} bytes are read" in said, said


def test_what_reaches_something_else_when_replayed_is_told(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MISBEHAVED", str(running.out / "misbehaved"))
    (running.folder / "bad").write_text("misbehave: alternate")
    code, said = running.run("--budget", "3")
    assert code == 5 and "the same inputs in another order reach something else: " in said, said


def test_what_ends_a_replay_alone_is_a_finding(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends well in the campaign, which is another process."""
    monkeypatch.setenv("MISBEHAVED", str(running.out / "misbehaved"))
    (running.folder / "bad").write_text("misbehave: second")
    code, said = running.run("--budget", "3")
    assert code == 1 and f"finding: {NAME}: crash: " in said, said


def test_merging_keeps_what_was_reached_and_loses_nothing_that_ends_a_target(running: Running) -> None:
    for number in range(3):
        (running.folder / f"same-{number}").write_text("the same")
    (running.folder / "bad").write_text("misbehave: crash")
    code, said = running.run("--merge")
    assert code == 0 and f"{NAME}: of " in said, said
    assert [each.read_text() for each in running.folder.iterdir()].count("the same") <= 1
    assert any(each.read_text() == "misbehave: crash" for each in running.folder.parent.glob("artifact-*"))


@pytest.mark.parametrize(
    "make", [lambda path: path.mkdir(), os.mkfifo, lambda path: path.symlink_to("nowhere")]
)
def test_what_is_no_file_is_refused(running: Running, make) -> None:
    make(running.folder / "thing")
    code, said = running.run("--budget", "3")
    assert (code, "a corpus holds files alone" in said) == (2, True), said


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_campaign_ends_with_a_report_and_is_inconclusive(
    running: Running, how: signal.Signals
) -> None:
    with running.begin_and_wait_for_an_input() as process:
        process.send_signal(how)
        said, _ = process.communicate()
    assert (process.returncode, "stopped; the corpora are kept" in said) == (5, True), said
    assert "stopped before its time" in (running.out / "report" / "index.html").read_text()


def test_a_stopped_campaign_that_has_found_something_says_so(running: Running) -> None:
    (running.folder / "bad").write_text("misbehave: crash")
    with running.begin("--budget", "600") as process:
        findings = running.out / "findings"
        while process.poll() is None and not (findings.is_dir() and any(findings.iterdir())):
            os.sched_yield()
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate()
    assert (process.returncode, "finding: " in said) == (1, True), said


def test_a_killed_campaign_loses_neither_its_corpus_nor_what_it_had_found(running: Running) -> None:
    with running.begin_and_wait_for_an_input() as process:
        process.kill()
    kept = {each.name for each in running.folder.iterdir()}
    for name in ("artifact-crash-1", "artifact-slow-unit-1"):
        (running.folder.parent / name).write_text("misbehave: crash")
    code, said = running.run("--budget", "3")
    assert (code, "0 findings" in said) == (0, True), said
    assert kept <= {each.name for each in running.folder.iterdir()}
    (left,) = (running.out / "findings").iterdir()
    assert "of a campaign that was killed: ./run fuzz --again" in said and left.name in said, said
    assert not list(running.folder.parent.glob("artifact-*"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk")
@pytest.mark.parametrize("finds", [False, True])
def test_a_full_disk_is_told_and_hides_no_finding(running: Running, finds: bool) -> None:
    bad = "printf 'misbehave: crash' > full/corpora/address/corpus/bad;" if finds else ""
    left = 32 << 10 if finds else 0  # where there is none at all, nothing can begin
    script = f"""
        set -e; cd {running.out.parent}; mkdir full; mount -t tmpfs -o size=1m none full
        mkdir -p full/corpora/{NAME}/corpus; {bad} head -c {(1 << 20) - left} /dev/zero > full/zeros || :
        cd "$OLDPWD"; exec "$@" """
    shell = ("unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh")
    running.call[4] = str(running.out.parent / "full")
    code, said = running.run("--budget", "3", before=shell)
    assert code == (1 if finds else 5), said
    assert "No space left on device" in said
    assert ("finding: " in said) == finds
