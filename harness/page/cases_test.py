"""The cases of a run of implementations in a real browser: looked up by cell, filter and link, with their bytes."""

from __future__ import annotations

import json

import pytest
from selenium.webdriver.common.keys import Keys

from harness.page.browser import CONTRAST, OPEN_ALL, Browser
from harness.page.trial_page import render
from harness.page.trial_page_test import CUT_OFF, write_sample

pytestmark = pytest.mark.chromium

AFTER_A_FRAME = """new Promise((resolve) => {
    %s;
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 0)));
})"""
PANEL = "document.getElementById('panel').innerText"
OUTPUT = "document.querySelector('.filter output').textContent"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    return render(write_sample(tmp_path_factory.mktemp("run"))).as_uri()


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


def test_the_filter_stands_in_the_address_and_is_found_there(page: Browser, address: str) -> None:
    choose(page, verdict="fail", text="a/s & ü")
    assert page.current_url == f"{address}#filter?text=a%2Fs+%26+%C3%BC&verdict=fail"
    page.refresh()
    assert page.evaluate("[filter.elements.text.value, filter.elements.verdict.value]") == ["a/s & ü", "fail"]
    assert page.evaluate(OUTPUT) == "0 of 1 requirements, 0 of 8 cases"
    open_at(page, f"{address}#filter?verdict=crash&more=x")
    assert page.evaluate(OUTPUT) == "0 of 1 requirements, 1 of 8 cases"
    open_at(page, f"{address}#filter?verdict=none-such")
    assert page.evaluate("filter.elements.verdict.selectedIndex") == 0 and page.evaluate(OUTPUT) == ""
    page.press("/", Keys.ESCAPE)
    assert page.current_url == address and page.evaluate(OUTPUT) == ""
    assert page.get_log("browser") == []
