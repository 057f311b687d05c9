"""A scenario: one thing to do with a booted manager, and how the system is set up for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.session import Session
from vm.container import Setup
from vm.user_manager import UserSetup

Play = Callable[[Session], None]


@dataclass(frozen=True)
class Scenario:
    name: str
    text: str  # what is done, in one sentence
    play: Play
    since: int  # systemd version that can do it
    vantage: str  # container, user
    setup: Setup  # of the container
    user: UserSetup  # of the user manager, where that is the vantage


def scenario(
    name: str,
    text: str,
    *,
    since: int = 0,
    vantage: str = "container",
    setup: Setup = Setup(),
    user: UserSetup = UserSetup(),
) -> Callable[[Play], Scenario]:
    """Makes a scenario of the function that plays it."""

    def make(play: Play) -> Scenario:
        return Scenario(name, text, play, since, vantage, setup, user)

    return make
