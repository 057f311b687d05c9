"""A scenario: one thing to do with a booted system, and how the system is set up for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from harness.session import Session
from vm.container import Setup


@dataclass(frozen=True)
class Scenario:
    name: str
    text: str  # what is done, in one sentence
    play: Callable[[Session], None]
    since: int = 0  # systemd version that can do it
    vantage: str = "container"
    setup: Setup = field(default_factory=Setup)
    setup_notes: tuple[str, ...] = ()


def scenario(
    name: str, text: str, *, since: int = 0, vantage: str = "container", setup: Setup = Setup()
) -> Callable[[Callable[[Session], None]], Scenario]:
    """Makes a scenario of the function that plays it."""

    def make(play: Callable[[Session], None]) -> Scenario:
        return Scenario(name=name, text=text, play=play, since=since, vantage=vantage, setup=setup)

    return make


def adapted(base: Scenario, **changes: object) -> Scenario:
    """The same with some members changed."""
    return replace(base, **changes)  # type: ignore[arg-type]
