from __future__ import annotations

import json
from pathlib import Path

from harness.page.matrix import matrices
from harness.page.run_directory import read_run
from harness.page.sample_run import write_sample


def test_promised_before_observed_and_grouped_in_order(tmp_path: Path) -> None:
    promised, observed = matrices(read_run(write_sample(tmp_path)))
    names = [group.name for group in promised.groups]
    assert names[:4] == ["hostname", "machine-id", "signals-level", "unit"]
    assert names[-1] == "credential"
    levels = {line.requirement.level for group in promised.groups for line in group.lines}
    assert levels == {"must", "should"}
    assert "boot as a whole" in [group.name for group in observed.groups]
    assert sum(len(group.lines) for group in promised.groups + observed.groups) == 35


def test_requirements_of_another_role_are_a_group(tmp_path: Path) -> None:
    file = write_sample(tmp_path) / "requirements.jsonl"
    other = [{"role": "device", "level": "must", "text": "", "source": "virtio 1.2"}] * 2
    ids = ("device.half-close", "device.message-boundary")
    lines = [json.dumps(each | {"id": id}) + "\n" for id, each in zip(ids, other)]
    file.write_text(file.read_text() + "".join(lines))
    judged = next((tmp_path / "verdicts").glob("*.jsonl"))
    trace = json.loads(judged.read_text().splitlines()[0])["trace"]
    verdicts = [{"trace": trace, "requirement": id, "level": "must", "verdict": "pass"} for id in ids]
    judged.write_text(judged.read_text() + "".join(json.dumps(each) + "\n" for each in verdicts))
    last = matrices(read_run(tmp_path))[0].groups[-1]
    assert (last.name, len(last.lines)) == ("device", 2)


def test_each_boot_is_a_column_under_its_systemd(tmp_path: Path) -> None:
    run = read_run(write_sample(tmp_path))
    promised, _ = matrices(run)
    assert [(text, len(columns)) for text, columns in promised.heads] == [
        ("systemd 257.13-1~deb13u1", 5),
        ("systemd 262-1", 7),
    ]
    for group in promised.groups:
        for line in group.lines:
            assert [cell.column.name for cell in line.cells] == [boot.name for boot in run.boots]
            assert all(cell.goal == f"{cell.column.name}/{line.requirement.id}" for cell in line.cells)


def test_a_requirement_that_was_not_judged_has_an_empty_cell(tmp_path: Path) -> None:
    write_sample(tmp_path)
    (tmp_path / "verdicts/262-halt.jsonl").write_text("")
    line = matrices(read_run(tmp_path))[0].groups[0].lines[0]
    assert [cell.word == "" for cell in line.cells].count(True) == 1


def test_a_requirement_by_which_no_boot_was_judged_is_left_out(tmp_path: Path) -> None:
    promised, _ = matrices(read_run(write_sample(tmp_path)))
    before = sum(len(group.lines) for group in promised.groups)
    for path in (tmp_path / "verdicts").iterdir():
        kept = [line for line in path.read_text().splitlines() if '"boot.hostname.sent"' not in line]
        path.write_text("\n".join([*kept, ""]))
    promised, _ = matrices(read_run(tmp_path))
    assert sum(len(group.lines) for group in promised.groups) == before - 1
