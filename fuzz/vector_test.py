"""A scenario becomes the draft of a vector, which has the shape that vectors have."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from fuzz import campaign, seeds
from fuzz.target import Target
from fuzz.vector import draft, text
from harness.judgement import InputRefused

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
    step = jsonschema.Draft202012Validator(
        {"anyOf": [{"$ref": "#/$defs/datagram"}, {"$ref": "#/$defs/action"}], "$defs": SCHEMA["$defs"]}
    )
    for folder in [*Target(name).inputs, tmp_path]:
        for path in folder.iterdir():
            steps = json.loads(text(path.read_bytes()))["steps"]
            assert steps, path
            for each in steps:
                step.validate(each)


def test_a_vector_comes_of_datagrams_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("trace-1", "datagram-1"):
        (tmp_path / name).write_bytes(b"READY=1\x1ex")
    with pytest.raises(InputRefused, match="no vector comes of an input of trace"):
        campaign.main(["--vector", str(tmp_path / "trace-1")])
    assert campaign.main(["--vector", str(tmp_path / "datagram-1")]) == 0
    assert json.loads(capsys.readouterr().out)["steps"] == [{"data": "READY=1x"}]
