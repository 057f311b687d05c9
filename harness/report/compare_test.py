from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.exit_code import ExitCode
from harness.gate import main
from harness.expectations import GOOD
from harness.kept_run import RunRefused
from harness.page.browser import CONTRAST, TWICE, Browser
from harness.page.sample_run import write_sample as write_boots
from harness.page.sample_trials import write_sample as write_trials
from harness.report.difference import Change, compare
from harness.report.digest import Case, read

Line = dict[str, Any]
Edit = Callable[[list[Line]], None]
ONE = "implementation-00"


def run(folder: Path, edit: Edit | None = None, **members: Any) -> Path:
    """A run whose lines of the first implementation are edited."""
    write_trials(folder, implementations=2, requirements=5, cases=100)
    path = folder / "results" / f"{ONE}.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    if edit:
        edit(lines)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    file = folder / "run.json"
    told = json.loads(file.read_text()) | members
    for each in told["implementations"]:
        if each["name"] == ONE:
            each["counts"] = {"all": len(lines)}
    file.write_text(json.dumps(told))
    return folder


def first(lines: list[Line], word: str) -> Line:
    return next(line for line in lines if line["word"] == word)


def become(old: str, new: str) -> Edit:
    def edit(lines: list[Line]) -> None:
        line = first(lines, old)
        line.update(word=new, seen="\x1b[31m| seen")
        if new in GOOD:
            for member in ("expected", "put", "again"):
                line.pop(member, None)
        else:
            line.update(expected="e", again="./run gate it")

    return edit


def add(word: str) -> Edit:
    return lambda lines: lines.append(lines[1] | {"vector": "sender/new/one", "word": word, "expected": "e"})


def drop(lines: list[Line]) -> None:
    del lines[7]


@pytest.mark.parametrize(
    ("edit", "code", "words"),
    [
        (None, ExitCode.CONFORMS, ["200 old cases are the same", "No old case is worse"]),
        (
            become("pass", "fail"),
            ExitCode.DOES_NOT_CONFORM,
            ["1 old cases worse", "pass, now fail", "Worse: 1 old case"],
        ),
        (become("pass", "unsupported"), ExitCode.DOES_NOT_CONFORM, ["pass, now unsupported"]),
        (become("fail", "pass"), ExitCode.CONFORMS, ["1 old cases better", "fail, now pass"]),
        (become("fail", "unsupported"), ExitCode.CONFORMS, ["1 old cases changed otherwise"]),
        (
            add("fail"),
            ExitCode.CONFORMS,
            ["1 new cases: 1 fail", "fail: sender/new/one", "No old case is worse"],
        ),
        (drop, ExitCode.CONFORMS, ["1 cases are gone", "199 old cases are the same"]),
    ],
)
def test_old_cases_are_told_from_new_ones_and_they_alone_decide(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], edit: Edit | None, code: ExitCode, words: list[str]
) -> None:
    old, new = run(tmp_path / "old"), run(tmp_path / "new", edit)
    assert main(["--compare", str(old), str(new), "--out", str(tmp_path / "out")]) is code
    said = capsys.readouterr().out
    for each in words:
        assert each in said, said
    assert "\x1b[31m|" not in said
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"comparison.md", "index.html"}


@pytest.mark.parametrize(
    ("old", "new", "manner"),
    [
        ("pass", "fail", "worse"),
        ("pass", "expected fail", "other"),
        ("expected fail", "fail", "worse"),
        ("expected fail", "pass", "better"),
        ("fail", "expected fail", "other"),
        ("pass", "observed", "other"),
        ("observed", "fail", "worse"),
        ("inconclusive", "crash", "worse"),
        ("crash", "skip", "other"),
        ("skip", "pass", "better"),
        ("warn", "inconclusive", "worse"),
        ("fail", "crash", "other"),
        ("expected unsupported", "unsupported", "other"),
        ("pass", "new fail", "other"),
        ("new fail", "fail", "other"),
        ("new pass", "fail", "worse"),
    ],
)
def test_what_is_worse(old: str, new: str, manner: str) -> None:
    def case(told: str) -> Case:
        lead, _, word = told.rpartition(" ")
        foreseen = "known" if lead == "expected" else ""
        return Case("one", "a", (), "must", word, foreseen=foreseen, advisory=lead == "new")

    assert Change(case(old), case(new)).manner == manner


def test_versions_circumstances_and_who_came_or_went_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = run(tmp_path / "old")
    entries = json.loads((old / "run.json").read_text())["implementations"]
    new = run(
        tmp_path / "new",
        suite="0.2.0",
        profile="systemd-262",
        host={"kernel": "6.19", "machine": "x86_64"},
        implementations=[entries[0] | {"version": "9"}],
        skipped=[{"name": entries[1]["name"], "reason": "not installed"}],
    )
    assert main(["--compare", str(old), str(new), "--out", str(tmp_path / "out")]) is ExitCode.CONFORMS
    told = (capsys.readouterr().out, (tmp_path / "out" / "comparison.md").read_text())
    for words in ("suite: 0.1.0, now 0.2.0", "profile: none, now systemd-262", "kernel: 6.18, now 6.19"):
        assert words in told[0]
    assert f"{ONE}: version 0.1, now 9" in told[0] and f"- `{ONE}`: version `0.1` → `9`" in told[1]
    assert "implementation-01: gone, skipped: not installed" in told[0]
    assert main(["--compare", str(new), str(old), "--out", str(tmp_path / "back")]) is ExitCode.CONFORMS
    assert "implementation-01: new: " in capsys.readouterr().out


def test_an_adapter_that_fails_now_is_worse_though_none_of_its_cases_is_there(tmp_path: Path) -> None:
    old = run(tmp_path / "old")
    entries = json.loads((old / "run.json").read_text())["implementations"]
    new = run(
        tmp_path / "new",
        implementations=entries[:1],
        faulty=[{"name": entries[1]["name"], "reason": "exit 3"}],
    )
    assert (
        main(["--compare", str(old), str(new), "--out", str(tmp_path / "out")]) is ExitCode.DOES_NOT_CONFORM
    )
    assert "Worse: the adapter of implementation-01 fails" in (tmp_path / "out" / "comparison.md").read_text()


def cut(folder: Path) -> None:
    path = folder / "results" / f"{ONE}.jsonl"
    path.write_bytes(path.read_bytes()[:-40])


def other_format(folder: Path) -> None:
    path = folder / "run.json"
    path.write_text(path.read_text().replace('"format": 1', '"format": 2'))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (cut, f"results/{ONE}.jsonl:100: cut short"),
        (other_format, "no run of format 1, the only one known here, but 2"),
    ],
)
@pytest.mark.parametrize("which", ["old", "new"])
def test_a_run_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], None], words: str, which: str
) -> None:
    for name in ("old", "new"):
        run(tmp_path / name)
    spoil(tmp_path / which)
    assert (
        main(["--compare", str(tmp_path / "old"), str(tmp_path / "new"), "--out", str(tmp_path / "out")])
        is ExitCode.USAGE
    )
    said = capsys.readouterr().err
    assert words in said and str(tmp_path / which) in said
    assert not (tmp_path / "out").exists()


def test_what_is_no_run_or_of_another_kind_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trials, boots, empty = run(tmp_path / "trials"), write_boots(tmp_path / "boots"), tmp_path / "empty"
    empty.mkdir()
    entries = json.loads((trials / "run.json").read_text())["implementations"]
    others = run(tmp_path / "others", implementations=[entries[1] | {"name": "somebody-else"}])
    nothing = run(tmp_path / "nothing", implementations=[])
    for two, words in (
        ((trials, nothing), "nothing came to an outcome there"),
        ((trials, boots), "they cannot be compared"),
        ((trials, empty), "run.json is not there: no run"),
        ((tmp_path / "none", trials), "there is no such folder"),
        ((trials, others), "have no case in common"),
    ):
        assert main(["--compare", *map(str, two), "--out", str(tmp_path / "out")]) is ExitCode.USAGE
        assert words in capsys.readouterr().err


def test_boots_are_compared_too(tmp_path: Path) -> None:
    old, new = write_boots(tmp_path / "old"), write_boots(tmp_path / "new")
    path = new / "verdicts" / "262-halt.jsonl"
    path.write_text(path.read_text().replace('"verdict": "pass"', '"verdict": "fail"', 1))
    (change,) = compare(read(old), read(new)).changes("worse")
    assert (change.new.subject, change.new.word, change.new.again) == (
        "262-halt",
        "fail",
        "./run gate 262/halt",
    )
    with pytest.raises(RunRefused, match="a run of boots, and"):
        compare(read(old), read(run(tmp_path / "trials")))


@pytest.mark.chromium
def test_the_page_is_legible_and_fits(tmp_path: Path) -> None:
    def edit(lines: list[Line]) -> None:
        for old, new in (("pass", "fail"), ("fail", "pass"), ("warn", "unsupported")):
            become(old, new)(lines)
        add("fail")(lines)
        drop(lines)

    old, new = run(tmp_path / "old"), run(tmp_path / "new", edit)
    main(["--compare", str(old), str(new), "--out", str(tmp_path / "out")])
    with Browser(tmp_path / "chromium") as page:
        for width, scheme in ((360, "light"), (1400, "dark")):
            page.look(width, scheme)
            page.get((tmp_path / "out" / "index.html").as_uri())
            assert page.evaluate(CONTRAST) == [] and page.evaluate(TWICE) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        titles = page.evaluate("[...document.querySelectorAll('main h2')].map((e) => e.innerText)")
        assert [title.split(":")[0] for title in titles][-2:] == ["New cases", "Cases that are gone"]
        assert not {"\x1b"}.intersection(page.evaluate("document.body.textContent"))
        assert page.get_log("browser") == []
