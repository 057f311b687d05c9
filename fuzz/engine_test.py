"""What libFuzzer says."""

from __future__ import annotations

from fuzz.engine import STATUS


def test_a_status_line_of_the_engine_is_read() -> None:
    line = "#8192\tREDUCE cov: 130 ft: 393 corp: 98/56Kb lim: 5000 exec/s: 10788 rss: 457Mb L: 9/4099 MS: 1 Custom-"
    match = STATUS.match(line)
    assert match is not None and match.groups() == ("8192", "130", "393", "98", "10788", "457")
