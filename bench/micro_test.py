"""`./run bench micro`: all that is asked for is there, each finds its answer right, and one that does not is seen."""

from __future__ import annotations

import json
import platform
import subprocess
import sys

import pytest

from bench import contest
from bench.counts import ROOT
from harness import tool

PAYLOADS = contest.payloads(ROOT / "build" / "release" / "bench" / "notifyspec_contestant")
BOOTS = {each for each in PAYLOADS if each.startswith("boot-")}
SIZES = {0, 7, 38, 78, 1024, 4095, 4096, 4097}
WAYS = (
    "receiver",
    "receiver-8",
    "receiver-pidfd",
    "receiver-1-fd",
    "receiver-253-fds",
    "floor",
    "floor-one-look",
    "floor-8",
    "floor-pidfd",
)
WAYS += (
    "drained",
    "loop",
    "loop-pidfd",
    "bare",
    "bare-cred",
    "bare-pidfd",
    "bare-epoll",
    "bare-1-fd",
    "bare-253-fds",
)
SPLITS = ("SplitReceiver", "SplitMemchr", "SplitByteByByte", "SplitPlain")
SPLITS += ("SplitAndClassifyReceiver", "SplitAndClassifyMemchr")
OTHERS = {
    "SplitFourLines",
    "ReadFourFields",
    "ReadTraceLine",
    "JudgeMessage",
    "StreamInMemory",
    "StreamToSocket",
}
OTHERS |= {"SeqpacketMessageInMemory", "SeqpacketMessageToSocket"}
OTHERS |= {f"TakeDatagrams/{each}" for each in ("documented", "systemd_262")}


def run(*options: str) -> subprocess.CompletedProcess[str]:
    call = [tool.bench("bench/notifyspec_bench"), *options]
    return subprocess.run(call, capture_output=True, text=True, timeout=300)


def plain(name: str) -> str:
    """Without what Google Benchmark says of how it was timed."""
    return name.removesuffix("/manual_time")


def test_the_messages_are_of_the_sizes_that_are_asked_for() -> None:
    sizes = {len(contest.messages_in(text)[0]) for name, text in PAYLOADS.items() if name not in BOOTS}
    assert sizes >= SIZES and len(BOOTS) == 3


def test_every_benchmark_is_there_and_finds_its_answer_right() -> None:
    done = run("--benchmark_min_time=0.001", "--benchmark_format=json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["benchmarks"]
    skipped = [each["error_message"] for each in rows if each.get("error_occurred")]
    assert all(each.startswith("skipped: ") for each in skipped)
    names = {plain(each["name"]) for each in rows}
    assert names >= {f"Receive/{way}/{each}" for way in WAYS for each in PAYLOADS}
    assert names >= {
        f"ReceiveQueue/{way}/{length}" for way in ("receiver", "loop", "floor") for length in (10, 512)
    }
    assert names >= {
        f"Receive/vsock-{kind}/{each}"
        for kind in ("seqpacket", "stream")
        for each in PAYLOADS
        if each != "empty"
    }
    stages = ("SplitAndClassifyReceiver", "SplitAndClassifyPlain", "ReadTrace", "JudgeTrace", "ReplayTrace")
    assert names >= {f"{stage}/{boot}" for stage in stages for boot in BOOTS}
    assert names >= {f"{split}/{place}" for split in SPLITS for place in range(len(SIZES))} | OTHERS


def test_one_that_is_void_is_seen() -> None:
    done = run("--plant", "--benchmark_filter=Planted|SplitFourLines", "--benchmark_min_time=0.001")
    assert done.returncode == 5 and "planted" in done.stdout


@pytest.mark.parametrize(("option", "code"), [("--nonsense", 2), ("--benchmark_filter=nobody", 6)])
def test_what_nobody_knows_is_refused(option: str, code: int) -> None:
    assert run(option).returncode == code


@pytest.mark.skipif(platform.machine() != "x86_64", reason="x86-64 alone")
def test_what_an_older_kernel_does_not_have_is_left_out_and_no_failure() -> None:
    older = [sys.executable, "-m", "bench.older_kernel"]
    call = [*older, tool.bench("bench/notifyspec_bench"), "--benchmark_filter=Receive/receiver-pidfd/status"]
    done = subprocess.run(call, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0 and "skipped: this kernel" in done.stdout
