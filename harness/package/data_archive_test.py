"""The archive of the data: the same twice, whole, and to be used without anything of ours."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from harness.package import data_archive
from harness.package.data_archive import FIXTURES

# Which schema is that of which files, as fixtures/README.md has it.
SCHEMAS = {
    "vectors/*/*/*.json": "vector.schema.json",
    "kills.jsonl": "kills.schema.json",
    "traces/*/*.fields.jsonl": "fields.schema.json",
    "traces/*/*.verdicts.jsonl": "verdicts.schema.json",
}
EACH = 5  # all are held to their schemas where they stand, in fixtures/; here only that it can be done


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    with tarfile.open(fileobj=io.BytesIO(data_archive.archive("1.2"))) as tar:
        tar.extractall(folder)
    return folder / "notifyspec-data-1.2"


def test_it_is_the_same_wherever_and_whenever_it_is_made(tmp_path: Path) -> None:
    few = tmp_path / "few"
    for part in ("schemas", "proofs"):
        shutil.copytree(FIXTURES / part, few / part)
    other = tmp_path / "other"
    shutil.copytree(few, other, copy_function=shutil.copyfile)  # without times and modes
    for number, path in enumerate(sorted(other.rglob("*.json"), reverse=True)):
        os.utime(path, (number, number))
        path.chmod(0o600)
    assert data_archive.archive("1", few) == data_archive.archive("1", other)
    (other / "more.json").write_text("{}")
    assert data_archive.archive("1", few) != data_archive.archive("1", other)


def test_all_data_is_in_it_and_no_program(unpacked: Path) -> None:
    inside = {path.relative_to(unpacked) for path in unpacked.rglob("*") if path.is_file()}
    there = {
        path.relative_to(FIXTURES)
        for path in FIXTURES.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert inside <= there
    assert {path.suffix for path in there - inside} == {".py"}
    assert len(inside) > 1000


def references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from (value for name, value in schema.items() if name == "$ref")
        yield from (each for value in schema.values() for each in references(value))
    elif isinstance(schema, list):
        yield from (each for value in schema for each in references(value))


def pointed(document: Any, pointer: str) -> Any:
    for word in pointer.strip("/").split("/") if pointer else ():
        document = document[word]
    return document


def test_each_reference_of_a_schema_leads_somewhere(unpacked: Path) -> None:
    schemas = sorted((unpacked / "schemas").glob("*.json"))
    assert len(schemas) >= 9
    for path in schemas:
        for reference in references(json.loads(path.read_text())):
            file, _, pointer = reference.partition("#")
            pointed(json.loads((path.parent / (file or path.name)).read_text()), pointer)


def test_each_path_that_its_readme_names_is_there(unpacked: Path) -> None:
    text = (unpacked / "README.md").read_text()
    for target in re.findall(r"\]\(([^)#]+)", text):
        if "://" not in target:
            assert (unpacked / target).exists(), f"README.md leads to {target}"


@pytest.mark.parametrize("pattern", SCHEMAS)
def test_files_can_be_held_to_their_schemas(unpacked: Path, pattern: str) -> None:
    store = {path.name: json.loads(path.read_text()) for path in (unpacked / "schemas").glob("*.json")}
    name = SCHEMAS[pattern]
    resolver = jsonschema.RefResolver(f"file://{unpacked}/schemas/{name}", store[name])
    check = jsonschema.Draft202012Validator(store[name], resolver=resolver)
    paths = sorted(unpacked.glob(pattern))[:EACH]
    assert paths
    for path in paths:
        lines = [path.read_text()] if path.suffix == ".json" else path.read_text().splitlines()
        for line in lines[:EACH]:
            check.validate(json.loads(line))
