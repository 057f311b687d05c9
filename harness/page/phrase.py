"""What was done to a booted system and what it was seen to do, in words: for events whose own name says too little."""

from __future__ import annotations

from harness.page.run import Event

ACTIONS = {
    "listen": "the receiver begins to listen",
    "power-button": "the ACPI power button is pressed",
    "receiver-absent": "nobody receives from here on",
    "receiver-present": "the receiver is there again",
}
SUBJECTS = {
    "booted": "asked, the system says it is up: {}",
    "device-offers": "the vsock device offers {}",
    "exam": "exam: {}",
    "initrd": "the initrd was {}",
    "notify-unix": "at the socket inside the machine: {}",
    "process": "first {} runs",
    "switched-root": "the first unit after the switch of root runs",
}


def phrase(event: Event) -> str:
    """Empty where the event needs none."""
    if event.kind == "action":
        return ACTIONS.get(str(event.members.get("action")), "")
    if event.kind != "observation":
        return ""
    subject, value = str(event.members.get("subject")), str(event.members.get("value"))
    if subject == "device-offers":
        value = " and ".join(value.split()) or "nothing"
    return SUBJECTS.get(subject, "").format(value)
