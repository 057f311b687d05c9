"""Campaigns under AFL++: what it finds is told as libFuzzer's is, and nothing that it has kept is lost."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from fuzz import target
from fuzz.campaign_trouble_test import NAME, OPTIONS, Running

ENGINE = [
    "-fsanitize-coverage=trace-pc-guard",
    "/usr/lib/afl/libAFLDriver.a",
    "/usr/lib/afl/afl-compiler-rt-64.o",
]

pytestmark = pytest.mark.skipif(
    None in (shutil.which("clang++-19"), shutil.which("afl-fuzz")),
    reason="clang++-19 or afl++ is not installed",
)


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For both engines, AFL++'s in the folder beside."""
    folder = tmp_path_factory.mktemp("build")
    for options, place in ((OPTIONS, folder), (["-std=c++23", *ENGINE], folder / "afl")):
        (place / "fuzz").mkdir(parents=True)
        binary = place / "fuzz" / f"fuzz_{NAME}"
        call = ["clang++-19", target.FOLDER / "misbehaving.cc", *options, "-o", binary]
        subprocess.run(list(map(str, call)), check=True)
    return folder


@pytest.fixture
def running(build: Path, tmp_path: Path) -> Running:
    return Running(build, tmp_path / "out")


def test_what_ends_a_target_is_found_and_said_by_the_sanitizers(running: Running) -> None:
    (running.folder / "bad").write_text("misbehave: leak")  # which it does not see itself
    code, said = running.run("--engine", "afl", "--budget", "4", "--seed", "3")
    assert code == 1 and said.count("finding: ") == 1, said
    assert f"finding: {NAME}: leak: leaked in leak" in said, said
    told = json.loads((running.out / "report" / "report.json").read_text())
    assert told["identity"]["engine"].startswith("AFL++ 4") and "none" in told["identity"]["sanitizers"]
    assert told["targets"][0]["executions"] > 0 and told["targets"][0]["cpu_seconds"] > 0
    kept = [each.read_bytes() for each in running.folder.iterdir()]
    assert len(kept) == len(set(kept)), "what it was given is not given back"


def test_a_stopped_campaign_keeps_its_corpus_and_what_was_found_before_it_began(running: Running) -> None:
    (running.folder / "bad").write_text("misbehave: leak")
    queue = running.folder.parent / "afl" / "out" / "default" / "queue"
    with running.begin("--engine", "afl", "--budget", "600") as process:
        while process.poll() is None and not any(queue.glob("id*")):
            os.sched_yield()
        (queue / "id:999999,src:000000,op:havoc").write_text("kept")
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate()
    assert (process.returncode, "stopped; the corpora are kept" in said) == (1, True), said
    assert f"finding: {NAME}: leak: leaked in leak" in said, said
    assert "kept" in [each.read_text(errors="replace") for each in running.folder.iterdir()]
    assert not queue.exists()


def started(build: Path) -> list[str]:
    """Processes of what was built there: AFL++ leaves its target stopped where it is killed."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if bytes(build / "afl") in each.read_bytes():
                found.append(each.parent.name)
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_that_it_has_started_outlives_it(
    running: Running, build: Path, number: signal.Signals
) -> None:
    stats = running.folder.parent / "afl" / "out" / "default" / "fuzzer_stats"
    with running.begin("--engine", "afl", "--budget", "600") as process:
        while process.poll() is None and not stats.exists():
            os.sched_yield()
        assert started(build)
        process.send_signal(number)
        process.communicate()
    while number == signal.SIGKILL and started(build):  # its keeper is told, and nobody tells us
        os.sched_yield()
    assert started(build) == []


def test_what_a_killed_campaign_has_left_is_taken_back(running: Running) -> None:
    left = running.folder.parent / "afl" / "out" / "default"
    for kind, content in (("queue", "kept"), ("crashes", "misbehave: crash")):
        (left / kind).mkdir(parents=True)
        (left / kind / "id:000001,src:000000").write_text(content)
    code, said = running.run("--budget", "3")
    assert (code, "0 findings" in said) == (0, True), said
    assert (running.folder / hashlib.sha1(b"kept").hexdigest()).read_text() == "kept"
    (found,) = (running.out / "findings").iterdir()
    assert found.read_text() == "misbehave: crash" and found.name in said, said
    assert not left.exists()
