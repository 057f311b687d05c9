"""QMP: QEMU's control socket (QEMU Machine Protocol), as far as a machine needs it: one command, one answer."""

from __future__ import annotations

import json
import socket
from typing import Any

from vm.deadline import Deadline


class QmpFailed(Exception):
    """QEMU refused a command, or is gone."""


class Qmp:
    """A conversation with QEMU over a connected stream socket, which it then owns."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection = connection
        self._rest = b""
        self._events: list[str] = []
        try:
            self._read(deadline)  # the greeting
            self.ask("qmp_capabilities", deadline)
        except BaseException:
            connection.close()
            raise

    def ask(self, command: str, deadline: Deadline, **arguments: object) -> Any:
        """The answer to a command."""
        line = json.dumps({"execute": command} | ({"arguments": arguments} if arguments else {}))
        try:
            self._connection.sendall(line.encode() + b"\n")
            while True:
                answer = self._read(deadline)
                if "error" in answer:
                    raise QmpFailed(f"QEMU refuses {command}: {answer['error'].get('desc')}")
                if "return" in answer:
                    return answer["return"]
                self._events.append(answer.get("event", ""))
        except OSError as error:
            raise QmpFailed(f"QEMU does not answer {command}: {error.strerror}") from error

    def fileno(self) -> int:
        """Readable when QEMU has something to say."""
        return self._connection.fileno()

    def heard(self, name: str) -> bool:
        """Whether that event has come. It is told once, and what came before it is forgotten."""
        while b"\n" in self._rest:
            self._events.append(self._line().get("event", ""))
        if name not in self._events:
            return False
        del self._events[: self._events.index(name) + 1]
        return True

    def listen(self, deadline: Deadline) -> None:
        """Waits until QEMU has said something more."""
        deadline.wait(self.fileno())
        data = self._connection.recv(1 << 16)
        if not data:
            raise QmpFailed("QEMU has ended")
        self._rest += data

    def _read(self, deadline: Deadline) -> dict[str, Any]:
        while b"\n" not in self._rest:
            self.listen(deadline)
        return self._line()

    def _line(self) -> dict[str, Any]:
        line, _, self._rest = self._rest.partition(b"\n")
        return json.loads(line)

    def close(self) -> None:
        self._connection.close()
