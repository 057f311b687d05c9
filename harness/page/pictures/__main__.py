"""Draws the pictures beside this file from runs that the gate has left: one of boots, one of implementations, or both.

    PYTHONPATH=. python3 -m harness.page.pictures RUN...
"""

from __future__ import annotations

import argparse
import base64
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from harness import kept_run
from harness.exit_code import ExitCode
from harness.guard import guarded
from harness.kept_run import RunRefused
from harness.page.browser import Browser

HERE = Path(__file__).parent
LARGEST = 150_000  # bytes; the repository keeps every one of them for ever
# The worst cell of the matrix, if one is not as it should be.
OPEN_CELL = """(document.querySelector('.matrix td.fail a') || document.querySelector('.matrix td a')).click();
    document.querySelector('#panel .case > summary').click()"""

# What is not met, and of the columns those that have it.
UNMET = """filter.elements.verdict.value = 'fail'; sift();
    for (const box of document.querySelectorAll('.matrix-box')) {
        const cell = box.querySelector('td.fail');
        if (cell) box.scrollLeft = cell.offsetLeft - 2.6 * cell.previousElementSibling.offsetWidth - 400;
    }"""


@dataclass(frozen=True)
class Picture:
    name: str
    of: str  # boots or implementations, as run.json has them
    width: int
    height: int
    scheme: str = "light"
    goal: str = ""  # what comes to the top
    first: str = ""  # script that is run before


PICTURES = (
    Picture("implementations", "implementations", 1200, 760, goal="#verdicts", first=UNMET),
    Picture("case", "implementations", 1000, 720, first=OPEN_CELL),
    Picture("phone", "implementations", 390, 760, "dark", goal="#verdicts-sender", first=UNMET),
    Picture("boots", "boots", 1200, 760),
    Picture("timeline", "boots", 1200, 760, "dark", goal=".boot"),
)


def draw(page: Browser, run: Path, picture: Picture) -> bytes:
    page.look(picture.width, picture.scheme)
    size = {"width": picture.width, "height": picture.height, "deviceScaleFactor": 1, "mobile": False}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    page.get("about:blank")
    page.get((run / "index.html").resolve().as_uri())
    if picture.first:
        page.evaluate(picture.first)
    if picture.goal:
        page.evaluate(f"document.querySelector({picture.goal!r}).scrollIntoView()")
    page.evaluate("document.activeElement.blur()")
    # A frame later all is drawn that came into sight.
    wait = "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))"
    page.execute_cdp_cmd("Runtime.evaluate", {"expression": wait, "awaitPromise": True})
    return base64.b64decode(page.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"])


def main(arguments: list[str] | None = None) -> ExitCode:
    parser = argparse.ArgumentParser(prog="python3 -m harness.page.pictures", description=__doc__)
    parser.add_argument("runs", nargs="+", type=Path, metavar="RUN", help="folder that the gate has left")
    parser.add_argument("--out", type=Path, default=HERE, metavar="DIR", help="where the pictures go")
    options = parser.parse_args(arguments)
    try:
        kinds = {run: kept_run.read(run) for run in options.runs}
    except RunRefused as refused:
        print(f"pictures: {refused}", file=sys.stderr)
        return ExitCode.USAGE
    drawn = 0
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile, Browser(Path(profile)) as page:
        for run, content in kinds.items():
            for picture in PICTURES:
                if content.get(picture.of):
                    data = draw(page, run, picture)
                    if len(data) > LARGEST:
                        raise ValueError(f"{picture.name}: {len(data)} bytes are more than {LARGEST}")
                    (options.out / f"{picture.name}.png").write_bytes(data)
                    print(f"{options.out / picture.name}.png: {len(data)} bytes")
                    drawn += 1
    return ExitCode.CONFORMS if drawn else ExitCode.NOTHING_RAN


if __name__ == "__main__":
    sys.exit(guarded("pictures", main))
