"""A gate run as it lies on disk, read and checked; whatever is wrong is a ValueError that names the file."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness import citation
from harness.page.run import Boot, Event, Field, Requirement, Run, Verdict

FORMAT = 1
CONSOLE_BYTES = 64 * 1024  # a console can be endless; what a reader needs is how it ended
CONSOLE_LINES = 40


def read_run(run_dir: Path) -> Run:
    path = run_dir / "run.json"
    run = object_of(path, text_of(path))
    if run.get("format") != FORMAT:
        raise ValueError(f"{path}: format {run.get('format')!r}, where only {FORMAT} can be read")
    host = _member(path, run, "host", dict)
    return Run(
        suite=_member(path, run, "suite", str),
        started=_member(path, run, "started", str),
        kernel=_member(path, host, "kernel", str),
        machine=_member(path, host, "machine", str),
        exit_code=_member(path, run, "exit_code", int),
        counts=_member(path, run, "counts", dict),
        profile=run.get("profile") or "",
        boots=tuple(_boot(run_dir, path, boot) for boot in _member(path, run, "boots", list)),
        skipped=tuple(
            (_member(path, skip, "name", str), _member(path, skip, "reason", str))
            for skip in run.get("skipped") or []
        ),
        requirements=tuple(requirements(run_dir / "requirements.jsonl")),
        remarks=tuple(run.get("remarks") or ()),
    )


def _boot(run_dir: Path, path: Path, boot: Any) -> Boot:
    text = {
        name: _member(path, boot, name, str)
        for name in (
            "name",
            "image",
            "systemd",
            "distribution",
            "vantage",
            "transport",
            "scenario",
            "outcome",
        )
    }
    header, events = _trace(run_dir, path, boot)
    return Boot(
        **text,
        text=boot.get("text") or "",
        trouble=boot.get("trouble") or "",
        seconds=float(_member(path, boot, "seconds", (int, float))),
        trace=boot.get("trace") or "",
        header=header,
        events=events,
        verdicts=tuple(_verdicts(_inside(run_dir, path, boot, "verdicts"))),
        console=_console(_inside(run_dir, path, boot, "console")),
    )


def _trace(run_dir: Path, path: Path, boot: Any) -> tuple[dict[str, Any], tuple[Event, ...]]:
    trace = _inside(run_dir, path, boot, "trace")
    if trace is None:  # a boot that broke before its first message has no trace
        return {}, ()
    lines = _lines(trace)
    _, header = next(lines, (0, None))
    if header is None or header.get("format") != FORMAT:
        raise ValueError(f"{trace}:1: no header of format {FORMAT}")
    for name, kind in (("machine", str), ("masked", list)):
        if name in header:
            _member(f"{trace}:1", header, name, kind)
    decoded = {}
    fields = _inside(run_dir, path, boot, "fields")
    for number, message in _lines(fields) if fields else ():
        decoded[_member(f"{fields}:{number}", message, "line", int)] = message
    return header, tuple(_event(f"{trace}:{n}", n, event, decoded.get(n, {})) for n, event in lines)


def _event(where: str, line: int, event: dict[str, Any], decoded: dict[str, Any]) -> Event:
    t = float(_member(where, event, "t", (int, float)))
    if "peer_port" in event:
        _member(where, event, "peer_port", int)
    if not math.isfinite(t):
        raise ValueError(f"{where}: t is no finite number")
    kind = _member(where, event, "kind", str)
    data = _bytes(where, event, "data") if kind == "message" else ""
    fields = tuple(
        Field(_bytes(where, each, "name"), _bytes(where, each, "value"), str(each.get("type") or ""))
        for each in decoded.get("fields") or []
    )
    diagnostics = tuple(_sentence(where, each) for each in decoded.get("diagnostics") or [])
    return Event(line, t, kind, event, data, fields, diagnostics)


def _bytes(where: str, value: dict[str, Any], name: str) -> str:
    """Bytes as text; what is not UTF-8 is kept as lone surrogates, which legible.py makes visible."""
    if f"{name}_base64" not in value:
        return str(_member(where, value, name, (str, int)))
    try:
        raw = base64.b64decode(_member(where, value, f"{name}_base64", str), validate=True)
    except ValueError as error:
        raise ValueError(f"{where}: {name}_base64: {error}") from error
    return raw.decode("utf-8", "surrogateescape")


def _sentence(where: str, diagnostic: dict[str, Any]) -> str:
    name = f"{_bytes(where, diagnostic, 'name')}: " if {"name", "name_base64"} & set(diagnostic) else ""
    return f"{name}{diagnostic.get('reason')} (byte {diagnostic.get('offset')})"


def _verdicts(path: Path | None) -> Iterator[Verdict]:
    for number, line in _lines(path) if path else ():
        where = f"{path}:{number}"
        required = {name: _member(where, line, name, str) for name in ("requirement", "level", "verdict")}
        prose = {name: str(line.get(name) or "") for name in ("expected", "seen", "reason")}
        yield Verdict(**required, **prose, lines=tuple(line.get("lines") or ()), advisory="advisory" in line)


def requirements(path: Path) -> Iterator[Requirement]:
    for number, line in _lines(path):
        where = f"{path}:{number}"
        source = line.get("source") or ""
        if isinstance(source, dict):
            source = citation.words(source)
        yield Requirement(
            **{name: _member(where, line, name, str) for name in ("id", "role", "level", "text")},
            source=str(source),
            since=str(line.get("since") or ""),
            vantages=tuple(line.get("vantages") or ()),
            entails=tuple(line.get("entails") or ()),
        )


def _console(path: Path | None) -> tuple[str, ...]:
    if path is None or not path.exists():
        return ()
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - CONSOLE_BYTES))
        return tuple(file.read().decode("utf-8", "surrogateescape").splitlines()[-CONSOLE_LINES:])


def _inside(run_dir: Path, path: Path, boot: Any, name: str) -> Path | None:
    """A file of the run directory: one that points out of it is refused, it would leak into the page."""
    if not boot.get(name):
        return None
    file = run_dir / _member(path, boot, name, str)
    if not file.resolve().is_relative_to(run_dir.resolve()):
        raise ValueError(f"{path}: {name} {boot[name]!r} lies outside of the run directory")
    return file


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        if line.strip():
            yield number, object_of(f"{path}:{number}", line)


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: cannot be read: {error}") from error


def object_of(where: Path | str, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{where}: cut short or not JSON: {error}") from error
    if not isinstance(value, dict):
        raise ValueError(f"{where}: an object expected")
    return value


def _member(where: Path | str, value: Any, name: str, kind: Any) -> Any:
    member = value.get(name) if isinstance(value, dict) else None
    if not isinstance(member, kind):
        raise ValueError(f"{where}: member {name!r} is missing or of another type")
    return member
