"""The local port: /metrics, /healthz, /readyz. Off unless `[observe] listen` says where.

It only answers GET, tells no secret, and has threads of its own: whoever asks too much, or never stops talking, keeps
no post waiting.
"""

import json
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bot.mistakes import ConfigMistakes, Problem
from bot.observe.log import log
from bot.observe.redact import redactor

# Who opens a connection and says nothing is hung up on, in seconds.
IDLE = 10
Page = Callable[[str], tuple[int, str, bytes]]


def health_page(reasons: Callable[[], list[str]]) -> Page:
    """A page that says ok (200), or why not (503), as JSON."""

    def page(_accept: str) -> tuple[int, str, bytes]:
        found = [redactor.clean(reason) for reason in reasons()]
        body = json.dumps({"ok": not found, "reasons": found}, ensure_ascii=False)
        return 503 if found else 200, "application/json; charset=utf-8", f"{body}\n".encode()

    return page


class Port:
    """Serves `pages` by their paths at `listen` ("127.0.0.1:9464"). Raises ConfigMistakes if it cannot listen there."""

    def __init__(self, listen: str, pages: dict[str, Page]) -> None:
        host, _, port = listen.rpartition(":")
        host = host.strip("[]")
        try:
            self._server = _Server((host, int(port)), pages)
        except OSError as error:
            why = f"cannot listen at {listen}: {error.strerror}"
            raise ConfigMistakes([Problem("observe.listen", f"{why}; expected a free port of this machine")]) from None
        self._thread = threading.Thread(target=self._server.serve_forever, name="observe", daemon=True)
        self._thread.start()
        at = self._server.server_address
        log.info("metrics and health are served", host=at[0], port=at[1])

    def close(self) -> None:
        """Answer no more. What is being answered may end unheard."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], pages: dict[str, Page]) -> None:
        self.pages = pages
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the library's signature
        """Somebody hung up, or a page broke; neither ends the server."""
        log.debug("a question to the local port was not answered", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = IDLE
    server_version, sys_version = "shortscience-bot", ""

    def do_GET(self) -> None:
        page = self.server.pages.get(self.path.partition("?")[0])
        if page is None:
            self._answer(404, "text/plain; charset=utf-8", f"{' '.join(self.server.pages)}\n".encode())
            return
        self._answer(*page(self.headers.get("Accept", "")))

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Scrapes are no news."""
