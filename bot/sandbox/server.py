"""The HTTP server underneath: HTTP/1.1 with kept-alive connections, a thread for each, and full control of the socket.

A framework would not let a handler reset a connection before the body was read, or fall silent; and this is fast.
"""

import contextlib
import select
import socket
import struct
import threading
from collections.abc import Callable
from email.utils import formatdate

from bot.sandbox.exchange import Answer, Request

HOST = "127.0.0.1"
# How long the calls under way may take to end, in seconds, before they are left to themselves.
_PATIENCE = 2.0
_MAX_LINE, _MAX_HEADERS, _MAX_BODY = 65_536, 100, 16 * 1024 * 1024

Handler = Callable[[Request, "Connection"], None]


class BadRequest(Exception):
    """What came in is no HTTP request that this server takes."""


class HttpServer:
    """Listens on one port of 127.0.0.1 and hands every request to `handler`. Can close the port and open it again."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._lock = threading.Lock()
        self._connections: dict[Connection, threading.Thread] = {}
        self._accepting: threading.Thread | None = None
        self._stop_accepting: socket.socket | None = None
        self.port = 0

    def open(self, port: int) -> None:
        """Listen on `port`, 0 for any free one. Raises `OSError` if it is taken."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((HOST, port))
            listener.listen(256)
        except OSError:
            listener.close()
            raise
        self.port = listener.getsockname()[1]
        self._stop_accepting, stopped = socket.socketpair()
        self._accepting = threading.Thread(target=self._accept, args=(listener, stopped), name="sandbox", daemon=True)
        self._accepting.start()

    def close(self) -> None:
        """Refuse new connections and end those there are; a call that is being answered gets its answer."""
        if self._accepting is None or self._stop_accepting is None:
            return
        self._stop_accepting.close()
        self._accepting.join()
        self._accepting = None
        with self._lock:
            open_now = dict(self._connections)
        for connection in open_now:
            connection.finish()
        for thread in open_now.values():
            if thread is not threading.current_thread():
                thread.join(_PATIENCE)

    def _accept(self, listener: socket.socket, stopped: socket.socket) -> None:
        """Take connections until the other end of `stopped` is closed."""
        with listener, stopped:
            while True:
                ready, _, _ = select.select([listener, stopped], [], [])
                if stopped in ready:
                    return
                with contextlib.suppress(OSError):
                    self._start(listener.accept()[0])

    def _start(self, accepted: socket.socket) -> None:
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = Connection(accepted)
        thread = threading.Thread(target=self._serve, args=(connection,), name="sandbox call", daemon=True)
        with self._lock:
            self._connections[connection] = thread
        thread.start()

    def _serve(self, connection: "Connection") -> None:
        try:
            connection.serve(self._handler)
        finally:
            connection.close()
            with self._lock:
                del self._connections[connection]


class Connection:
    """One client's connection; used by its own thread, except for `finish`."""

    def __init__(self, accepted: socket.socket) -> None:
        self._socket = accepted
        self._file = accepted.makefile("rb", buffering=_MAX_LINE)
        self._lock = threading.Lock()
        self._busy = False
        self._stopping = threading.Event()
        self._last = self._closed = False

    def serve(self, handler: Handler) -> None:
        """Handle requests until either side has had enough."""
        with contextlib.suppress(OSError):
            while not self._last:
                try:
                    request = self._receive()
                except BadRequest as problem:
                    self._last = True
                    self.send(Answer(400, str(problem).encode(), {"Content-Type": "text/plain"}))
                    return
                if request is None or not self._begin():
                    return
                handler(request, self)
                self._end(request)

    def send(self, answer: Answer) -> None:
        common = {"Date": formatdate(usegmt=True)}
        if self._last or self._stopping.is_set():
            common["Connection"] = "close"
        self.send_raw(answer.with_headers(common).to_bytes())

    def send_raw(self, data: bytes) -> None:
        self._socket.sendall(data)

    def close(self) -> None:
        """Close in good order."""
        self._last = self._closed = True
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._file.close()
        self._socket.close()

    def reset(self) -> None:
        """Close with RST, so that the client sees `connection reset by peer`."""
        self._last = self._closed = True
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._file.close()
        self._socket.close()

    def wait(self, seconds: float, *, while_connected: bool = True) -> bool:
        """Let time pass; True if it passed in full, False if the server stops or (so wanted) the client has gone."""
        if not while_connected:
            return not self._stopping.wait(seconds)
        readable, _, _ = select.select([self._socket], [], [], seconds)
        return not readable

    def finish(self) -> None:
        """End the connection: at once if it is idle or waiting, else after the answer under way."""
        self._stopping.set()
        with self._lock, contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RD if self._busy else socket.SHUT_RDWR)

    def _begin(self) -> bool:
        with self._lock:
            self._busy = not self._stopping.is_set()
            return self._busy

    def _end(self, request: Request) -> None:
        with self._lock:
            self._busy = False
        self._last = self._last or self._stopping.is_set() or request.headers.get("connection", "").lower() == "close"
        if not self._closed:
            # What is left of a body would be taken for the next request, or turn the close into a reset.
            _ = request.body

    def _receive(self) -> Request | None:
        """The next request, its body still unread; None when the client has gone."""
        line = self._file.readline(_MAX_LINE)
        if not line.strip():
            return None
        parts = line.decode("latin-1").split()
        if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
            raise BadRequest("this is no HTTP/1.1 request line")
        headers = self._receive_headers()
        if "transfer-encoding" in headers:
            raise BadRequest("bodies need a Content-Length")
        return Request(parts[0], parts[1], headers, lambda: self._receive_body(headers))

    def _receive_headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        for _ in range(_MAX_HEADERS):
            line = self._file.readline(_MAX_LINE)
            if line in (b"\r\n", b"\n", b""):
                return headers
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        raise BadRequest("too many headers")

    def _receive_body(self, headers: dict[str, str]) -> bytes:
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > _MAX_BODY:
            raise OSError("body too large or of no known length")
        if headers.get("expect", "").lower() == "100-continue":
            self.send_raw(b"HTTP/1.1 100 Continue\r\n\r\n")
        body: bytes = self._file.read(int(length))
        if len(body) < int(length):
            raise OSError("the client has gone before the body was complete")
        return body
