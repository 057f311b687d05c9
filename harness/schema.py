"""fixtures/schemas, as what is read from elsewhere is held to them: what is wrong is said with its place."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, RefResolver
from jsonschema.exceptions import ValidationError, best_match

FOLDER = Path(__file__).parent.parent / "fixtures" / "schemas"
BASE = "file:///schemas/"
SHOWN = 300


def failure(name: str, value: Any, part: str = "") -> str | None:
    """What keeps the value from being of that schema, or of that definition in it; nothing where it is."""
    found = best_match(validator(name, part).iter_errors(value))
    return None if found is None else f"{found.json_path}: {_words(found)}"[:SHOWN]


def _words(found: ValidationError) -> str:
    about = found.schema.get("description") if isinstance(found.schema, dict) else None
    if found.validator == "pattern" and about:  # an expression says little to who reads it
        return f"{found.instance!r} is not {about}"
    return found.message


@functools.cache
def validator(name: str, part: str = "") -> Draft202012Validator:
    file = f"{name}.schema.json"
    store = {BASE + path.name: json.loads(path.read_text()) for path in FOLDER.glob("*.schema.json")}
    resolver = RefResolver(BASE + file, store[BASE + file], store=store)
    return Draft202012Validator({"$ref": f"{BASE}{file}#{part and f'/$defs/{part}'}"}, resolver=resolver)
