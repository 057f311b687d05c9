"""Answers of adapters, held to fixtures/schemas/adapter.schema.json before anybody believes them.

The schema is the documentation of the protocol; what it does not allow is nonsense of the adapter.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, RefResolver

from harness.adapter import AdapterFault, Fault

SCHEMAS = Path(__file__).parent.parent / "fixtures" / "schemas"
BASE = "file:///schemas/"
NAME = "adapter.schema.json"
SHOWN = 300


def check(kind: str, answer: Mapping[str, Any]) -> None:
    """`kind`: the name in the schema, `sent` for one. The answer is without its seq. Raises AdapterFault."""
    failure = next(iter(_validator(kind).iter_errors({"seq": 0, **answer})), None)
    if failure is not None:
        where = f"{failure.json_path}: " if failure.path else ""
        reason = f'no answer of kind "{kind}": {where}{failure.message}'
        raise AdapterFault(Fault.NONSENSE, reason[:SHOWN])


@functools.cache
def _validator(kind: str) -> Draft202012Validator:
    store = {BASE + path.name: json.loads(path.read_text()) for path in SCHEMAS.glob("*.schema.json")}
    resolver = RefResolver(BASE + NAME, store[BASE + NAME], store=store)
    return Draft202012Validator({"$ref": f"{BASE}{NAME}#/$defs/{kind}"}, resolver=resolver)
