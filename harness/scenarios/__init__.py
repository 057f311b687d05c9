"""All scenarios, in the order in which they are listed."""

from __future__ import annotations

from harness.scenario import Scenario
from harness.scenarios import shutdown

SCENARIOS: dict[str, Scenario] = {each.name: each for each in (*shutdown.SCENARIOS,)}
