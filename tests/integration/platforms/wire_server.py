"""A server that keeps every byte it gets and answers as it is told: for what happens below HTTP."""

import contextlib
import json
import select
import socket
import ssl
import threading
from collections.abc import Callable
from typing import Any, Self

Answer = Callable[[bytes, socket.socket], None]


def say(status: str, body: bytes = b"", headers: str = "", length: int | None = None) -> Answer:
    """Answer every request so; `length` may lie."""
    announced = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{headers}Content-Length: {announced}\r\n\r\n"

    def answer(_request: bytes, wire: socket.socket) -> None:
        wire.sendall(head.encode() + body)

    return answer


def say_json(status: str, payload: Any, headers: str = "") -> Answer:
    return say(status, json.dumps(payload).encode(), headers)


# What either platform says when a post was made.
CREATED = {
    "twitter": say_json("201 Created", {"data": {"id": "1234567890", "text": "…"}}),
    "facebook": say_json("200 OK", {"id": "1_2", "permalink_url": "https://www.facebook.com/1/posts/2"}),
}


class WireServer:
    """Listens on 127.0.0.1. connections: for each one, the requests that came in on it, whole.

    on_connect is called with a fresh connection; what it returns False for is not served.
    """

    def __init__(
        self, answer: Answer, certificate: str | None = None, on_connect: Callable[[socket.socket], bool] | None = None
    ) -> None:
        self._answer, self._on_connect = answer, on_connect or (lambda _wire: True)
        self._tls = None
        if certificate:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.connections: list[list[bytes]] = []
        scheme = "https" if certificate else "http"
        self.port = self._listener.getsockname()[1]
        self.url = f"{scheme}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()

    @property
    def requests(self) -> list[bytes]:
        return [request for connection in self.connections for request in connection]

    def hang_up(self) -> None:
        """Close every connection there is."""
        for wire in self._open:
            with contextlib.suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)
            wire.close()
        self._open.clear()

    def _accept(self) -> None:
        while True:
            try:
                wire, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(wire)
            threading.Thread(target=self._serve, args=(wire,), daemon=True).start()

    def _serve(self, wire: socket.socket) -> None:
        requests: list[bytes] = []
        self.connections.append(requests)
        with contextlib.suppress(OSError, ValueError):
            if not self._on_connect(wire):
                return
            if self._tls:
                wire = self._tls.wrap_socket(wire, server_side=True)
                self._open.append(wire)
            while request := _receive(wire):
                requests.append(request)
                self._answer(request, wire)


def _receive(wire: socket.socket) -> bytes:
    """One whole request; empty when the client has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = wire.recv(65536)
        if not chunk:
            return b""
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        chunk = wire.recv(65536)
        if not chunk:
            return b""
        body += chunk
    return head + b"\r\n\r\n" + body


def pipe(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until one side has gone."""
    while True:
        ready, _, _ = select.select([one, other], [], [])
        for wire in ready:
            data = wire.recv(65536)
            if not data:
                return
            (other if wire is one else one).sendall(data)
