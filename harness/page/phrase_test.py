from __future__ import annotations

import pytest

from harness.page.phrase import phrase
from harness.page.run import Event


def event(kind: str, **members: str) -> Event:
    return Event(2, 0.1, kind, {"kind": kind, **members})


@pytest.mark.parametrize(
    "offers, words", [("stream seqpacket", "stream and seqpacket"), ("stream", "stream"), ("", "nothing")]
)
def test_what_a_device_offers_reads_as_a_list(offers: str, words: str) -> None:
    it = event("observation", subject="device-offers", value=offers)
    assert phrase(it) == f"the vsock device offers {words}"


def test_an_action_whose_name_says_too_little_is_put_in_words() -> None:
    assert phrase(event("action", action="power-button")) == "the ACPI power button is pressed"
    assert phrase(event("action", action="listen")) == "the receiver begins to listen"


def test_what_needs_no_words_has_none() -> None:
    assert phrase(event("action", action="isolate", argument="rescue.target")) == ""
    assert phrase(event("observation", subject="exit-status", value="0")) == ""
    assert phrase(event("message", data="READY=1")) == ""
    assert phrase(event("phase", phase="started")) == ""


def test_a_value_is_never_taken_for_a_pattern() -> None:
    assert phrase(event("observation", subject="exam", value="{} {0.__class__}")) == "exam: {} {0.__class__}"
