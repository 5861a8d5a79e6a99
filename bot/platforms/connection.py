"""One connection: opened within a time limit, asked whether it is alive, cut off at a deadline. For `http` alone."""

import contextlib
import math
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlsplit

from requests.utils import get_auth_from_url
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.response import HTTPResponse
from urllib3.util import make_headers

from bot.platforms.texts import legible

# More than any page of posts needs, and little enough to hold in memory. Bytes.
MAX_ANSWER = 4 * 1024 * 1024
_CHUNK = 64 * 1024
# A timer and a socket both take 0 for something else than "now". Seconds.
_SHORTEST = 0.001
# How long the thread of the watchdogs waits for the next call before it sleeps. Seconds.
_LINGER = 10.0


class UnusableProxy(Exception):
    """The environment names a proxy that is no http:// one."""


class OversizedAnswer(Exception):
    """The answer is larger than `MAX_ANSWER`."""


class Connection(HTTPConnection):
    """One that asks before it hands anything to the network. before_piece: raises if it must not.

    A request leaves in two pieces, and a process can be stopped before either for longer than others wait. What it
    would send when it goes on could be a second copy, and the watchdog's thread may wake up later than the sender's.
    """

    before_piece: Callable[[], None] | None = None

    def send(self, data: Any) -> None:
        if self.before_piece is not None:
            self.before_piece()
        super().send(data)


class _Encrypted(Connection, HTTPSConnection):
    """The same over TLS."""


def new_connection(url: str, proxy: str | None, trusted: str) -> Connection:
    """A connection to `url`, through `proxy` if there is one; not open yet. `trusted`: certificates, file or folder.

    Raises `UnusableProxy`.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "http":
        return Connection(host, parts.port or 80)
    if proxy is None:
        return _Encrypted(host, parts.port or 443, ssl_context=_tls(trusted))
    proxy_host, proxy_port, headers = _proxy(proxy)
    connection = _Encrypted(proxy_host, proxy_port, ssl_context=_tls(trusted))
    connection.set_tunnel(host, parts.port or 443, headers=headers)
    return connection


@lru_cache(maxsize=4)
def _tls(trusted: str) -> ssl.SSLContext:
    """Certificates and host names are verified; kept, since reading the certificates takes 20 ms."""
    if Path(trusted).is_dir():
        return ssl.create_default_context(capath=trusted)
    return ssl.create_default_context(cafile=trusted)


def _proxy(proxy: str) -> tuple[str, int, Mapping[str, str]]:
    """Host, port and headers of an HTTP proxy, whose address may lack its scheme."""
    address = proxy if "://" in proxy else f"http://{proxy}"
    parts = urlsplit(address)
    if parts.scheme != "http" or not parts.hostname:
        raise UnusableProxy
    user, password = get_auth_from_url(address)
    headers = make_headers(proxy_basic_auth=f"{user}:{password}") if user else {}
    return parts.hostname, parts.port or 80, headers


def open_within(connection: HTTPConnection, seconds: float) -> None:
    """Connect within `seconds` altogether: name lookup, every address, proxy, TLS. Raises what `connect` raises.

    In a thread, since a name lookup cannot be interrupted; one that comes too late closes what it opened.
    """
    connection.timeout = max(seconds, _SHORTEST)
    outcome: SimpleQueue[Exception | None] = SimpleQueue()
    given_up = threading.Event()

    def work() -> None:
        try:
            connection.connect()
        except Exception as error:  # noqa: BLE001 - handed over to the caller
            outcome.put(error)
        else:
            outcome.put(None)
        if given_up.is_set():
            connection.close()

    threading.Thread(target=work, name="connecting", daemon=True).start()
    try:
        failure = outcome.get(timeout=connection.timeout)
    except Empty:
        given_up.set()
        failure = TimeoutError()
    if failure is not None:
        connection.close()
        raise failure


def unreachable(error: Exception, host: str, seconds: float) -> str:
    """Why there is no connection, for the operator."""
    if isinstance(error, UnusableProxy):
        return "the environment names a proxy that is no http:// one"
    if isinstance(error, FileNotFoundError):
        return "the certificates that REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names are not there"
    if isinstance(error, NameResolutionError):
        return f"the name {host} cannot be resolved"
    # To urllib3 a refused connection is a kind of time-out.
    if isinstance(error, TimeoutError | ConnectTimeoutError) and not isinstance(error, NewConnectionError):
        return f"no connection to {host} within {seconds:g} s"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of {host} is not trusted ({error.verify_message})"
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    detail = (cause.strerror or str(cause)) if isinstance(cause, OSError) else type(cause).__name__
    return f"no connection to {host} ({legible(detail)})"


def is_alive(connection: HTTPConnection) -> bool:
    """Whether it is open and nothing has come in: a goodbye would have, and an answer to nothing is no good either.

    Really read, not just polled: after a TLS handshake there may be session tickets to take in.
    """
    wire = connection.sock
    if wire is None:
        return False
    try:
        wire.settimeout(0)
        wire.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return True
    except OSError:
        return False
    return False


class Watchdog:
    """Cuts a connection off at a deadline, also when the other side sends a byte now and then.

    barked: whether it did; what was read then may look complete and is not.
    """

    def __init__(self, connection: Connection, seconds: float) -> None:
        self.barked = False
        # Held on to, since a connection lets go of its socket as soon as an answer says that it is the last one.
        self._wire = connection.sock
        connection.timeout = max(seconds, _SHORTEST)
        self.deadline = time.monotonic() + connection.timeout

    def __enter__(self) -> None:
        _watchman.watch(self)

    def __exit__(self, *_: object) -> None:
        _watchman.dismiss(self)

    def bark(self) -> None:
        """The deadline has come."""
        self.barked = True
        if self._wire is not None:
            # Not `SSLSocket.shutdown`: that takes the TLS state away under the reading thread.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._wire, socket.SHUT_RDWR)


class _Watchman:
    """The thread that wakes all watchdogs. With one for each call, posts took a fifth longer (2026-11-26)."""

    def __init__(self) -> None:
        self._on_duty: set[Watchdog] = set()
        self._changed = threading.Condition()
        self._wakes_at = math.inf
        self._used = False
        self._thread: threading.Thread | None = None

    def watch(self, dog: Watchdog) -> None:
        with self._changed:
            self._on_duty.add(dog)
            self._used = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep, name="watchdogs", daemon=True)
                self._thread.start()
            elif dog.deadline < self._wakes_at:
                self._wakes_at = dog.deadline
                self._changed.notify()

    def dismiss(self, dog: Watchdog) -> None:
        with self._changed:
            self._on_duty.discard(dog)

    def _keep(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for dog in [dog for dog in self._on_duty if dog.deadline <= now]:
                    self._on_duty.discard(dog)
                    dog.bark()
                # Where calls follow each other, the next one finds it waiting and need not wake it.
                idle = now + _LINGER if self._used else math.inf
                self._wakes_at = min((dog.deadline for dog in self._on_duty), default=idle)
                self._used = False
                self._changed.wait(None if self._wakes_at == math.inf else self._wakes_at - now)


_watchman = _Watchman()


def read_whole(answer: HTTPResponse) -> bytes:
    """The body, unpacked. Raises when it ends early, and `OversizedAnswer`."""
    body = bytearray()
    while chunk := answer.read(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > MAX_ANSWER:
            raise OversizedAnswer
    return bytes(body)
