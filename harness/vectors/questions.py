"""What a manager is asked about services that have played: all at once, and single ones where that is not enough."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.vectors import properties
from harness.vectors.manager import Manager
from harness.vectors.outcomes import Outcome
from vm.container import Container
from vm.deadline import Deadline
from vm.image import Image

FIRST_WITH_FDSTORE = 254  # systemd-analyze fdstore


@dataclass(frozen=True)
class Questions:
    container: Container
    manager: Manager
    image: Image
    deadline: Deadline

    def outcomes(self, lines: Mapping[str, Mapping[str, Any]]) -> list[Outcome]:
        """`lines`: by the name of a service, what its player saw itself. Raises DeadlinePassed."""
        found = properties.parse(self._said(f"{self.manager.systemctl} show {_PROPERTIES}", *lines))
        return [self._outcome(name, found[name], line) for name, line in lines.items() if name in found]

    def _outcome(self, name: str, values: properties.Properties, line: Mapping[str, Any]) -> Outcome:
        if values.get("StatusText") == properties.UNPRINTABLE:
            values["StatusText"] = self._text(name, "StatusText")
        stored = self._fd_names(name) if values["NFileDescriptorStore"] != "0" else []
        seen = properties.conclusion(values, line["processes"], stored)
        seen |= {"fds_open": line["fds_open"], "barriers": line["barriers"]}
        hidden = [*properties.HIDDEN, *([] if stored is not None else ["fd_names"])]
        return {"vector": line["vector"], "outcome": "concluded", "conclusion": seen, "unobserved": hidden}

    def _text(self, name: str, which: str) -> str:
        """A text property with newlines in it, over the bus."""
        path = "/org/freedesktop/systemd1/unit/" + re.sub(
            r"[^A-Za-z0-9]", lambda found: f"_{ord(found[0]):02x}", name
        )
        call = f"{self.manager.busctl} --json=short get-property org.freedesktop.systemd1 {path}"
        return json.loads(self._said(call, "org.freedesktop.systemd1.Service", which))["data"]

    def _fd_names(self, name: str) -> list[str] | None:
        """Nothing where this systemd does not tell them."""
        if self.image.major < FIRST_WITH_FDSTORE:
            return None
        rows = json.loads(self._said(f"{self.manager.analyze} --json=short fdstore {name}"))
        return [row["fdname"] for row in rows]

    def _said(self, command: str, *words: str) -> str:
        return self.manager.ask(self.container, command, *words, deadline=self.deadline).stdout


_PROPERTIES = f"--property={properties.PROPERTIES}"
