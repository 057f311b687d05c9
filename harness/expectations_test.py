"""What is foreseen counts no more; what is not true any more is named, whichever way it came to be untrue."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import pytest

from harness import expectations_file
from harness.expectations import Expectation, Result, judge, renewed, results
from harness.expectations_file import ExpectationsRefused

TODAY = datetime.date(2026, 11, 25)
HERE = {"version": "2.0", "transport": "unix-dgram", "kernel": "6.1"}
KNOWN = ["sender/a/one", "sender/a/two", "sender/b/one", "sender.exact", "sender.other"]


def found(one: str, two: str, three: str = "pass") -> list[Result]:
    return [
        Result("sender/a/one", ("sender.exact",), one, "so"),
        Result("sender/a/two", ("sender.exact",), two, "so"),
        Result("sender/b/one", ("sender.other",), three, "so"),
    ]


def entry(*ids: str, outcome: str = "fail", **more: object) -> Expectation:
    return Expectation(ids, outcome, "because", **more)  # type: ignore[arg-type]


def judged(entries: Sequence[Expectation], seen: Sequence[Result]) -> tuple[set[str], list[str]]:
    account = judge(entries, seen, KNOWN, HERE, TODAY)
    return set(account.foreseen), account.troubles


@pytest.mark.parametrize("name", ["sender/a/one", "sender/*/one", "sender.exact", "sender.ex*"])
def test_what_is_foreseen_is_covered(name: str) -> None:
    assert judged([entry(name)], found("fail", "pass", "fail"))[0] >= {"sender/a/one"}


def test_an_entry_of_vectors_speaks_of_each_and_one_of_a_requirement_of_some() -> None:
    seen = found("fail", "pass")
    assert judged([entry("sender/a/*")], seen)[1] == ["unexpected pass: sender/a/two, expected fail"]
    assert judged([entry("sender.exact")], seen)[1] == []
    assert judged([entry("sender.exact")], found("pass", "pass"))[1] == [
        "unexpected pass: sender.exact, expected fail"
    ]


def test_one_of_a_requirement_is_not_given_the_lie_by_a_part_of_its_vectors() -> None:
    entries, seen = [entry("sender.ex*"), entry("sender/a/one")], found("pass", "pass")
    account = judge(entries, seen, KNOWN, HERE, TODAY, {"sender.exact"})
    assert account.troubles == ["unexpected pass: sender/a/one, expected fail"]
    assert renewed(entries, seen, KNOWN, HERE, TODAY, {"sender.exact"}) == entries[:1]
    assert renewed(entries, seen, KNOWN, HERE, TODAY, {"sender.other"}) == []


def test_another_failure_than_foreseen_counts_as_one() -> None:
    assert judged([entry("sender/a/one")], found("crash", "pass")) == (set(), [])


@pytest.mark.parametrize(
    ("words", "troubles"),
    [
        (("pass", "skip"), ["unexpected pass: proxy/c, expected hang"]),
        (("skip", "skip"), ["unexpected skip: proxy/c, expected hang"]),
        (("pass", "fail"), []),
    ],
)
def test_a_case_as_a_whole_that_came_to_its_parts_is_not_what_was_foreseen(
    words: Sequence[str], troubles: list[str]
) -> None:
    seen = [Result(f"proxy/c/{n}", (f"proxy.{n}",), word) for n, word in enumerate(words)]
    account = judge([entry("proxy/c", outcome="hang")], seen, ["proxy/c", "proxy/cc"], HERE, TODAY)
    assert account.troubles == troubles
    other = [Result("proxy/cc/1", ("proxy.1",), "pass")]
    assert not judge([entry("proxy/c", outcome="hang")], other, ["proxy/c"], HERE, TODAY).troubles


def test_one_that_proves_nothing_is_not_what_was_foreseen() -> None:
    assert judged([entry("sender/a/one")], found("skip", "pass"))[1] == [
        "unexpected skip: sender/a/one, expected fail"
    ]


@pytest.mark.parametrize("name", ["sender/a/three", "sender.nothing", "receiver/*"])
def test_one_that_matches_nothing_is_stale(name: str) -> None:
    assert judged([entry(name)], found("pass", "pass"))[1] == [f"stale: {name} matches nothing"]


def test_one_that_was_not_asked_today_is_not_stale() -> None:
    assert judged([entry("sender/b/one")], found("pass", "pass")[:2])[1] == []


def test_one_whose_date_is_past_covers_and_is_named() -> None:
    past, last = TODAY - datetime.timedelta(1), TODAY
    covered, troubles = judged([entry("sender/a/one", until=past)], found("fail", "pass"))
    assert covered == {"sender/a/one"}
    assert troubles == ["expired on 2026-11-24: sender/a/one (because)"]
    assert judged([entry("sender/a/one", until=last)], found("fail", "pass"))[1] == []


@pytest.mark.parametrize(
    ("when", "binds"),
    [
        ({"version": ("2.*",)}, True),
        ({"version": ("1.*", "2.0")}, True),
        ({"version": ("1.*",)}, False),
        ({"version": ("2.*",), "kernel": ("5.*",)}, False),
        ({"transport": ("vsock*",)}, False),
        ({"profile": ("systemd-*",)}, False),
    ],
)
def test_under_other_conditions_it_says_nothing(when: dict[str, tuple[str, ...]], binds: bool) -> None:
    covered, troubles = judged([entry("sender/a/one", when=when)], found("fail", "pass"))
    assert (covered == {"sender/a/one"}, troubles) == (binds, [])
    assert judged([entry("sender/a/three", when=when)], [])[1] == (
        ["stale: sender/a/three matches nothing"] if binds else []
    )


def test_renewed_entries_are_true_and_keep_what_people_wrote() -> None:
    old = [
        entry("sender/a/one", "sender/gone/*", link="https://example.org/1"),
        entry("sender/b/one", outcome="hang"),
        entry("sender/a/two", when={"version": ("1.*",)}),
        entry("sender.other", outcome="crash", until=TODAY - datetime.timedelta(1)),
    ]
    seen = found("fail", "unsupported", "crash")
    new = renewed(old, seen, KNOWN, HERE, TODAY)
    assert judged(new, seen) == ({"sender/a/one", "sender/a/two", "sender/b/one"}, [])
    assert new[0] == entry("sender/a/one", link="https://example.org/1")
    assert old[2] in new and replaced(old[3]) in new
    assert renewed(new, seen, KNOWN, HERE, TODAY) == new


def replaced(old: Expectation) -> Expectation:
    return Expectation(old.ids, old.outcome, old.reason)


def test_what_a_grade_says_in_one_word() -> None:
    def line(vector: str, verdict: str) -> dict[str, object]:
        return {"vector": vector, "requirements": ["sender.exact"], "verdict": verdict}

    grades = [line(each, verdict) for each, verdict in zip("abcdef", GRADED, strict=True)]
    outcomes = [
        {"vector": each, "outcome": kind, "reason": "r"} for each, kind in zip("abcde", KINDS, strict=True)
    ]
    assert [each.word for each in results([*grades, {"requirement": "x"}], outcomes)] == [
        "pass",
        "crash",
        "skip",
        "skip",
        "unsupported",
    ]


GRADED = ("pass", "fail", "skip", "skip", "skip", "inconclusive")
KINDS = ("concluded", "crash", "crash", "concluded", "unsupported")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    entries = [
        entry("sender/a/one"),
        entry("a/*", "b.*", link="https://x", when={"version": ("1*", "2"), "kernel": ("6",)}, until=TODAY),
        Expectation(("x",), "hang", 'with "quotes", \\ and \n ä \x7f'),
    ]
    expectations_file.write(tmp_path, entries)
    assert expectations_file.read(tmp_path) == entries


def test_the_comment_at_its_top_stays(tmp_path: Path) -> None:
    file = tmp_path / expectations_file.NAME
    file.write_text("# ours\n# too\n\n# not this\n")
    expectations_file.write(tmp_path, [entry("x")])
    assert file.read_text().startswith("# ours\n# too\n\n[[expectation]]\nid = ")
    assert "not this" not in file.read_text()


def test_where_there_is_no_file_nothing_is_expected(tmp_path: Path) -> None:
    assert expectations_file.read(tmp_path) == []


GOOD = 'id = "a/b/c"\noutcome = "fail"\nreason = "r"\n'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[expectation]]\n" + GOOD + "colour = 1", "entry 1: colour: unknown; there are id, "),
        ("[[expectation]]\n" + GOOD.replace('"a/b/c"', "[]"), "entry 1: id: a string"),
        ("[[expectation]]\n" + GOOD.replace('"fail"', '"pass"'), "entry 1: outcome: one of fail"),
        ("[[expectation]]\n" + GOOD.replace('"r"', '""'), "entry 1: reason: missing"),
        ("[[expectation]]\n" + GOOD + "link = 3", "entry 1: link: a string"),
        ("[[expectation]]\n" + GOOD + 'when = {phase = "x"}', "entry 1: when: a table of version"),
        ("[[expectation]]\n" + GOOD + "when = {version = 252}", "entry 1: version: a string"),
        ("[[expectation]]\n" + GOOD + 'until = "soon"', "entry 1: until: a date"),
        ("[expectations]\n", "expectations: only [[expectation]]"),
        ("[[", "expectations.toml"),
    ],
)
def test_what_is_wrong_is_named_with_its_file(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / expectations_file.NAME).write_text(text)
    with pytest.raises(ExpectationsRefused) as refused:
        expectations_file.read(tmp_path)
    assert expectations_file.NAME in str(refused.value) and reason in str(refused.value)
