"""Machines of the sample run: what a container was recorded to send, as it comes out of a machine, and an exam."""

from __future__ import annotations

from typing import Any

from harness.page.sample_container import action, golden, in_order, message, phase

Events = list[dict[str, Any]]

TRANSPORTS = {
    "vm-poweroff": "vsock-seqpacket",
    "vm-reboot-stream": "vsock-stream",
    "vm-exam": "vsock-seqpacket",
    "vm-initrd": "vsock-seqpacket",
}
MASKED = """systemd-udevd.service systemd-udev-trigger.service systemd-logind.service dbus.service dbus.socket
    systemd-journald.service systemd-journald.socket getty@tty1.service dev-hugepages.mount
    proc-sys-fs-binfmt_misc.automount""".split()
HEADER = {"kernel": "6.12.118+deb13-cloud-amd64", "machine": "qemu 7.2.22, tcg, vsock user", "masked": MASKED}
POWEROFF = "257/vm-vsock-seqpacket-vm-poweroff"  # as it was recorded
GUEST, PORT, CALLER = 3, 1023, 40961  # CID; ports of the manager and of another process
EXAM = (
    "boundary sent 3, order sent 16, order-stream sent 16, half-close eof, half-close-stream timeout, "
    "refused ECONNRESET, refused-seqpacket connected, seqpacket-offer ESOCKTNOSUPPORT, segments sent, "
    "stalled served, unprivileged sent, each failed connect ECONNRESET"
).split(", ")


def observation(t: float, subject: str, value: str) -> dict[str, Any]:
    return {"t": t, "kind": "observation", "subject": subject, "value": value}


def header(scenario: str) -> dict[str, Any]:
    return HEADER | {"vantage": "vm", "transport": TRANSPORTS[scenario], "scenario": scenario}


def sent(t: float, data: str | bytes, port: int = PORT, socket_type: str = "seqpacket") -> dict[str, Any]:
    """Its number of connection comes when all are in order."""
    event = {name: value for name, value in message(t, data).items() if name not in ("pid", "uid", "gid")}
    return event | {"peer_cid": GUEST, "peer_port": port, "socket_type": socket_type}


def connected(events: Events) -> Events:
    """In order, and one connection for each message."""
    events = in_order(events)
    messages = [event for event in events if event["kind"] == "message"]
    for number, event in enumerate(messages):
        event["connection"] = number
    return events


def from_container(image: str, start: float = 0.0) -> Events:
    """A container's poweroff as it might come out of a machine: slower, since emulated, and of another name."""
    out: Events = []
    for event in golden(f"{image}/container-unix-dgram-poweroff"):
        t = round(start + 4 * event["t"] + (2.2 if event["t"] > 0.1 else 0), 6)
        if event.get("subject") == "exit-status":
            continue
        if event["kind"] == "message":
            data = event["data"].replace("notifyspec-container", "notifyspec-machine")
            event = sent(t, data, socket_type="stream")
        elif event.get("action") == "notify-socket":
            event = action(t, "notify-socket", "vsock-stream:2:9000")
        out.append(event | {"t": t})
    return out


def reboot() -> Events:
    """The first life ends with another verb, and the trace goes on."""
    first = [event for event in from_container("262") if event.get("phase") != "gone"]
    for event in first:
        if event.get("action") == "poweroff":
            event["action"] = "reboot"
        if "data" in event:
            event["data"] = event["data"].replace("poweroff", "reboot")
    again = from_container("262", first[-1]["t"] + 0.4)
    offers = [observation(0.002, "device-offers", "stream")]
    return connected(offers + first + [event for event in again if event.get("action") != "notify-socket"])


def exam() -> Events:
    """Of a machine whose manager nobody hears: it is asked itself, and the exam sends from a port that any has."""
    events = [observation(0.002, "device-offers", "stream"), action(0.003, "notify-socket", "/run/notify")]
    events += [phase(0.004, "started"), observation(4.1, "notify-unix", "READY=1\nSTATUS=Ready.")]
    events += [observation(4.4, "booted", "multi-user.target")]
    for number, value in enumerate(EXAM):
        case = value.split()[0]
        data = f"X_NOTIFYSPEC_CASE={case}\nX_NOTIFYSPEC_PAD={'a' * (65536 if case == 'boundary' else 8)}"
        events.append(sent(5 + number / 10, data, CALLER + number))
        events.append(observation(5.02 + number / 10, "exam", value))
    events += [action(7.0, "poweroff"), phase(7.0, "shutting-down"), phase(7.5, "gone")]
    return connected(events)


def initrd() -> Events:
    """Boots an initrd while nobody listens, switches root, and ends by its power button."""
    offers = observation(0.002, "device-offers", "stream seqpacket")
    events = [offers, action(0.003, "receiver-absent"), phase(0.004, "started")]
    events += [observation(2.1, "initrd", "entered"), action(2.2, "receiver-present")]
    events += [sent(2.3, "X_SYSTEMD_SIGNALS_LEVEL=2"), sent(2.9, "RELOADING=1\nMONOTONIC_USEC=2811034")]
    identity = ("SIGNALS_LEVEL=2", "HOSTNAME=notifyspec-machine", "UNIT_ACTIVE=basic.target")
    events += [sent(3.3 + n / 100, f"X_SYSTEMD_{data}") for n, data in enumerate(identity)]
    events += [observation(3.4, "switched-root", "yes"), sent(3.9, "READY=1\nSTATUS=Ready.")]
    events += [phase(3.9, "ready"), action(4.2, "power-button"), phase(4.2, "shutting-down")]
    end = sent(4.9, "EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=poweroff")
    return connected([*events, end, phase(5.2, "gone")])


SCENARIOS = {
    "vm-poweroff": ("Boots a machine to the default target, then powers it off.", lambda: golden(POWEROFF)),
    "vm-reboot-stream": ("Reboots a machine, which comes back and reports again.", reboot),
    "vm-exam": ("Puts the device and the receiver to the test.", exam),
    "vm-initrd": ("Boots an initrd, which switches root.", initrd),
}
