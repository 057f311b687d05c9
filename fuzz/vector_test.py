"""A scenario becomes the draft of a vector, which has the shape that vectors have."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from fuzz import seeds
from fuzz.target import Target
from fuzz.vector import draft, text

SCHEMA = json.loads(
    (Path(__file__).parent.parent / "fixtures" / "schemas" / "vector.schema.json").read_text()
)


def test_senders_fds_and_bytes_are_those_of_the_scenario() -> None:
    found = draft(b"READY=1\x1ecf3\x1f\x1er\x1f\xff\x1eof254g7\x1fSTATUS=x")
    assert found["steps"] == [
        {"data": "READY=1", "credentials": "child", "fds": 3},
        {"data": ""},
        {"action": "reload"},
        {"data_base64": "/w==", "credentials": "other-uid"},
        {"data": "STATUS=x"},
    ]


@pytest.mark.parametrize("name", ["service", "socket"])
def test_every_seed_becomes_one(name: str, tmp_path: Path) -> None:
    seeds.write(name, tmp_path)
    step = {"anyOf": [{"$ref": "#/$defs/datagram"}, {"$ref": "#/$defs/action"}], "$defs": SCHEMA["$defs"]}
    for folder in [*Target(name).inputs, tmp_path]:
        for path in folder.iterdir():
            steps = json.loads(text(path.read_bytes()))["steps"]
            assert steps, path
            for each in steps:
                jsonschema.validate(each, step)
