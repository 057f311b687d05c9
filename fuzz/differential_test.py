"""Real systemd code against the model and the documents: as listed, neither more nor less."""

from __future__ import annotations

import pytest

from fuzz import differential
from vm import image as images
from vm.environment import EnvironmentUnfit


@pytest.mark.boots
@pytest.mark.parametrize("name", [str(version) for version in differential.VERSIONS])
def test_systemd_reads_as_its_model_and_differs_from_the_documents_as_listed(name: str) -> None:
    try:
        found = differential.run(images.find(name))
    except EnvironmentUnfit as unfit:
        pytest.skip(unfit.reason)
    assert found.wrong == []
    assert found.compared > 400
    assert found.receives == (int(name) >= 258)
    # A splitter is asked neither who sent something nor whether it has come whole.
    assert (found.of_others > 100, found.lost > 10) == (found.receives, found.receives)


@pytest.mark.boots
def test_what_is_not_listed_fails_and_so_does_what_does_not_occur() -> None:
    rows = differential.known(262)
    try:
        image = images.find("262")
        without = differential.run(image, rows[1:])
        more = differential.run(
            image, [*rows, rows[0] | {"requirement": "receiver.none", "bytes": "no such bytes"}]
        )
    except EnvironmentUnfit as unfit:
        pytest.skip(unfit.reason)
    assert without.wrong and all("the documents" in each for each in without.wrong)
    assert more.wrong == ["known_disagreements.toml: receiver.none does not occur any more"]
    assert {each["requirement"] for each in rows} == set(more.known)
