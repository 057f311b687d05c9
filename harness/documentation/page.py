"""A page of the documentation, and the commands of ours in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from vm.installation import ROOT

# Of a line in a block of code, what makes it a command that is ours, or that hands over what is ours.
COMMAND = re.compile(
    r"(\./run|notifyspec(-gate|-vsock)?|cmake (--install|--build)|apt-get install \./|pkg-config) ?\S"
)
IN_TEXT = re.compile(r"`((?:\./run|notifyspec(?:-gate|-vsock)?) [^`\n]+)`")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)
INDENTED = re.compile(r"^(?: {4}.*\n)+", re.M)
COMMENT = re.compile(r"\s+#\s.*$|\s+#$")


def pages() -> list[Path]:
    """All that people read, but for what is made of other things."""
    found = [*ROOT.glob("*.md"), *ROOT.glob(".github/*.md")]
    for folder in ("bench", "conformance", "fixtures", "fuzz", "harness", "vm"):
        found += (ROOT / folder).rglob("*.md")
    return sorted(found)


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def in_blocks(page: Path) -> list[str]:
    """The commands in its blocks of code, each once, a long one in one line and without the comment behind it."""
    text = page.read_text(encoding="utf-8")
    blocks = [
        block for language, block in FENCED.findall(text) if language != "yaml"
    ]  # settings, and no commands
    blocks += INDENTED.findall(FENCED.sub("", text))
    return sorted({line for block in blocks for line in _commands(block)})


def _commands(block: str) -> Iterator[str]:
    for line in re.sub(r"\\\n\s*", "", block).splitlines():
        command = COMMENT.sub("", line.strip())
        if COMMAND.match(command) or command == "./run":
            yield command


def in_text(page: Path) -> list[str]:
    """What stands in a sentence: often a part of a command, to be understood and not to be run."""
    return sorted(set(IN_TEXT.findall(FENCED.sub("", page.read_text(encoding="utf-8")))))


def blocks(page: Path, language: str) -> list[str]:
    return [block for each, block in FENCED.findall(page.read_text(encoding="utf-8")) if each == language]
