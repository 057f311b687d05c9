"""The agent: runs commands in a machine, over AF_VSOCK. Its other end is vm/guest/agent.cc.

A request is words that each end in a NUL: the environment, an empty word, the command; then the stream is shut
down. The answer is a line `STATUS OUT_BYTES ERR_BYTES`, then what the command wrote on either stream.
"""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence

from vm.deadline import Deadline

Connect = Callable[[Deadline], socket.socket]


class NoAgent(Exception):
    """The machine does not answer: not yet, or not any more."""


def run(
    connect: Connect, command: Sequence[str], environment: Mapping[str, str], deadline: Deadline
) -> subprocess.CompletedProcess[str]:
    """Waits for the command's end. Its exit status is for the caller to judge."""
    words = [*(f"{name}={value}" for name, value in environment.items()), "", *command]
    try:
        with connect(deadline) as connection:
            connection.sendall(b"".join(word.encode() + b"\0" for word in words))
            connection.shutdown(socket.SHUT_WR)
            answer = read_all(connection, deadline)
    except OSError as error:
        raise NoAgent(f"the machine's agent does not answer: {error.strerror or error}") from error
    line, _, rest = answer.partition(b"\n")
    try:
        status, n_out, n_err = map(int, line.split())
        if len(rest) != n_out + n_err:
            raise ValueError
    except ValueError:
        raise NoAgent(f"the machine's agent was cut short in its answer to `{' '.join(command)}`") from None
    texts = [part.decode(errors="replace") for part in (rest[:n_out], rest[n_out:])]
    return subprocess.CompletedProcess(command, status, *texts)


def read_all(connection: socket.socket, deadline: Deadline) -> bytes:
    """All that comes until the other side has nothing more to say."""
    pieces = []
    while True:
        deadline.wait(connection.fileno())
        piece = connection.recv(1 << 16)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
