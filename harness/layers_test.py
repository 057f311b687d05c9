"""The arrows: wire <- field <- model <- verdict <- report; os sees wire only; vm never sees harness."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STAGES = {
    "wire": set(),
    "os": {"wire"},
    "field": {"wire"},
    "receiver": {"wire", "field", "os"},
    "model": {"wire", "field"},
    "verdict": {"wire", "field", "model"},
    "report": {"wire", "field", "model", "verdict"},
    "cli": {"wire", "os", "field", "model", "verdict", "report"},
}
# What only os may touch; clocks and files are the stages' temptation.
SYSTEM_HEADERS = re.compile(
    r"#include <(sys/|unistd\.h|fcntl\.h|poll\.h|fstream|iostream|chrono|ctime|time\.h|cstdio|filesystem)"
)
PURE = ("wire", "field", "model", "verdict", "report")


def includes(text: str) -> set[str]:
    """The stages that a source includes."""
    return {match for match in re.findall(r'#include "(\w+)/', text) if match in STAGES}


def imports(text: str) -> set[str]:
    """The top-level packages that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def sources(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.suffix in {".h", ".cc"}]


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_includes_only_what_lies_below_it(stage: str) -> None:
    files = sources(ROOT / "conformance" / stage)
    assert files
    for path in files:
        wrong = includes(path.read_text()) - STAGES[stage] - {stage}
        assert not wrong, f"{path.relative_to(ROOT)} includes {wrong}"


@pytest.mark.parametrize("stage", PURE)
def test_a_pure_stage_touches_no_file_and_no_clock(stage: str) -> None:
    for path in sources(ROOT / "conformance" / stage):
        if not path.name.endswith("_test.cc"):
            found = SYSTEM_HEADERS.search(path.read_text())
            assert not found, f"{path.relative_to(ROOT)}: {found and found[0]}"


def test_vm_does_not_import_harness() -> None:
    files = sorted((ROOT / "vm").rglob("*.py"))
    assert files
    for path in files:
        assert "harness" not in imports(path.read_text()), path.relative_to(ROOT)


def test_nothing_that_is_installed_imports_what_installs_it() -> None:
    for folder in ("harness", "vm"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "package" not in path.parent.parts and path != Path(__file__):
                assert "harness.package" not in path.read_text(), path.relative_to(ROOT)


def test_an_arrow_that_runs_back_is_seen() -> None:
    assert includes('#include "verdict/judge.h"\n#include <vector>') - STAGES["model"] == {"verdict"}
    assert imports("import os\nfrom harness.boot import Run") == {"os", "harness"}
    assert SYSTEM_HEADERS.search("#include <sys/socket.h>")
