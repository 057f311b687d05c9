"""Answers of adapters, held to fixtures/schemas/adapter.schema.json before anybody believes them.

The schema is the documentation of the protocol; what it does not allow is nonsense of the adapter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness import schema
from harness.adapter import AdapterFault, Fault

SHOWN = 300


def check(kind: str, answer: Mapping[str, Any]) -> None:
    """`kind`: the name in the schema, `sent` for one. The answer is without its seq. Raises AdapterFault."""
    failure = next(iter(schema.validator("adapter", kind).iter_errors({"seq": 0, **answer})), None)
    if failure is not None:
        where = f"{failure.json_path}: " if failure.path else ""
        reason = f'no answer of kind "{kind}": {where}{failure.message}'
        raise AdapterFault(Fault.NONSENSE, reason[:SHOWN])
