"""The page in a real browser: inert, self-contained, and usable by everyone, with and without script."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from harness.page.browser import CONTRAST, OPEN_ALL, Browser
from harness.page.page import render
from harness.page.sample_run import BOOTS, write_sample

pytestmark = pytest.mark.chromium

CUT_OFF = """(() => {
    const boxes = [...document.querySelectorAll('.drawing, .matrix-box, .matrix thead')]
        .filter((box) => getComputedStyle(box).overflowX !== 'visible');
    return [...document.querySelectorAll('main *')]
        .filter((e) => e.getClientRects().length && e.getBoundingClientRect().right > innerWidth + 1)
        .filter((e) => !boxes.some((box) => box.contains(e)))
        .map((e) => e.tagName);
})()"""
ROW = r"#req-boot\.unit\.dependency-order a"
FAILED = r"#req-boot\.unit\.dependency-order td.fail a"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    return render(write_sample(tmp_path_factory.mktemp("run"))).as_uri()


@pytest.fixture
def page(chromium: Browser, address: str) -> Browser:
    chromium.look()
    chromium.script(allowed=True)
    chromium.get("about:blank")
    for log in ("performance", "browser"):
        chromium.get_log(log)
    chromium.get(address)
    return chromium


def test_asks_for_nothing_and_complains_of_nothing(page: Browser, address: str) -> None:
    page.evaluate(OPEN_ALL)
    events = [json.loads(each["message"])["message"] for each in page.get_log("performance")]
    asked = [
        each["params"]["request"]["url"] for each in events if each["method"] == "Network.requestWillBeSent"
    ]
    assert [url for url in asked if not url.startswith("data:")] == [address]
    assert page.get_log("browser") == []


def test_hostile_bytes_are_inert(page: Browser) -> None:
    page.evaluate(OPEN_ALL)
    assert page.title.startswith("Does not conform")
    assert page.evaluate("document.scripts.length") == 1
    assert (
        page.evaluate(
            "document.querySelectorAll('img, iframe, object, b b, [onerror], [onmouseover]').length"
        )
        == 0
    )
    text = page.evaluate("document.body.textContent")
    assert "<script>document.title='owned'</script>" in text
    assert r"\u{202e} evil \x1b[31m \x00 \xff\xfe" in text
    assert not {"\u202e", "\x1b", "\x00"}.intersection(text)


def test_without_script_everything_is_there(page: Browser) -> None:
    with_script = page.evaluate("document.querySelector('main').textContent")
    page.script(allowed=False)
    page.refresh()
    assert page.evaluate("document.querySelector('main').textContent") == with_script
    assert page.evaluate("document.querySelector('.filter').hidden")
    assert page.evaluate("document.querySelectorAll('.matrix td a').length") == len(BOOTS) * 35
    page.evaluate(OPEN_ALL)
    unseen = """[...document.querySelectorAll('main :is(td, th, li, dd, h2, h3, svg.timeline)')]
        .filter((e) => !e.getClientRects().length).length"""
    assert page.evaluate(unseen) == 0


def test_every_link_arrives_and_no_id_is_twice(page: Browser) -> None:
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((element) => element.id)")
    assert len(ids) == len(set(ids))
    goals = page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map((a) => decodeURIComponent(a.hash.slice(1)))"
    )
    assert len(goals) > 500
    assert set(goals) - set(ids) == set()
    described = (
        "[...document.querySelectorAll('[aria-labelledby]')].map((e) => e.getAttribute('aria-labelledby'))"
    )
    assert set(page.evaluate(described)) <= set(ids)


def test_keyboard_alone_opens_a_verdict_and_comes_back(page: Browser) -> None:
    assert page.tab_until(".skip-link[href='#verdicts']") == 1
    page.press(Keys.ENTER)
    page.await_focus("#verdicts")
    page.tab_until(".matrix .id", stops=10)
    for key, goal in ((Keys.DOWN, ROW), (Keys.RIGHT, FAILED)):
        for _ in range(40):
            if not page.is_active(goal):
                page.press(key)
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.press(Keys.ENTER)
    panel = page.find_element(By.ID, "panel")
    for part in ("boot.unit.dependency-order", "fail in 262-hostile", "Expected", "Seen", "line 8"):
        assert part in panel.text
    page.press(Keys.ESCAPE)
    assert not panel.is_displayed()
    assert page.is_active(FAILED)


def test_the_matrix_is_one_stop_of_the_tab_key(page: Browser) -> None:
    for table in page.find_elements(By.CLASS_NAME, "matrix"):
        assert len(table.find_elements(By.CSS_SELECTOR, 'a:not([tabindex="-1"])')) == 1


def test_keyboard_alone_opens_the_events(page: Browser) -> None:
    page.tab_until(".events > summary")
    page.press(Keys.ENTER)
    assert page.evaluate("document.activeElement.parentElement.open")
    assert (
        "X_SYSTEMD_MACHINE_ID=0123456789abcdef"
        in page.switch_to.active_element.find_element(By.XPATH, "..").text
    )


@pytest.mark.parametrize("name", ["257-halt", "req-boot.ready.sent", "262-hostile/L9"])
def test_a_deep_link_unfolds_what_it_leads_to(page: Browser, address: str, name: str) -> None:
    page.get("about:blank")
    page.get(f"{address}#{name}")
    goal = f"document.getElementById({json.dumps(name)})"
    assert page.evaluate(f"document.activeElement === {goal}")
    top = page.evaluate(f"{goal}.getBoundingClientRect().top")
    assert 0 <= top < 900


def test_the_filter_sifts_by_id_and_verdict(page: Browser) -> None:
    box = page.find_element(By.NAME, "text")
    shown = "[...document.querySelectorAll('tr[data-verdicts]')].filter((row) => row.offsetParent).length"
    assert page.evaluate(shown) == 35
    box.send_keys("boot.hostname")
    assert page.evaluate(shown) == 5
    box.send_keys(Keys.CONTROL, "a", Keys.NULL, "fail")
    assert page.evaluate(shown) == 4
    assert page.find_element(By.TAG_NAME, "output").text == "4 of 35 requirements"
    assert (
        page.evaluate("[...document.querySelectorAll('.group')].filter((row) => row.offsetParent).length")
        == 3
    )
    page.refresh()
    assert page.current_url.endswith("#filter?text=fail") and page.evaluate(shown) == 4


def text_of(page: Browser, name: str) -> str:
    """Also of what is scrolled away, of which a browser draws nothing."""
    return " ".join(page.evaluate(f"document.getElementById({json.dumps(name)}).textContent").split())


def test_a_machine_is_told_from_a_container_everywhere(page: Browser) -> None:
    text = page.evaluate("document.querySelector('.answer').innerText")
    assert "vm over vsock-stream: 1" in text and "qemu 7.2.22, tcg, vsock user" in text
    heads = page.evaluate(
        "[...document.querySelectorAll('.matrix thead tr + tr th')].map((e) => e.innerText)"
    )
    assert "vm-poweroff\nvm, vsock-seqpacket" in heads and "halt\ncontainer, unix-dgram" in heads
    boot = text_of(page, "262-vm-reboot-stream")
    assert "vm over vsock-stream · qemu 7.2.22, tcg, vsock user · kernel 6.12" in boot
    assert "10 units and generators masked" in boot and "proc-sys-fs-binfmt_misc.automount" in boot
    assert "cid 3 port 1023 stream, connection 1" in text_of(page, "262-vm-reboot-stream/L6")
    assert "port 40961 not the manager" in text_of(page, "262-vm-exam/L7")
    assert "masked" not in text_of(page, "257-poweroff")


def test_what_differs_between_container_and_machine_is_counted_and_leads_to_its_lines(page: Browser) -> None:
    assert page.evaluate("document.querySelectorAll('.comparison').length") == 1  # 262 has no pair
    tally = page.evaluate(
        "[...document.querySelectorAll('.tally li')].map((e) => [e.className, e.innerText])"
    )
    counts = {kind.split()[0]: int(text.split()[0]) for kind, text in tally}
    assert counts["own"] == 2 and counts["same"] > 20 and counts["moved"] > 0 and counts["container"] > 0
    rows = page.evaluate("[...document.querySelectorAll('.comparison tbody tr')].map((e) => e.className)")
    assert {kind: rows.count(kind) for kind in counts} == counts | {"moved": 2 * counts["moved"]}
    row = page.find_element(By.CSS_SELECTOR, ".comparison tr.moved:has(.theirs .field) .theirs")
    unit = row.find_element(By.CLASS_NAME, "field").text
    page.evaluate("document.querySelector('.comparison tr.moved:has(.theirs .field) .theirs a').click()")
    assert page.evaluate("document.activeElement.id").startswith("257-vm-poweroff/L")
    assert unit in page.switch_to.active_element.text


@pytest.mark.parametrize("width", [360, 700, 1400])
@pytest.mark.parametrize("boots", [len(BOOTS), 6])
def test_nothing_is_wider_than_the_window(page: Browser, tmp_path: Path, width: int, boots: int) -> None:
    page.look(width)
    if boots < len(BOOTS):  # a table of few boots has no box of its own
        page.get(render(write_sample(tmp_path, wanted=BOOTS[-boots:])).as_uri())
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CUT_OFF) == []
    page.evaluate(f"document.querySelector({json.dumps(FAILED)}).click()")
    assert page.evaluate(
        "(({ left, right }) => left >= 0 && right <= innerWidth)(panel.getBoundingClientRect())"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_enough(page: Browser, scheme: str) -> None:
    page.look(scheme=scheme)
    page.evaluate(OPEN_ALL)
    lightness = page.evaluate("Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])")
    assert lightness > 200 if scheme == "light" else lightness < 60
    assert page.evaluate(CONTRAST) == []


def test_names_and_headings(page: Browser) -> None:
    nameless = """[...document.querySelectorAll('a, button, input, select, summary, pre, [role=img]')]
        .filter((e) => !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length
            || document.getElementById(e.getAttribute('aria-labelledby'))?.textContent.trim()))
        .map((e) => e.outerHTML)"""
    assert page.evaluate(nameless) == []
    levels = page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, h4')].map((h) => Number(h.tagName[1]))"
    )
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:]))
    assert page.evaluate("document.documentElement.lang") == "en"


def test_a_verdict_is_a_word_not_only_a_colour(page: Browser) -> None:
    cells = page.evaluate(
        "[...document.querySelectorAll('.matrix td[class]')].map((td) => [td.className, td.textContent])"
    )
    words = [(kind, text) for kind, text in cells if kind not in ("requirement", "unjudged")]
    assert words and all(kind in text for kind, text in words)


def test_on_paper_the_matrix_is_whole(page: Browser) -> None:
    page.look(width=794, media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.matrix-box')).maxHeight") == "none"
    assert page.evaluate("getComputedStyle(document.querySelector('.contents')).display") == "none"
