"""The page of coverage, as a reader meets it in a browser without script: whole, legible, and all of its links lead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.kill.__main__ import ROLES
from harness.kill.page import Seen, render, seen_of
from harness.page.browser import CONTRAST, OPEN_ALL, TWICE, Browser
from harness.vectors.vector import read

DEAD = "[...document.links].filter((a) => !document.getElementById(a.hash.slice(1))).map((a) => a.href)"
CUT_OFF = """[...document.querySelectorAll('body *')].filter((e) => e.getClientRects().length)
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.matches('.skip-link'))
    .map((e) => e.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    vectors = [each for role in ROLES for each in read(role)]
    path = render(vectors, tmp_path_factory.mktemp("coverage"))
    with Browser(tmp_path_factory.mktemp("chromium")) as browser:
        browser.script(allowed=False)
        browser.get(path.as_uri())
        browser.evaluate(OPEN_ALL)
        yield browser


def test_all_links_lead_somewhere_and_nothing_has_the_name_of_another(page: Browser) -> None:
    assert page.evaluate("document.links.length") > 1000
    assert page.evaluate(DEAD) == []
    assert page.evaluate(TWICE) == []


def test_the_answer_is_on_top(page: Browser) -> None:
    assert page.evaluate("document.querySelector('h1').textContent").endswith(
        "Every requirement has a case, and a bug that proves it"
    )
    assert page.evaluate("document.querySelectorAll('.missing').length") == 0
    assert page.evaluate("document.scripts.length") == 0


@pytest.mark.parametrize("width", [360, 1400])
def test_it_fits_the_width(page: Browser, width: int) -> None:
    page.look(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_enough(page: Browser, scheme: str) -> None:
    page.look(scheme=scheme)
    assert page.evaluate(CONTRAST) == []


def test_versions_that_came_to_the_same_stand_together() -> None:
    vector = {"systemd": {"252": {}, "254": {"status": "a"}, "257": {"status": "a"}, "262": {"status": ""}}}
    assert seen_of(vector) == [
        Seen("252", "all as it was before"),
        Seen("254, 257", "status a"),
        Seen("262", 'status ""'),
    ]
