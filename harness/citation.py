"""Where a sentence stands, in words: document, section, item, and the version of systemd whose text it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def words(source: Mapping[str, Any]) -> str:
    """Of a requirement's `source`; what it does not have is left out."""
    where = ", ".join(str(source[each]) for each in ("document", "section", "item") if source.get(each))
    return f"{where} ({source['version']})" if source.get("version") else where
