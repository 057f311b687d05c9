"""The words that come of a case, in every report the same, and their order: what is not as it should be first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

BAD = ("fail", "crash", "hang", "nonsense")
OPEN = ("inconclusive", "not put")
WORDS = (*BAD, *OPEN, "warn", "pass", "observed", "skip", "unsupported")
LEADS = ("expected ", "new ")  # foreseen; newer than a suite.lock


def plain(word: str) -> str:
    for lead in LEADS:
        word = word.removeprefix(lead)
    return word


def in_order(counts: Mapping[str, int]) -> Counter[str]:
    return Counter({word: counts[word] for word in sorted(counts, key=_place)})


def _place(word: str) -> tuple[bool, int, str]:
    bare = plain(word)
    return bare != word, WORDS.index(bare) if bare in WORDS else len(WORDS), word
