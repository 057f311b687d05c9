"""Vectors put before a receiver that an adapter drives: `notifyspec play` sends, the adapter says what came of it.

An adapter that fails at a vector is an outcome of that vector, and the rest go on with a new one; but who has hung a
few times is asked nothing more, and what was not asked has no outcome. Nothing is judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness import answers, tool
from harness.adapter import Adapter, AdapterFault, Fault, Unsupported
from harness.vectors.outcomes import Outcome, Outcomes
from harness.vectors.vector import FOLDER, Vector

MOST_HANGS = 3
PATIENCE_S = 30.0

Members = dict[str, Any]


class PlayerFailed(Exception):
    """`notifyspec play` could not send what a vector says: ours, and no word about the receiver."""


def reference(profile: str) -> list[str | Path]:
    """The command of the reference receiver."""
    return [tool.notifyspec(), "receive", "--profile", profile]


class _Player:
    def __init__(self, adapter: Adapter) -> None:
        self._adapter = adapter
        self.processes = self.ask("start")["processes"]

    def ask(self, do: str, **members: Any) -> Members:
        try:
            answer = self._adapter.exchange(do, **members)
        except AdapterFault as fault:
            raise PlayerFailed(f"notifyspec play: {fault}") from fault
        if "gone" in answer:
            raise AdapterFault(Fault.CRASH, f"it does not listen any more: {answer['gone']}")
        if "failed" in answer:
            raise PlayerFailed(f"notifyspec play: {members.get('vector', do)}: {answer['failed']}")
        return answer


def run(
    command: Sequence[str | Path],
    vectors: Sequence[Vector],
    logs: Path,
    *,
    folders: Sequence[Path] = (FOLDER,),
    patience_s: float = PATIENCE_S,
    uid: int | None = None,
) -> Outcomes:
    """One outcome a vector; `uid`: of who sends, if not ours. Raises AdapterFault where the adapter cannot be trusted
    from the start."""
    logs.mkdir(parents=True, exist_ok=True)
    outcomes: list[Outcome] = []
    who: Members = {}
    play = [tool.notifyspec(), "play", *(word for folder in folders for word in ("--vectors", folder))]
    play += [] if uid is None else ["--uid", str(uid)]
    with Adapter(play, logs / "play.log") as adapter:
        player = _Player(adapter)
        while not who or (len(outcomes) < len(vectors) and _hangs(outcomes) < MOST_HANGS):
            with Adapter(command, logs / "adapter.log", patience_s=patience_s) as receiver:
                who = _who(receiver)
                _put_all(vectors[len(outcomes) :], receiver, player, outcomes)
        player.ask("stop")
    return Outcomes(who["name"], who["version"], "receiver", outcomes)


def _hangs(outcomes: Sequence[Outcome]) -> int:
    return sum(each["outcome"] == Fault.HANG for each in outcomes)


def _who(receiver: Adapter) -> Members:
    """Name and version, as the adapter has them; and it must say of what nobody knows that it cannot do it."""
    answer = receiver.exchange("start")
    answers.check("started", answer)
    if answer["role"] != "receiver":
        raise AdapterFault(Fault.NONSENSE, f"no receiver: {answer}")
    try:
        receiver.exchange("notifyspec-no-such-request")
    except Unsupported:
        return answer
    raise AdapterFault(Fault.NONSENSE, "it did what nobody knows")


def _put_all(vectors: Sequence[Vector], receiver: Adapter, player: _Player, outcomes: list[Outcome]) -> None:
    """Up to the vector at which the adapter fails, if it does."""
    for vector in vectors:
        try:
            outcomes.append({"vector": vector.id, **_put(vector, receiver, player)})
        except AdapterFault as fault:
            outcomes.append({"vector": vector.id, "outcome": str(fault.kind), "reason": fault.reason})
            return
    receiver.stop()


def _put(vector: Vector, receiver: Adapter, player: _Player) -> Outcome:
    """Whenever the player pauses, the receiver takes what lies before it, and does what it is told."""
    try:
        opened = receiver.exchange("listen", service=vector.service, processes=player.processes)
        answers.check("listening", opened)
        said, sent = player.ask("play", vector=vector.id, address=opened["address"]), -1
        while said["pause"] != "done":
            if said["pause"] == "reload":
                receiver.exchange("act", action="reload")
            else:
                receiver.exchange("collect")
            if said.get("sent") == sent:
                raise AdapterFault(
                    Fault.HANG, f"it takes nothing more from its socket after {sent} datagrams"
                )
            sent = said.get("sent", -1)
            said = player.ask("go-on")
        answer = receiver.exchange("collect")
    except Unsupported as cannot:
        return {"outcome": "unsupported", "reason": str(cannot)}
    answers.check("collected", answer)
    hidden = {"unobserved": answer["unobserved"]} if "unobserved" in answer else {}
    return {"outcome": "concluded", "conclusion": answer["conclusion"] | player.ask("look"), **hidden}
