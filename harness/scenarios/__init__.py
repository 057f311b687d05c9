"""All scenarios, in the order in which they are listed."""

from __future__ import annotations

from harness.scenario import Scenario
from harness.scenarios import credential, exam, machine, running, shutdown, signals, special_boot, user

MODULES = (shutdown, special_boot, running, signals, user, machine, credential, exam)
SCENARIOS: dict[str, Scenario] = {each.name: each for module in MODULES for each in module.SCENARIOS}
