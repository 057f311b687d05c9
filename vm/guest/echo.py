"""The echo: a peer on the host that sends every message back, as it came, to whoever connects."""

from __future__ import annotations

import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

KINDS = {"stream": socket.SOCK_STREAM, "seqpacket": socket.SOCK_SEQPACKET}
CHUNK = 1 << 18  # no message is longer
FULL = 4  # messages that wait to go back: then no more is read of that connection

Answer = Callable[[int, bytes], list[bytes]]  # what goes back for the n-th message of a connection


def faithful(_: int, message: bytes) -> list[bytes]:
    return [message]


class Peer:
    """One connection."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.sizes: list[int] = []  # of what came
        self.back: deque[bytes] = deque()
        self.ended = False  # it sends no more

    def wanted(self) -> int:
        reads = not self.ended and len(self.back) < FULL
        return selectors.EVENT_READ * reads | selectors.EVENT_WRITE * bool(self.back)


class Echo:
    """`with Echo(path, kind) as echo`: listens from the first line of the block on, in a thread of its own."""

    def __init__(self, path: Path, kind: str, answer: Answer = faithful) -> None:
        self._kind = kind
        self._answer = answer
        self._listener = socket.socket(socket.AF_UNIX, KINDS[kind] | socket.SOCK_CLOEXEC)
        self._listener.bind(str(path))
        self._listener.listen(512)
        self._waker, self._woken = socket.socketpair()
        self._watched = selectors.DefaultSelector()
        self._open = 0
        self.peers: list[Peer] = []
        self.most_open = 0  # connections at the same time
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Echo:
        self._watched.register(self._woken, selectors.EVENT_READ)
        self._watched.register(self._listener, selectors.EVENT_READ)
        self._thread.start()
        return self

    def _run(self) -> None:
        while True:
            for key, events in self._watched.select():
                if key.fileobj is self._woken:
                    return
                if key.fileobj is self._listener:
                    self._accept()
                    continue
                try:
                    self._serve(key.data, events)
                except OSError:  # it is gone, and knows
                    self._close(key.data)

    def _accept(self) -> None:
        peer = Peer(self._listener.accept()[0])
        peer.connection.setblocking(False)
        self._watched.register(peer.connection, selectors.EVENT_READ, peer)
        self.peers.append(peer)
        self._open += 1
        self.most_open = max(self.most_open, self._open)

    def _serve(self, peer: Peer, events: int) -> None:
        if events & selectors.EVENT_READ:
            message = peer.connection.recv(CHUNK)
            peer.ended = not message
            if message:
                peer.back += self._answer(len(peer.sizes), message)
                peer.sizes.append(len(message))
        if peer.back:
            self._send(peer)
        if peer.ended and not peer.back:
            self._close(peer)
        else:
            # A connection that has nothing to wait for is looked at again once something is to be sent or read.
            self._watched.modify(peer.connection, peer.wanted(), peer)

    def _send(self, peer: Peer) -> None:
        try:
            sent = peer.connection.send(peer.back[0])
        except BlockingIOError:
            return
        rest = peer.back.popleft()[sent:]
        if rest:  # of a stream: a message goes whole
            peer.back.appendleft(rest)

    def _close(self, peer: Peer) -> None:
        self._watched.unregister(peer.connection)
        peer.connection.close()
        self._open -= 1

    def __exit__(self, *_: object) -> None:
        self._waker.close()
        self._thread.join()
        for peer in self.peers:
            peer.connection.close()
        for each in (self._listener, self._woken, self._watched):
            each.close()
