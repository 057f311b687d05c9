"""Sender vectors before one implementation: what arrived, what its calls returned, what is left of the environment.

The adapter makes the calls, `notifyspec arrive` listens, and here the two are told when. An adapter that fails
at a vector is an outcome of that vector, and the rest go on with a new one; but who has hung a few times is asked
nothing more, and what was not asked has no outcome. Nothing is judged.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from harness import answers, tool
from harness.adapter import Adapter, AdapterFault, Fault, Unsupported

MOST_HANGS = 3
# sd_notify(3): a caller with the privilege for it sends in the name of another process.
UNPRIVILEGED = "to send in the name of another process takes a privilege: run this as root"

Vector = Mapping[str, Any]
Outcome = dict[str, Any]


class Sending:
    """One listener, and one adapter as long as it lives. `make` makes an adapter; to be entered and left."""

    def __init__(self, make: Callable[[], Adapter], folder: Path, *, patience_s: float = 30) -> None:
        """`folder` is one that the adapter sees under the same path, and nobody else uses."""
        self._make = make
        self._folder = folder
        self._patience_s = patience_s
        self._adapter: Adapter | None = None
        self._hangs = 0
        self._exit = contextlib.ExitStack()

    def __enter__(self) -> Sending:
        with self._exit as undo:
            os.makedirs(self._folder, exist_ok=True)
            command = [tool.notifyspec(), "arrive", "--folder", self._folder]
            log = self._folder / "arrive.log"
            self._listener = undo.enter_context(Adapter(command, log, patience_s=self._patience_s))
            undo.callback(self._discard)
            self.who = self._ask_who()
            self._exit = undo.pop_all()
        return self

    def _ask_who(self) -> Mapping[str, str]:
        """Name and version, as the adapter has them. Raises AdapterFault where it cannot be trusted."""
        adapter = self._living()
        answer = adapter.exchange("start")
        answers.check("started", answer)
        if answer["role"] != "sender":
            raise AdapterFault(Fault.NONSENSE, f"no sender: {json.dumps(answer)}")
        try:
            adapter.exchange("notifyspec-no-such-request")
        except Unsupported:
            return {"name": answer["name"], "version": answer["version"]}
        raise AdapterFault(
            Fault.NONSENSE, "an unknown request is to be answered with `unsupported`, and was not"
        )

    def _living(self) -> Adapter:
        if self._adapter is None:
            self._adapter = self._make().__enter__()
        return self._adapter

    def _discard(self) -> None:
        if self._adapter is not None:
            self._adapter.__exit__(None, None, None)
            self._adapter = None

    def outcomes(self, vectors: Mapping[str, Vector]) -> Iterator[Outcome]:
        """One a vector, in their order."""
        for name, vector in vectors.items():
            if self._hangs == MOST_HANGS:
                return
            outcome = self._outcome(vector)
            self._hangs += outcome["outcome"] == Fault.HANG
            yield {"vector": name, **outcome}

    def _outcome(self, vector: Vector) -> Outcome:
        if _is_in_anothers_name(vector) and os.geteuid() != 0:
            return {"outcome": "unsupported", "reason": UNPRIVILEGED}
        # The listener is ours: what goes wrong there is raised.
        opened = self._listener.exchange(
            "open",
            environment=vector.get("environment"),
            listener=vector.get("listener", "closes-fds"),
        )
        try:
            answer = self._living().exchange("send", environment=opened["environment"], steps=vector["steps"])
            answers.check("sent", answer)
            _require_all(answer, len(vector["steps"]))
            members = {"processes": answer["processes"]} if "processes" in answer else {}
            heard = self._listener.exchange("collect", **members)
            _require_end(heard)
        except Unsupported as unsupported:
            return {"outcome": "unsupported", "reason": str(unsupported)}
        except AdapterFault as fault:
            self._discard()
            return {"outcome": str(fault.kind), "reason": fault.reason}
        told = {"returns": answer["returns"], "environment": answer["environment"]}
        hidden = {"unobserved": answer["unobserved"]} if "unobserved" in answer else {}
        return {"outcome": "concluded", "conclusion": {"arrived": heard["arrived"], **told}, **hidden}

    def stop(self) -> None:
        """Asks both to end. Raises AdapterFault where one does not."""
        self._living().stop()
        self._listener.stop()

    def __exit__(self, *_: object) -> None:
        self._exit.close()


def _is_in_anothers_name(vector: Vector) -> bool:
    return any(isinstance(step, Mapping) and step.get("pid") == "child" for step in vector["steps"])


def _require_all(answer: Mapping[str, Any], n_calls: int) -> None:
    if len(answer["returns"]) != n_calls:
        raise AdapterFault(Fault.NONSENSE, f'{len(answer["returns"])} "returns" for {n_calls} calls')


def _require_end(heard: Mapping[str, Any]) -> None:
    if more := heard.get("more", 0):
        count = len(heard["arrived"]) + more
        raise AdapterFault(Fault.NONSENSE, f"it sent {count} messages and more, where a few were asked for")


def read_vectors(folder: Path) -> dict[str, Vector]:
    """The sender vectors below `folder`, by id. They have been checked by the tool."""
    paths = sorted((folder / "sender").rglob("*.json"))
    return {str(path.relative_to(folder).with_suffix("")): json.loads(path.read_bytes()) for path in paths}
