"""A headless Chromium for the tests of the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

ARGUMENTS = """--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync
    --disable-background-networking --disable-component-update --hide-scrollbars --window-size=1400,1000"""

# What the tests of every page ask.
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
OPEN_ALL = "document.querySelectorAll('details').forEach((each) => { each.open = true })"
TWICE = """(() => { const seen = new Set(); return [...document.querySelectorAll('[id]')].map((e) => e.id)
    .filter((id) => seen.size === seen.add(id).size) })()"""


class Browser(webdriver.Chrome):
    def __init__(self, profile: Path) -> None:
        options = webdriver.ChromeOptions()
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        for argument in ARGUMENTS.split():
            options.add_argument(argument)
        options.add_argument(f"--user-data-dir={profile}")
        super().__init__(options=options, service=Service("/usr/bin/chromedriver"))

    def evaluate(self, expression: str) -> Any:
        """Over the debugger, which also works where the page itself may run no script."""
        answer = self.execute_cdp_cmd("Runtime.evaluate", {"expression": expression, "returnByValue": True})
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def look(self, width: int = 1400, scheme: str = "light", media: str = "") -> None:
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        self.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})

    def script(self, allowed: bool) -> None:
        self.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not allowed})

    def is_active(self, selector: str) -> bool:
        return bool(self.evaluate(f"document.activeElement.matches({json.dumps(selector)})"))

    def await_focus(self, selector: str) -> None:
        """A link within the page moves the focus only once the browser has gone where it leads, and the next key may
        be quicker.
        """
        arrived = """new Promise((resolve) => {
            const look = () => document.activeElement.matches(%s) && resolve();
            addEventListener("focusin", look);
            look();
        })"""
        wait = {"expression": arrived % json.dumps(selector), "awaitPromise": True, "timeout": 30_000}
        answer = self.execute_cdp_cmd("Runtime.evaluate", wait)
        assert "exceptionDetails" not in answer, answer

    def press(self, *keys: str) -> None:
        ActionChains(self).send_keys(*keys).perform()

    def tab_until(self, selector: str, stops: int = 300) -> int:
        for stop in range(stops):
            if self.is_active(selector):
                return stop
            self.press(Keys.TAB)
        raise AssertionError(f"{stops} times tab, and never on {selector}")
