"""Ten times as many: what is run is real, only less of it than `./run bench million` has. Nothing here is timed."""

from __future__ import annotations

import pytest

from bench import million
from bench.million import Row
from harness.exit_code import ExitCode


@pytest.mark.parametrize("kind", [million.receive, million.judge, million.replay])
def test_it_does_so_many_and_its_memory_is_flat(kind) -> None:
    rows = list(kind((5000, 50_000)))
    assert [row.messages for row in rows] == [5000, 50_000]
    assert all(row.ns > 0 for row in rows) and million.is_flat(rows)


def test_memory_that_grows_is_seen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def leaking(sizes):
        yield from (Row("leaking", size, 500.0, 4000 + size // 10_000) for size in sizes)

    monkeypatch.setattr(million, "KINDS", [(leaking, (1_000_000, 10_000_000))])
    assert million.main([]) is ExitCode.BASELINE
    assert "memory GROWS" in capsys.readouterr().out
