"""Every case of a requirement on boots is a scenario, and every scenario is a case of some requirement."""

import tomllib
from pathlib import Path

from harness.scenarios import SCENARIOS

ROOT = Path(__file__).parent.parent.parent
REQUIREMENTS = tomllib.loads((ROOT / "fixtures" / "requirements.toml").read_text())["requirement"]
GOLDEN = tomllib.loads((ROOT / "fixtures" / "traces" / "golden.toml").read_text())["golden"]


def test_every_case_is_a_scenario_and_every_scenario_is_a_case() -> None:
    on_boots = [each for each in REQUIREMENTS if each.get("by") != "pairs"]  # of proxies: fixtures/proxies
    cases = {case for requirement in on_boots for case in requirement.get("cases", [])}
    assert cases == set(SCENARIOS)


def test_golden_traces_are_of_scenarios() -> None:
    assert {name for names in GOLDEN.values() for name in names} <= set(SCENARIOS)
