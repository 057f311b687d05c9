"""The page of implementations in a real browser: whole, inert, legible, and usable with a keyboard alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from harness.page.browser import CONTRAST, OPEN_ALL, TWICE, Browser
from harness.page.trial_page import render

pytestmark = pytest.mark.chromium

HOSTILE = "<script>document.title='owned'</script>\u202e\x1b[31m\x00"
DEAD = """[...document.querySelectorAll('a[href^="#"]')].map((a) => decodeURIComponent(a.hash.slice(1)))
    .filter((id) => !document.getElementById(id))"""
CUT_OFF = """[...document.querySelectorAll('body *')].filter((e) => e.getClientRects().length)
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.matches('.skip-link'))
    .filter((e) => !e.closest('.scroll')).map((e) => e.outerHTML.slice(0, 80))"""
TEXT = "document.body.textContent.replace(/\\s+/g, ' ')"


def result(name: str, word: str, **more: Any) -> dict[str, Any]:
    more = {"seen": f"seen at {name} {HOSTILE}"} | more
    return {"vector": f"sender/a/{name}", "requirements": ["sender.a"], "level": "must", "word": word} | more


def unmet(name: str, word: str, **more: Any) -> dict[str, Any]:
    put = ['environment: "${path}"', json.dumps({"call": "notify", "state": HOSTILE})]
    again = f"./run gate one --strict --only sender/a/{name}"
    return result(name, word, expected="arrived " + "x" * 300, note="Why.", put=put, again=again, **more)


RESULTS = [
    unmet("fails", "fail"),
    unmet("crashes", "crash"),
    unmet("hangs", "hang"),
    unmet("talks", "nonsense"),
    unmet("known", "fail", foreseen={"outcome": "fail", "reason": "known", "link": "https://example.org/7"}),
    unmet("sly", "fail", foreseen={"outcome": "fail", "reason": "sly", "link": "javascript:alert(1)"}),
    result("cannot", "unsupported", seen="it cannot"),
    result("passes", "pass"),
]
ENTRY = {
    "name": "one/257",
    "implementation": HOSTILE,
    "version": "1 " + "9" * 60,
    "role": "sender",
    "exit_code": 1,
    "seconds": 1.25,
    "counts": {
        "fail": 1,
        "expected fail": 2,
        "crash": 1,
        "hang": 1,
        "nonsense": 1,
        "unsupported": 1,
        "pass": 1,
    },
    "expectations": ["unexpected pass: sender/a/passes, expected fail", "stale: sender/none matches nothing"],
    "proof": {"an unknown request": "refused", "sender/proof/right": "pass", "sender/proof/wrong": "fail"},
    "unput": ["sender/a/late"],
    "again": "./run gate one --strict",
    "grades": "grades/one.jsonl",
    "results": "results/one.jsonl",
}
SOURCE = {"document": "sd_notify(3)", "section": "Notes", "version": "262"}
REQUIREMENTS = [
    {"id": "sender.a", "role": "sender", "level": "must", "text": "A sentence.", "source": SOURCE},
    {"id": "sender.other", "role": "sender", "level": "must", "text": "Of nobody here.", "source": SOURCE},
]
CASES = [
    {
        "vector": each["vector"],
        "role": "sender",
        "requirements": each["requirements"],
        "level": each["level"],
        "note": f"Why {HOSTILE}",
        "steps": [{"call": "notify", "state": f"A={HOSTILE}\nREADY=1", "fds": 2}],
        "expect": [{"returns": ["positive"]}],
    }
    for each in RESULTS
]
GRADES = [
    {
        "vector": each["vector"],
        "verdict": "fail",
        "expected": f"what {each['vector']} asks for",
        "conclusion": {"arrived": [{"data_base64": "Qj3/AA==", "fds": "1"}], "returns": ["positive"]},
    }
    for each in RESULTS
    if each["word"] != "unsupported"
]


def write_sample(folder: Path, **members: Any) -> Path:
    run = {
        "format": 1,
        "suite": "0.1.0",
        "started": "2026-01-02T03:04:05Z",
        "host": {"kernel": "6.1", "machine": "x86_64"},
        "profile": None,
        "exit_code": 1,
        "implementations": [ENTRY],
        "skipped": [{"name": "absent", "reason": "this machine has no usr/lib/absent"}],
        "faulty": [{"name": "liar", "reason": f"nonsense: {HOSTILE}"}],
        "broken": [],
    } | members
    met = {"requirement": "sender.a", "verdict": "fail", "vectors": 8, "as_described": 1}
    for name, lines in (
        ("run.json", [run]),
        ("requirements.jsonl", REQUIREMENTS),
        ("cases.jsonl", CASES),
        ("grades/one.jsonl", [*GRADES, met]),
        ("results/one.jsonl", RESULTS),
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path = render(write_sample(tmp_path_factory.mktemp("run")))
    with Browser(tmp_path_factory.mktemp("chromium")) as browser:
        browser.script(allowed=False)
        browser.get(path.as_uri())
        browser.evaluate(OPEN_ALL)
        yield browser


@pytest.mark.parametrize(
    "words",
    [
        "1 ✗ fail 2 ✗ expected fail 1 ✗ crash 1 … hang 1 ? nonsense",
        "./run gate one --strict --only sender/a/fails",
        "✗ fail known (https://example.org/7)",
        "unexpected pass: sender/a/passes, expected fail",
        "stale: sender/none matches nothing",
        "Its adapter was proved: an unknown request: refused, sender/proof/right: pass, sender/proof/wrong: fail.",
        "1 vectors were not put before it",
        "absent– skipped: not runthis machine has no usr/lib/absent",
        "liar✗ faulty: its adapter failednonsense:",
        "sender.a: A sentence. sd_notify(3), Notes (262)",
        "✗ fail1 of 8",
        "it cannot",
    ],
)
def test_it_tells_what_came_of_the_run(page: Browser, words: str) -> None:
    assert words in page.evaluate(TEXT)


def test_each_step_that_was_put_has_a_line(page: Browser) -> None:
    first, second = page.evaluate("document.querySelector('.put').textContent").split("\n")
    assert first.startswith("environment: ") and second.startswith('{"call": "notify"')


def test_only_what_was_put_is_asked_of(page: Browser) -> None:
    assert "sender.other" not in page.evaluate(TEXT)


def test_hostile_bytes_are_inert(page: Browser) -> None:
    assert page.title.startswith("Does not conform")
    assert page.evaluate("[...document.scripts].filter((each) => !each.type).length") == 1
    text = page.evaluate("document.body.textContent")
    assert r"<script>document.title='owned'</script>\u{202e}\x1b[31m\x00" in text
    assert not {"\u202e", "\x1b", "\x00"}.intersection(text)
    assert page.evaluate("[...document.links].map((a) => a.protocol)").count("javascript:") == 0
    assert page.evaluate("document.querySelectorAll('a[href^=\"https://example.org\"]').length") == 1


def test_links_lead_somewhere_and_nothing_has_the_name_of_another(page: Browser) -> None:
    assert page.evaluate("document.links.length") > 5
    assert page.evaluate(DEAD) == []
    assert page.evaluate(TWICE) == []


@pytest.mark.parametrize("width", [360, 1400])
def test_it_fits_the_width(page: Browser, width: int) -> None:
    page.look(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_enough(page: Browser, scheme: str) -> None:
    page.look(scheme=scheme)
    assert page.evaluate(CONTRAST) == []


def test_a_keyboard_alone_comes_to_the_command(page: Browser) -> None:
    page.get(page.current_url.partition("#")[0])
    assert page.tab_until(".skip-link[href='#implementations']") == 2
    page.press(Keys.ENTER)
    page.await_focus("#implementations")
    page.tab_until(".again", stops=20)
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.evaluate(OPEN_ALL)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"format": 2}, "run.json: format 2"),
        ({"implementations": [{"name": "one"}]}, "run.json: 'grades' is missing"),
        ({"implementations": 3}, "run.json: "),
    ],
)
def test_a_run_that_is_broken_is_refused(tmp_path: Path, members: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        render(write_sample(tmp_path, **members))
