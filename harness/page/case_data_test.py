from __future__ import annotations

import json
from pathlib import Path

from harness.page.case_data import NONE, block, blocks
from harness.page.sample_trials import write_sample as write_large
from harness.page.trial_page_test import write_sample
from harness.page.trial_run import read


def test_an_index_has_a_letter_for_each_case_and_implementation(tmp_path: Path) -> None:
    index, chunks = (lambda pair: (json.loads(pair[0]), [json.loads(each) for each in pair[1]]))(
        blocks(read(write_large(tmp_path, implementations=3, requirements=4, cases=70)))
    )
    assert len(index["cases"]) == 70 and [len(each) for each in chunks] == [64, 6]
    assert [len(each["words"]) for each in index["implementations"]] == [70] * 3
    assert set("".join(each["words"] for each in index["implementations"])) == set(index["words"])
    results = (tmp_path / "results" / "implementation-01.jsonl").read_text().splitlines()
    told = [index["words"][letter][0] for letter in index["implementations"][1]["words"]]
    assert [each.removeprefix("expected ").replace("observed", "skip") for each in told] == [
        json.loads(line)["word"] for line in results
    ]


def test_what_several_came_to_is_said_once(tmp_path: Path) -> None:
    _, chunks = blocks(read(write_large(tmp_path, implementations=9, requirements=4, cases=40)))
    cases = json.loads(chunks[0])
    assert all(len(each["of"]) == 9 for each in cases)
    assert all(len({json.dumps(one) for one in each["outcomes"]}) == len(each["outcomes"]) for each in cases)
    assert min(len(each["outcomes"]) for each in cases) == 1 < max(len(each["outcomes"]) for each in cases)


def test_who_was_not_asked_has_no_letter_and_what_was_not_put_is_told(tmp_path: Path) -> None:
    folder = write_sample(tmp_path)
    cases = (folder / "cases.jsonl").read_text().splitlines()
    more = [json.loads(cases[0]) | {"vector": f"sender/a/{name}"} for name in ("late", "others")]
    (folder / "cases.jsonl").write_text("\n".join([*cases, *map(json.dumps, more), ""]))
    index, _ = blocks(read(folder))
    letters = json.loads(index)["implementations"][0]["words"]
    assert letters[-1] == NONE and json.loads(index)["words"][letters[-2]][0] == "not put"


def test_a_block_ends_no_element_and_is_ascii() -> None:
    text = block({"</script>": "<!--\u2028ü"})
    assert "<" not in text and text.isascii()
    assert json.loads(text) == {"</script>": "<!--\u2028ü"}
