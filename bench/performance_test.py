"""`./run bench`: what is claimed, what gates, and what is left behind."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bench import budgets, contest, counts, measurement, performance
from bench.contest import Contestant, ContestFailed, Samples, Work
from bench.counts import Count, Counts
from bench.outcome import AGAIN, Outcome
from bench.performance_report import google_benchmark, write
from bench.socket_queue import with_queue
from harness.exit_code import ExitCode
from harness.page.browser import CONTRAST, Browser
from vm.environment import EnvironmentUnfit, require_root

OWN = measurement.program(counts.ROOT / "build" / "release")
ONE = Count(messages=64, instructions=10_000, system_calls=16, allocations=0, fds=0)
RELOAD = Work("split", "reload", b64encode(b"READY=1\nSTATUS=x").decode())
# Like a shared machine: every other round takes twice as long.
ROUNDS = [10.0 * (1 + number % 2) + number * 0.01 for number in range(21)]


def outcome(now: Count = ONE, **by_name: list[float]) -> Outcome:
    out = Outcome("2026-01-01T00:00:00Z", {"revision": "abc"} | dict.fromkeys(
        ("cpu", "cores", "kernel", "load", "max_dgram_qlen"), "?"))  # fmt: skip
    out.counts, out.budget = Counts("key", {"split/reload": now}), {"split/reload": ONE}
    names = {AGAIN: [each * 1.02 for each in ROUNDS], "receiver": ROUNDS} | by_name
    out.samples = [Samples("split", "reload", names, dict.fromkeys(names, 100))]
    out.comparisons = [
        {
            "text": "other",
            "task": "split",
            "payloads": ["reload"],
            "left": "memchr",
            "right": "receiver",
            "at_least": 2,
        }
    ]
    return out


@pytest.mark.parametrize(
    ("factor", "claim", "met"), [(1.01, False, False), (1.5, True, False), (2.5, True, True)]
)
def test_nothing_is_claimed_below_what_two_of_the_same_differ_by(
    factor: float, claim: bool, met: bool
) -> None:
    same, row = outcome(memchr=[each * factor for each in ROUNDS]).rows()
    assert same["is_same"] and not same["claim"] and same["median"] == pytest.approx(1.02)
    assert (row["claim"], row["met"]) == (claim, met) and row["median"] == pytest.approx(factor)


def test_wall_time_gates_nothing_and_a_count_does() -> None:
    assert outcome(memchr=[each * 9 for each in ROUNDS]).exit_code is ExitCode.CONFORMS
    assert outcome(replace(ONE, instructions=10_200)).exit_code is ExitCode.BASELINE
    assert outcome(replace(ONE, instructions=9_800)).exit_code is ExitCode.BASELINE
    without = outcome()
    without.budget = None
    assert without.exit_code is ExitCode.ENVIRONMENT


def test_the_report_says_what_changed(tmp_path: Path) -> None:
    page = write(outcome(replace(ONE, system_calls=80)), tmp_path / "now", Console(quiet=True))
    for text in (page.read_text(), (tmp_path / "now" / "report.md").read_text()):
        assert "1 counts changed" in text and "system calls" in text
    assert all("<svg" in (tmp_path / "now" / name).read_text() for name in ("history.svg", "ratios.svg"))


def test_a_price_is_what_a_round_takes_more_than_the_bare_one(tmp_path: Path) -> None:
    out = outcome()
    names = {"bare": ROUNDS, "bare-cred": [each + 3 for each in ROUNDS]}
    out.prices = [Samples("receive", "status", names, dict.fromkeys(names, 100))]
    (row,) = out.json()["prices"]
    assert [row["added"][name]["median"] for name in names] == [0, pytest.approx(3)]
    text = write(out, tmp_path / "now", Console(quiet=True)).read_text()
    assert "SO_PASSCRED" in text and "SO_PASSCRED" in (tmp_path / "now" / "prices.svg").read_text()


def test_samples_are_as_google_benchmark_writes_them() -> None:
    written = google_benchmark(outcome())
    assert len(written["benchmarks"]) == 2 * len(ROUNDS)
    assert set(written["benchmarks"][0]) >= {
        "name",
        "run_type",
        "repetitions",
        "iterations",
        "real_time",
        "time_unit",
    }


COMPARE = Path("/usr/share/benchmark/compare.py")  # libbenchmark-tools


def test_google_benchmarks_own_compare_reads_the_samples(tmp_path: Path) -> None:
    if not COMPARE.exists():
        pytest.skip(f"{COMPARE} is not there: apt-get install libbenchmark-tools")
    for name, factor in (("before", 2.0), ("now", 1.0)):
        samples = google_benchmark(outcome(receiver=[each * factor for each in ROUNDS]))
        (tmp_path / name).write_text(json.dumps(samples))
    call = ["/usr/bin/python3", COMPARE, "--no-color", "--dump_to_json", tmp_path / "out", "benchmarks"]
    done = subprocess.run([*call, tmp_path / "before", tmp_path / "now"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (row,) = [
        each for each in json.loads((tmp_path / "out").read_text()) if each["name"] == "split/reload/receiver"
    ]
    assert len(row["measurements"]) == len(ROUNDS) and row["measurements"][0]["time"] == pytest.approx(-0.5)
    assert row["utest"]["time_pvalue"] < 0.05 and row["utest"]["nr_of_repetitions"] == len(ROUNDS)


@pytest.mark.skipif(platform.machine() != "x86_64", reason="x86-64 alone")
def test_what_an_older_kernel_does_not_have_is_said_and_ends_nothing(tmp_path: Path) -> None:
    call = [sys.executable, "-m", "bench.older_kernel", sys.executable, "-m", "bench.performance"]
    options = ["--rounds", "6", "--only", "receive", "--no-peers", "--out", str(tmp_path)]
    done = subprocess.run([*call, *options], capture_output=True, text=True, cwd=counts.ROOT)
    report = json.loads((tmp_path / "bench.json").read_text())
    assert "skipped: receiver-pidfd, receive: this kernel" in done.stdout
    assert "loop-pidfd, receive" in report["absent"]
    assert {each["left"] for each in report["rows"]} >= {AGAIN, "loop"}


def test_a_run_ends_with_its_report(tmp_path: Path) -> None:
    call = ["--rounds", "6", "--only", "split", "--no-peers", "--out", str(tmp_path)]
    assert performance.main(call) in (ExitCode.CONFORMS, ExitCode.BASELINE, ExitCode.ENVIRONMENT)
    report = json.loads((tmp_path / "bench.json").read_text())
    assert {each["left"] for each in report["rows"]} >= {AGAIN, "memchr"}
    assert report["counts"]["split/reload"]["allocations"] == 0


def test_budgets_of_such_a_build_are_true() -> None:
    """Where there are some: the gate itself."""
    taken = counts.take(counts.program())
    committed = budgets.read(taken.key)
    if committed is None:
        pytest.skip(f"no budgets for {taken.key}")
    assert [each.text for each in budgets.compare(committed, taken.cases) if each.is_over] == []


@pytest.mark.parametrize(("rounds", "lives"), [(1, 1), (7, 3), (21, 3)])
def test_rounds_are_shared_out_among_several_lives(tmp_path: Path, rounds: int, lives: int) -> None:
    """A process may be slow for as long as it lives: two of the same would differ, however often they are asked."""
    told = tmp_path / "told"
    answer = """echo >> "$0"; while read -r line; do echo '{"ns": 9000000, "lines": 512, "known": 0}'; done"""
    works = [RELOAD, replace(RELOAD, name="again")]
    timed = contest.run_lives([Contestant("some", ["sh", "-c", answer, str(told)])], works, rounds, "said")
    assert [(each.task, each.payload, len(each.by_name["some"])) for each in timed] == [
        ("said", "reload", rounds),
        ("said", "again", rounds),
    ]
    assert len(told.read_text().splitlines()) == lives


def test_all_contestants_run_on_one_core() -> None:
    answer = 'read question; printf \'{"ns": 1, "lines": %s}\\n\' "$(nproc)"'
    with contest.talks([Contestant(each, ["sh", "-c", answer]) for each in ("one", "other")]) as talking:
        assert [each.ask("split", "", 1)["lines"] for each in talking.values()] == [1, 1]


def test_who_answers_wrong_is_worth_nothing() -> None:
    wrong = """while read -r line; do echo '{"ns": 1000, "lines": 1, "known": 0}'; done"""
    with contest.talks([Contestant("wrong", ["sh", "-c", wrong])]) as talking:
        with pytest.raises(ContestFailed, match="wrong, split/reload: 1 lines, not"):
            contest.run([talking["wrong"]], RELOAD, 3)


@pytest.mark.parametrize("command", ["exit 3", "echo nonsense; cat >/dev/null"])
def test_who_ends_or_says_nonsense_is_named(command: str) -> None:
    with contest.talks([Contestant("broken", ["sh", "-c", command])]) as talking:
        with pytest.raises(ContestFailed, match="^broken"):
            contest.run([talking["broken"]], RELOAD, 3)


@pytest.mark.parametrize("name", ["", "--nonsense", "nobody"])
def test_a_contestant_that_nobody_knows_is_refused(name: str) -> None:
    assert subprocess.run([OWN, *name.split()], capture_output=True, input=b"").returncode == 2


def test_every_contestant_of_ours_finds_all_lines() -> None:
    names = json.loads(subprocess.run([OWN, "--list"], capture_output=True, check=True).stdout)
    bytes_of = contest.payloads(OWN)
    with contest.talks([Contestant(each, [str(OWN), each]) for each in names]) as talking:
        for task in ("split", "classify", "receive"):
            for payload in ("reload", "empty", "line-4000", "boot-user"):
                contest.run(list(talking.values()), Work(task, payload, bytes_of[payload]), 1)


def test_a_queue_of_its_own_lets_a_long_burst_wait() -> None:
    require_or_skip()
    burst = {"NOTIFYSPEC_BURST": "256"}
    for queue, is_enough in ((512, True), (10, False)):
        alone = Contestant("receiver", with_queue(queue, [OWN, "receiver"]), burst)
        with contest.talks([alone]) as talking:
            if is_enough:
                assert talking["receiver"].ask("receive", RELOAD.payload, 512)["lines"] == 512 * RELOAD.lines
            else:
                with pytest.raises(ContestFailed, match="max_dgram_qlen"):
                    talking["receiver"].ask("receive", RELOAD.payload, 512)


def require_or_skip() -> None:
    try:
        require_root()
    except EnvironmentUnfit as unfit:
        pytest.skip(str(unfit))


def test_a_payload_is_one_message_or_those_of_a_recorded_boot() -> None:
    bytes_of = contest.payloads(OWN)
    assert contest.messages_in(bytes_of["empty"]) == [b""]
    assert Work("split", "reload", bytes_of["reload"]).lines == 4
    trace = counts.ROOT / "fixtures" / "traces" / "262" / "container-unix-dgram-poweroff.jsonl"
    events = map(json.loads, trace.read_text().splitlines()[1:])
    recorded = [event["data"].encode() for event in events if event["kind"] == "message"]
    assert len(recorded) > 30 and contest.messages_in(bytes_of["boot-container"]) == recorded


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_ratio_is_not_off_the_edge(tmp_path: Path, scheme: str) -> None:
    (tmp_path / "profile").mkdir()
    with Browser(tmp_path / "profile") as page:
        page.look(390, scheme)
        page.get(write(outcome(memchr=ROUNDS), tmp_path / "now", Console(quiet=True)).as_uri())
        cells = "[...document.querySelectorAll('[aria-labelledby=ratios] td')]"
        assert page.evaluate(f"{cells}.length") > 10
        assert page.evaluate(f"Math.max(...{cells}.map((each) => each.getBoundingClientRect().right))") <= 390
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.evaluate(CONTRAST) == []
