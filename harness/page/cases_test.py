"""The cases of a run of implementations in a real browser: looked up by cell, by filter and by link, with their bytes;
and a run as large as it may become, held to counts and not to times.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from harness.page.browser import CONTRAST, OPEN_ALL, Browser
from harness.page.sample_trials import CASES, IMPLEMENTATIONS, REQUIREMENTS
from harness.page.sample_trials import write_sample as write_large
from harness.page.trial_page import render
from harness.page.trial_page_test import CUT_OFF, write_sample

pytestmark = pytest.mark.chromium

AFTER_A_FRAME = """new Promise((resolve) => {
    %s;
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 0)));
})"""
LISTEN = """window.long = []; new PerformanceObserver((list) => {
    for (const each of list.getEntries()) window.long.push(Math.round(each.duration));
}).observe({ type: 'longtask', buffered: true })"""
LAID_OUT = """[...document.querySelectorAll('.matrix tbody td:nth-child(2)')]
    .filter((cell) => cell.checkVisibility({ contentVisibilityAuto: true })).length"""
SHOWN = """[...document.querySelectorAll('tr[data-verdicts]')].slice(0, 9).flatMap((row) => [...row.cells])
    .filter((cell) => cell.tagName === 'TD' && cell.offsetParent).map((cell) => cell.className)"""
PANEL = "document.getElementById('panel').innerText"
OUTPUT = "document.querySelector('.filter output').textContent"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("chromium")) as browser:
        browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": LISTEN})
        yield browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    return render(write_sample(tmp_path_factory.mktemp("run"))).as_uri()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return render(write_large(tmp_path_factory.mktemp("large")))


def open_at(browser: Browser, address: str) -> Browser:
    browser.look()
    browser.get("about:blank")
    browser.get_log("browser")
    browser.get(address)
    return browser


@pytest.fixture
def page(chromium: Browser, address: str) -> Browser:
    return open_at(chromium, address)


def do(page: Browser, expression: str) -> None:
    call = {"expression": AFTER_A_FRAME % expression, "awaitPromise": True}
    answer = page.execute_cdp_cmd("Runtime.evaluate", call)
    assert "exceptionDetails" not in answer, answer


def choose(page: Browser, **wanted: str) -> None:
    values = json.dumps(wanted)
    do(
        page,
        f"Object.entries({values}).forEach(([name, value]) => {{ filter.elements[name].value = value; }});"
        "filter.dispatchEvent(new Event('input'))",
    )


def test_a_cell_opens_its_cases_and_what_is_not_met_comes_first(page: Browser) -> None:
    page.evaluate("document.querySelector('.matrix td.fail a').click()")
    words = page.evaluate(
        "[...document.querySelectorAll('#panel .case .word')].map((e) => e.innerText.trim())"
    )
    assert len(words) == 8 and words[-1] == "✓ pass" and "✗ fail" in words[0]
    assert (
        page.evaluate("document.querySelector('#panel .permanent').getAttribute('href')")
        == "#one_2f_257/sender.a"
    )
    assert page.get_log("browser") == []


def test_a_case_has_its_bytes_and_they_are_inert(page: Browser) -> None:
    page.evaluate("document.querySelector('.matrix td.fail a').click()")
    do(page, "document.querySelector('#panel .case > summary').click()")
    text = page.evaluate(PANEL)
    for part in (
        r"A=<script>document.title='owned'</script>\u{202e}\x1b[31m\x00\n",
        "READY=1",
        "fds 2",
        "what sender/a/fails asks for",
        r"B=\xff\x00",
        "./run gate one --strict --only sender/a/fails",
    ):
        assert part in text, text
    assert not {"\u202e", "\x1b", "\x00"}.intersection(text)
    page.evaluate(OPEN_ALL)
    assert "0000  42 3d ff 00" in page.evaluate(PANEL)
    assert page.evaluate("document.querySelectorAll('#panel script, #panel [onerror]').length") == 0
    assert page.evaluate("document.title").startswith("Does not conform")


def test_what_was_foreseen_leads_to_the_web_alone(page: Browser) -> None:
    for case, links in (("known", 1), ("sly", 0)):
        page.get(page.current_url.partition("#")[0] + f"#one_2f_257/sender/a/{case}")
        assert (
            page.evaluate("document.querySelectorAll('#panel a[href^=http], #panel a[href^=java]').length")
            == links
        )
        assert "Foreseen" in page.evaluate(PANEL)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("one_2f_257/sender.a", "in one/257: 1 of 8 as described"),
        ("one_2f_257/sender/a/hangs", "what sender/a/hangs asks for"),
    ],
)
def test_a_link_to_a_cell_or_a_case_opens_it(page: Browser, address: str, name: str, words: str) -> None:
    open_at(page, f"{address}#{name}")
    assert words in page.evaluate(PANEL)
    page.press(Keys.ESCAPE)
    assert not page.evaluate("panel.open")


def test_a_link_to_nothing_is_harmless(page: Browser, address: str) -> None:
    open_at(page, f"{address}#one_2f_257/none")
    assert not page.evaluate("panel.open")
    assert page.get_log("browser") == []


def test_a_keyboard_alone_filters_walks_opens_and_comes_back(page: Browser) -> None:
    page.press("/")
    assert page.is_active("[name=text]")
    page.press("sender.a")
    page.tab_until(".matrix .id", stops=8)
    page.press(Keys.RIGHT)
    assert page.is_active("td.fail a")
    page.press(Keys.ENTER)
    assert page.is_active("#panel .case > summary")
    page.press(Keys.ENTER)
    do(page, "0")
    assert "what sender/a/fails asks for" in page.evaluate(PANEL)
    page.press(Keys.ESCAPE)
    assert page.is_active("td.fail a")
    page.press("/")
    assert page.is_active("[name=text]")
    page.press(Keys.ESCAPE)
    do(page, "0")
    assert page.evaluate("filter.elements.text.value") == "" and page.evaluate(OUTPUT) == ""


@pytest.mark.parametrize("width", [360, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_case_is_legible_and_fits(page: Browser, width: int, scheme: str) -> None:
    page.look(width, scheme)
    page.evaluate("document.querySelector('.matrix td.fail a').click()")
    for _ in range(2):  # what opens may hold more to open
        do(page, OPEN_ALL)
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CUT_OFF.replace(".scroll", ".scroll, .hex")) == []
    assert page.evaluate("panel.scrollWidth <= panel.clientWidth")


def test_everything_that_can_be_used_has_a_name(page: Browser) -> None:
    page.evaluate("document.querySelector('.matrix td.fail a').click()")
    do(page, OPEN_ALL)
    nameless = """[...document.querySelectorAll('a, button, input, select, summary, pre, [role=region]')]
        .filter((e) => !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length
            || document.getElementById(e.getAttribute('aria-labelledby'))?.textContent.trim()))
        .map((e) => e.outerHTML)"""
    assert page.evaluate(nameless) == []


def test_the_filter_tells_requirements_and_cases(page: Browser) -> None:
    listed = "[...document.querySelectorAll('#cases .case code')].map((e) => e.innerText)"
    choose(page, verdict="crash")
    assert page.evaluate(listed) == ["sender/a/crashes"]
    assert page.evaluate(OUTPUT) == "0 of 1 requirements, 1 of 8 cases"
    choose(page, verdict="fail")
    assert page.evaluate(listed) == [f"sender/a/{name}" for name in ("fails", "known", "sly")]
    choose(page, verdict="expected_20_fail", text="sl")
    assert page.evaluate(listed) == ["sender/a/sly"]
    choose(page, verdict="", text="no such")
    assert page.evaluate(listed) == []
    assert page.evaluate(OUTPUT) == "0 of 1 requirements, 0 of 8 cases"


def counted(page: Browser) -> dict[str, Any]:
    return page.evaluate(
        """({elements: document.getElementsByTagName('*').length,
            rows: [...document.querySelectorAll('tr[data-verdicts]:not([hidden])')].length,
            cases: document.querySelectorAll('#cases .case').length,
            drawn: document.querySelectorAll('.case > :not(summary)').length,
            chunks: chunks.size, long: window.long})"""
    )


def test_a_large_run_draws_only_what_is_looked_at(
    chromium: Browser, large: Path, record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    page = open_at(chromium, large.as_uri())
    told = {"opened": counted(page)}
    # Six elements a cell at most, and nothing of any case.
    assert told["opened"]["elements"] < 6 * IMPLEMENTATIONS * REQUIREMENTS + 20_000
    assert told["opened"] | {"rows": REQUIREMENTS, "cases": 25, "drawn": 0, "chunks": 0} == told["opened"]
    # What is out of sight is not laid out.
    assert page.evaluate(LAID_OUT) < REQUIREMENTS / 3
    for name, wanted, rows in (
        ("text", {"text": "requirement-05"}, 10),
        ("verdict", {"text": "", "verdict": "warn"}, None),
        ("one", {"verdict": "", "column": "implementation-07"}, REQUIREMENTS),
        ("all", {"column": ""}, REQUIREMENTS),
        ("case", {"text": f"case-{CASES - 1}"}, 0),
    ):
        choose(page, **wanted)
        told[name] = counted(page)
        assert told[name]["rows"] == rows or rows is None
        assert told[name]["cases"] <= 25 and told[name]["chunks"] == 0
    assert page.evaluate("document.querySelector('#cases .case code').innerText").endswith(
        f"case-{CASES - 1}"
    )
    do(page, "document.querySelector('#cases .case > summary').click()")
    told["opened case"] = counted(page)
    assert told["opened case"]["chunks"] == 1 and told["opened case"]["drawn"] > 0
    assert page.get_log("browser") == []
    long = {name: each.pop("long") for name, each in told.items()}
    record_property("long_tasks_ms", json.dumps(long["opened case"]))
    size = len(large.read_bytes()) >> 10
    with capsys.disabled():  # told, and not judged: a machine may be busy
        print(f"\n  a page of {size} KiB, long tasks of all that, in ms: {long['opened case']}")


def test_on_a_phone_a_large_run_shows_what_is_not_as_it_should_be(chromium: Browser, large: Path) -> None:
    page = open_at(chromium, large.as_uri())
    page.look(390)
    assert set(page.evaluate(SHOWN)) <= {"fail", "warn", "inconclusive"}
    assert "pass" in page.evaluate("document.querySelector('.row-tally').textContent")
    choose(page, column="implementation-07")
    assert len(page.evaluate(SHOWN)) == 9
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_more_cases_come_on_request_and_the_focus_goes_to_the_first(chromium: Browser, large: Path) -> None:
    page = open_at(chromium, large.as_uri())
    do(page, "document.querySelector('#cases .more').click()")
    assert page.evaluate("document.querySelectorAll('#cases .case').length") == 50
    assert page.evaluate("document.activeElement === document.querySelectorAll('#cases .case > summary')[25]")
