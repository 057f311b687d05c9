"""The command line of campaigns, and what must hold for each target and each planted bug without a campaign."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fuzz import campaign, corpus, finding, planted, report, seeds, target
from fuzz.coverage import STAGES, Coverage
from fuzz.engine import STATUS, Campaign, Point
from fuzz.finding import Finding
from fuzz.power import Power
from fuzz.report import Report
from fuzz.target import FOLDER, Target
from harness import judgement
from harness.judgement import InputRefused

NAMES = target.names()


@pytest.mark.parametrize("name", NAMES)
def test_each_target_has_an_invariant_seeds_and_a_limit(name: str) -> None:
    source = (FOLDER / f"{name}_fuzz.cc").read_text()
    assert source.startswith("// Invariant")
    assert Target(name).longest > 0
    assert any(any(folder.iterdir()) for folder in Target(name).inputs)


def test_no_input_is_longer_than_its_target_takes() -> None:
    for name in NAMES:
        for folder in Target(name).inputs:
            for path in folder.rglob("*"):
                if path.is_file() and "traces" not in path.parts:
                    assert path.stat().st_size <= Target(name).longest, path


def test_what_is_no_target_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputRefused, match=f"no target nonsense: there are {', '.join(NAMES)}"):
        campaign.main(["nonsense"])


@pytest.mark.parametrize(
    "arguments", [["--budget", "0"], ["--budget", "1d"], ["--jobs", "0"], ["--trials", "x"]]
)
def test_an_option_without_sense_is_wrong_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        campaign.main(arguments)
    assert refused.value.code == 2


def test_an_input_of_no_target_is_refused(tmp_path: Path) -> None:
    (tmp_path / "some").write_text("")
    for path in (tmp_path / "some", tmp_path / "socket-absent"):
        with pytest.raises(InputRefused, match="no input of a target"):
            campaign.main(["--again", str(path)])


def test_a_corpus_with_a_folder_in_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "OUT", tmp_path)
    (corpus.folder(Target("address")) / "folder").mkdir(parents=True)
    with pytest.raises(InputRefused, match="a corpus holds files alone"):
        campaign.main(["address"])


def test_each_planted_bug_has_its_place_and_is_one_of_a_kind() -> None:
    bugs = planted.read([])
    assert len(bugs) >= 25
    assert len({bug.name for bug in bugs}) == len(bugs)
    assert {bug.target.name for bug in bugs} <= set(NAMES)
    assert all(find != put for bug in bugs for find, put in bug.changes)


def test_a_bug_that_is_not_planted_is_refused() -> None:
    with pytest.raises(InputRefused, match="no bug nonsense is planted"):
        planted.read(["nonsense"])


def test_every_field_is_in_the_dictionary_and_in_the_seeds(tmp_path: Path) -> None:
    fields = [json.loads(line)["name"] for line in judgement.listing("fields").splitlines()]
    assert seeds.dictionary(tmp_path / "dict").read_text().splitlines() == [f'"{name}="' for name in fields]
    for name in ("datagram", "service"):
        seeds.write(name, tmp_path / name)
        all_of_them = b"\n".join(path.read_bytes() for path in (tmp_path / name).iterdir())
        assert [field for field in fields if f"{field}=".encode() not in all_of_them] == []


STACK = """
    #0 0x55 in require(bool, char const*) /x/fuzz/invariant.h:10:3
    #1 0x56 in notifyspec::wire::split(int) /x/conformance/wire/a.cc:1:2
    #2 0x57 in main /usr/lib/x.c:1
"""


@pytest.mark.parametrize(
    ("log", "kind", "title"),
    [
        (
            f"violated: no line is lost\n==1== ERROR: libFuzzer: deadly signal\n{STACK}",
            "violated",
            "no line is lost",
        ),
        (
            "terminate called after throwing an instance of 'std::out_of_range'\n",
            "crash",
            "std::out_of_range is caught",
        ),
        (
            f"SUMMARY: AddressSanitizer: heap-buffer-overflow /x/y.cc:1 in f\n{STACK}",
            "crash",
            "in notifyspec::wire::split",
        ),
        ("SUMMARY: libFuzzer: timeout\n", "hang", "timeout"),
        ("", "crash", "it ended"),
    ],
)
def test_findings_are_told_apart_by_what_went_wrong(log: str, kind: str, title: str) -> None:
    found = finding.read(Target("lines"), log, Path("lines-1"))
    assert (found.kind, title in found.title) == (kind, True), found


def test_a_status_line_of_the_engine_is_read() -> None:
    line = "#8192\tREDUCE cov: 130 ft: 393 corp: 98/56Kb lim: 5000 exec/s: 10788 rss: 457Mb L: 9/4099 MS: 1 Custom-"
    match = STATUS.match(line)
    assert match is not None and match.groups() == ("8192", "130", "393", "98", "10788", "457")


def test_a_report_says_all_of_it_in_each_form(tmp_path: Path) -> None:
    one = Campaign(Target("lines"), [Point(1.0, 10, 2, 3, 4), Point(2.0, 30, 3, 4, 5)], seconds=2.0)
    bad = Finding("lines", "violated", "no <line> is lost", ("f",), Path("out/lines-1"))
    one.findings[bad.key] = bad
    reached = Coverage({stage: (9, 10) for stage in STAGES}, ["never()"], {"wire/a.cc": [7]})
    bug = planted.read([])[0]
    whole = Report("2026-01-02T03:04:05Z", "libFuzzer", 60, 1, [one], reached, reached)
    whole.replays["lines"] = [(3, 4), (3, 5)]
    whole.power = [Power(bug, 10, [0.5] * 9), Power(bug, 10, [0.5] * 8)]
    page = report.write(whole, tmp_path)
    content = json.loads((tmp_path / "report.json").read_text())
    assert content["targets"][0]["per_second"] == 15
    assert [each["found"] for each in content["power"]] == [True, False]
    text = (tmp_path / "report.md").read_text()
    assert (
        "| lines | 2.0 | 30 | 15 |" in text
        and "no <line> is lost" in text
        and "| wire | 90.0 % | 90.0 % |" in text
        and "no: 4 to 5 features" in text
        and "| 0.5 to 0.5 | 9 of 10 |" in text
    )
    html = page.read_text()
    assert (
        "no &lt;line&gt; is lost" in html
        and "never()" in html
        and "9 of 10" in html
        and 'src="growth.svg"' in html
    )
