"""The page of a run as large as it may become, in a real browser: held to counts of what is drawn, and not to times."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.page.browser import Browser
from harness.page.cases_test import choose, do, open_at
from harness.page.sample_trials import CASES, IMPLEMENTATIONS, REQUIREMENTS, write_sample
from harness.page.trial_page import render

pytestmark = pytest.mark.chromium

LISTEN = """window.long = []; new PerformanceObserver((list) => {
    for (const each of list.getEntries()) window.long.push(Math.round(each.duration));
}).observe({ type: 'longtask', buffered: true })"""
LAID_OUT = """[...document.querySelectorAll('.matrix tbody td:nth-child(2)')]
    .filter((cell) => cell.checkVisibility({ contentVisibilityAuto: true })).length"""
SHOWN = """[...document.querySelectorAll('tr[data-verdicts]')].slice(0, 9).flatMap((row) => [...row.cells])
    .filter((cell) => cell.tagName === 'TD' && cell.offsetParent).map((cell) => cell.className)"""


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("chromium")) as browser:
        browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": LISTEN})
        yield browser


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return render(write_sample(tmp_path_factory.mktemp("large")))


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


def test_the_cases_of_an_implementation_are_a_place_to_link_to(chromium: Browser, large: Path) -> None:
    page = open_at(chromium, large.as_uri())
    do(page, "document.querySelector('#implementations a[data-column]').click()")
    assert page.current_url.startswith(f"{large.as_uri()}#filter?column=implementation-")
    assert page.is_active("#cases")
    assert page.evaluate("filter.elements.column.value") in page.current_url
