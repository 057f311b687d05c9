"""What must hold for each target without a campaign, and the corpus that one begins with."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from fuzz import campaign, corpus, seeds, target
from fuzz.target import FOLDER, Target
from harness import judgement
from harness.judgement import InputRefused

NAMES = target.names()


@pytest.mark.parametrize("name", NAMES)
def test_each_target_has_an_invariant_seeds_and_a_limit(name: str) -> None:
    source = (FOLDER / f"{name}_fuzz.cc").read_text()
    assert source.startswith("// Invariant")
    assert Target(name).longest > 0
    assert any(any(folder.iterdir()) for folder in Target(name).inputs)


def test_no_input_is_longer_than_its_target_takes() -> None:
    for name in NAMES:
        for folder in Target(name).inputs:
            for path in folder.rglob("*"):
                if path.is_file() and "traces" not in path.parts:
                    assert path.stat().st_size <= Target(name).longest, path


def test_a_corpus_with_a_folder_in_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "OUT", tmp_path)
    (corpus.folder(Target("address")) / "folder").mkdir(parents=True)
    with pytest.raises(InputRefused, match="a corpus holds files alone"):
        campaign.main(["address"])


def test_every_field_is_in_the_dictionary_and_in_the_seeds(tmp_path: Path) -> None:
    fields = [json.loads(line)["name"] for line in judgement.listing("fields").splitlines()]
    assert seeds.dictionary(tmp_path / "dict").read_text().splitlines() == [f'"{name}="' for name in fields]
    for name in ("datagram", "service"):
        seeds.write(name, tmp_path / name)
        all_of_them = b"\n".join(path.read_bytes() for path in (tmp_path / name).iterdir())
        assert [field for field in fields if f"{field}=".encode() not in all_of_them] == []


def test_requirements_that_invariants_stand_for_are_those_there_are() -> None:
    known = {each["id"] for each in judgement.requirements()}
    named = {
        word
        for path in FOLDER.glob("*_fuzz.cc")
        for word in re.findall(r'"((?:receiver|boot)\.[a-z0-9.-]+)"', path.read_text())
    }
    assert len(named) > 10 and named <= known


def test_a_corpus_begins_with_nothing_that_its_target_does_not_take_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus, "OUT", tmp_path)
    corpus.prepare(Target("datagram"))
    assert any(corpus.folder(Target("datagram")).iterdir())
    assert corpus.too_long(Target("datagram")) == 0
