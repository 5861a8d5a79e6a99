"""A service that takes alerts, as Apprise's `json://` address does: over HTTP, in this process."""

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    title: str
    body: str
    type: str


class AlertEndpoint:
    """Keeps what it takes. `status`: what it answers; anything but 2xx means that it did not take the message."""

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.refused = 0
        self.status = 200
        self.answer_when = threading.Event()
        self.answer_when.set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self._server.server_port}/"

    def titles(self) -> list[str]:
        return [message.title.removeprefix("shortscience-bot: ") for message in self.taken]

    def close(self) -> None:
        self.answer_when.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                endpoint.answer_when.wait(30)
                if endpoint.status < 300:
                    endpoint.taken.append(Message(said["title"], said["message"], said["type"]))
                else:
                    endpoint.refused += 1
                self.send_response(endpoint.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        return Handler
