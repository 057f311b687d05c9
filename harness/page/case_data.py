"""What the page of implementations holds of every case, as data that its script draws from only when it is looked at.

An index with a letter for each case and implementation, by which a filter finds; and chunks with all that is to be said
of a case, where what several implementations came to is said once.
"""

from __future__ import annotations

import json
import string
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from harness.page.datagram import marked, of, shown
from harness.page.frame import anchor, symbol
from harness.page.trial_run import Line, Tried, TrialRun

CHUNK = 64  # cases in a block that is read as a whole
NONE = "."  # was not put before this implementation
LETTERS = string.ascii_letters + string.digits
BYTES = ("data", "state")


def blocks(run: TrialRun) -> tuple[Markup, list[Markup]]:
    """The index, and the chunks, each as the text of a script element that is not run."""
    told = [_told(each) for each in run.tried]
    words = sorted({word for one in told for word, _ in one.values()})
    if len(words) > len(LETTERS):
        raise ValueError(f"{len(words)} kinds of outcome are more than can be told apart")
    letters = dict(zip(words, LETTERS))
    ids = {each.id: number for number, each in enumerate(run.requirements)}
    index = {
        "words": {letter: [word, symbol(word), anchor(word)] for word, letter in letters.items()},
        "requirements": [each.id for each in run.requirements],
        "chunk": CHUNK,
        "cases": [
            [
                marked(each["vector"]),
                each["level"],
                [ids[name] for name in each["requirements"] if name in ids],
            ]
            for each in run.cases
        ],
        "implementations": [
            {
                "name": marked(each.name),
                "anchor": anchor(each.name),
                "role": each.entry["role"],
                "again": each.entry.get("again", ""),
                "words": "".join(letters[one[id][0]] if id in one else NONE for id in run.case_ids),
            }
            for each, one in zip(run.tried, told, strict=True)
        ],
    }
    cases = [_case(each, [one.get(each["vector"]) for one in told]) for each in run.cases]
    return block(index), [block(cases[start : start + CHUNK]) for start in range(0, len(cases), CHUNK)]


def block(value: object) -> Markup:
    """As JSON that can stand in a page: ASCII alone, and nothing that ends or begins an element."""
    return Markup(json.dumps(value, separators=(",", ":")).replace("<", "\\u003c"))


Told = tuple[str, Line]


def words(tried: Tried) -> set[str]:
    """What came of its cases, in words that tell what was foreseen, and what was not adopted."""
    return {word for word, _ in _told(tried).values()}


def _told(tried: Tried) -> dict[str, Told]:
    """By case, the word and what is to be said of it."""
    out: dict[str, Told] = {}
    for each in tried.results:
        grade = tried.grades.get(each["vector"], {})
        said: dict[str, Any] = {}
        for name, text in (("expected", grade.get("expected")), ("seen", each["seen"])):
            if text:
                said[name] = marked(text)
        if entry := each.get("foreseen"):
            said["foreseen"] = {name: marked(text) for name, text in entry.items()}
        said |= _concluded(grade.get("conclusion", {}))
        lead = "new " if "advisory" in each else "expected " if entry else ""
        word = "observed" if each["word"] == "skip" and each["level"] == "observed" else each["word"]
        out[each["vector"]] = (lead + word, said)
    for name in tried.entry.get("unput", ()):
        out[name] = ("not put", {"seen": "it was not put before this implementation, which hung too often"})
    return out


def _case(case: Line, told: Sequence[Told | None]) -> Line:
    """`outcomes`: what was come to, each once; `of`: which of them, by implementation; -1 where it was not put."""
    outcomes: dict[str, int] = {}
    which = []
    for each in told:
        key = json.dumps(each[1], sort_keys=True) if each else ""
        which.append(outcomes.setdefault(key, len(outcomes)) if each else -1)
    setting = [f"{name}: {_plain(case[name])}" for name in ("service", "environment") if name in case]
    return {
        "note": marked(case["note"]),
        "setting": [marked(each) for each in setting],
        "put": [_step(each) for each in case["steps"]],
        "outcomes": [json.loads(each) for each in outcomes],
        "of": which,
    }


def _step(step: Mapping[str, Any]) -> Line:
    """A datagram or a call: what it is, its bytes, and the rest of what the vector says of it."""
    out: dict[str, Any] = {"what": marked(str(step.get("call") or step.get("action") or "datagram"))}
    members = [name for name in step if name not in ("call", "action")]
    for name in BYTES:
        if (data := of(step, name)) is not None:
            out["data"] = shown(data)
            members = [each for each in members if each.removesuffix("_base64") != name]
    out["rest"] = [marked(f"{name.replace('_', ' ')} {_plain(step[name])}") for name in members]
    return out


def _concluded(conclusion: Mapping[str, Any]) -> dict[str, Any]:
    """What arrived, as bytes, and the other members of what it concluded."""
    out: dict[str, Any] = {}
    if "arrived" in conclusion:
        out["arrived"] = [
            {
                "data": shown(of(each, "data") or b""),
                "rest": _rest(each, ("data", "data_base64")),
            }
            for each in conclusion["arrived"]
        ]
    if rest := _rest(conclusion, ("arrived",)):
        out["concluded"] = rest
    return out


def _rest(thing: Mapping[str, Any], without: Iterable[str]) -> list[str]:
    return [
        marked(f"{name.replace('_', ' ')} {_plain(value)}")
        for name, value in thing.items()
        if name not in without and value != ""
    ]


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
