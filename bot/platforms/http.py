"""The one module that talks HTTP: one connection, one request, one total deadline, and a record of what happened.

Platform libraries get an `ApiSession` in place of their own `requests.Session`. It sends everything to the configured
address through a connection that it opens itself, so the border between "provably not sent" and "unknown" is one line
of code: `Exchange.sent` turns true just before the first byte of a request can leave. There is no pool, no retry and
no redirect that could send a post a second time, and adapters judge by the `Exchange`, never by what a library made of
it: libraries report lost answers as success, and their exceptions hold addresses and tokens.
"""

import io
import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NoReturn
from urllib.parse import urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from requests.utils import DEFAULT_CA_BUNDLE_PATH, get_encoding_from_headers, select_proxy
from urllib3.exceptions import TimeoutError as TransferTimeout

from bot.failpoints import reach
from bot.platforms.base import NotSent, OutcomeUnknown
from bot.platforms.connection import (
    MAX_ANSWER,
    Connection,
    OversizedAnswer,
    Watchdog,
    is_alive,
    new_connection,
    open_within,
    read_whole,
    unreachable,
)
from bot.platforms.texts import legible
from bot.settings import LOOPBACK

# A connection that has been idle for longer may have been dropped in silence, and a post sent into the void is an
# unknown; connecting anew costs some 0.1 s. Seconds.
MAX_IDLE = 5.0


def quiet_library_logs() -> None:
    """Silence the libraries' loggers: at DEBUG they write tokens and signatures, in warnings whole addresses.

    Nothing is lost: every outcome says what happened in words of its own.
    """
    for name in ("tweepy", "tweepy.client", "urllib3", "requests", "requests_oauthlib", "oauthlib"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


quiet_library_logs()


@dataclass
class Exchange:
    """What really went over the wire in one call.

    sent     whether a byte of the request may have left; while False, it is proved that the call had no effect
    status, headers  of the answer; None and empty while there is none
    body     the whole answer, or None if it did not come whole
    problem  why there is no answer, in words for the operator, without secrets
    stood_still  whether that is because the bot stood still until it was too late to send
    """

    sent: bool = False
    status: int | None = None
    reason: str = ""
    headers: Mapping[str, str] = field(default_factory=CaseInsensitiveDict)
    body: bytes | None = None
    problem: str = ""
    stood_still: bool = False

    def json(self) -> Any:
        """The body as JSON, whatever its content type; None if it is none."""
        try:
            return json.loads(self.body or b"")
        except (ValueError, RecursionError):
            return None

    def member(self, name: str) -> Any:
        """A member of the JSON object that the body is; None if there is no such thing."""
        body = self.json()
        return body.get(name) if isinstance(body, dict) else None

    def require_answer(self) -> None:
        """Raise `NotSent` or `OutcomeUnknown` if there is no whole answer to judge."""
        if not self.sent:
            raise NotSent(f"Nothing was sent: {self.problem}.", stood_still=self.stood_still)
        if self.body is None:
            raise OutcomeUnknown(f"The request was sent, but {self.problem}.")


class TransferFailed(requests.RequestException):
    """There is no whole answer; `Exchange.problem` says why. Never leaves an adapter."""


class _TooLate(Exception):
    """A piece of a request was not sent: the bot has stood still, and others may have taken it for dead."""


class ApiSession(requests.Session):
    """A session that speaks to one API through one connection. Used by one thread at a time.

    api_url       where the API is; plain HTTP on loopback only
    library_host  the address that the library has hard-coded, and that `api_url` stands in for
    timeout       of a whole call, from the name lookup to the last byte of the answer
    secrets       never to appear in what is quoted from answers
    monotonic     seconds, for deadlines and idleness
    """

    def __init__(
        self,
        api_url: str,
        library_host: str,
        timeout: timedelta,
        secrets: tuple[str, ...],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        parts = urlsplit(api_url)
        self._host = parts.hostname or ""
        self._loopback = self._host in LOOPBACK
        if not self._host or (parts.scheme != "https" and not (parts.scheme == "http" and self._loopback)):
            raise ValueError("an API is spoken to over HTTPS; plain HTTP is for loopback only")
        self._api_url, self._library_host = api_url.rstrip("/"), library_host
        self._seconds, self._secrets, self._monotonic = timeout.total_seconds(), secrets, monotonic
        self._connection: Connection | None = None
        # An exchange that another thread replaced would be judged for ours.
        self._one_at_a_time = threading.Lock()
        self._used_at = 0.0
        # Of the call under way, from the moment it was asked for.
        self._deadline = monotonic() + self._seconds
        self._in_time: Callable[[], bool] = lambda: True
        self.exchange = Exchange()
        # Any `auth` keeps requests from reading ~/.netrc, whose entry would replace the Authorization header.
        self.auth = _unchanged

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._api_url}>"

    def public_url(self, elsewhere: str) -> str:
        """Where posts can be looked at: `elsewhere`, or the API's own address if that is on loopback (the sandbox)."""
        return self._api_url if self._loopback else elsewhere

    def ask(self, call: Callable[[], object], in_time: Callable[[], bool] = lambda: True) -> Exchange:
        """Let a library make one call. What it returns or raises is of no interest; what was exchanged is.

        in_time: asked before each piece of the request is sent; where it says no, nothing more of it is.
        """
        # One thread at a time is the rule; if it is ever broken, nobody may judge another's exchange.
        with self._one_at_a_time:
            return self._ask(call, in_time)

    def _ask(self, call: Callable[[], object], in_time: Callable[[], bool]) -> Exchange:
        self.exchange, self._deadline, self._in_time = Exchange(), self._monotonic() + self._seconds, in_time
        try:
            call()
        except Exception as error:  # noqa: BLE001 - libraries raise anything over an odd answer
            if not self.exchange.sent and not self.exchange.problem:
                self.exchange.problem = f"the request could not be made ({type(error).__name__})"
        return self.exchange

    def connect(self) -> None:
        """Have a live connection ready for the next request. Raises `NotSent`."""
        exchange = self.ask(self._ready_connection)
        if exchange.problem:
            exchange.require_answer()

    def legible(self, text: str) -> str:
        """A platform's own words without our secrets, on one short line."""
        return legible(text, self._secrets)

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """As `requests.Session.request`, but to the configured address.

        The address is replaced before the request is prepared, so that an OAuth signature covers the real one.
        """
        address = url.decode() if isinstance(url, bytes) else url
        if not address.startswith(self._library_host + "/"):
            raise ValueError("the library asks for an address that is not its API's")
        here = self._api_url + address.removeprefix(self._library_host)
        return super().request(method, here, *args, **kwargs)

    def merge_environment_settings(self, *_: object, **__: object) -> Any:
        """Nothing: what the environment says counts when a connection is opened, and requests asks at each request.

        To find a proxy it goes through all variables twice. A thousand accounts have four thousand of them for their
        secrets: 25 ms a request (2026-11-21).
        """
        return {"proxies": {}, "stream": None, "verify": None, "cert": None}

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        """Send `request` once and return whatever is answered, also a redirect. Raises `TransferFailed`."""
        if self.exchange.sent:
            raise TransferFailed("one call sends one request")
        connection = self._ready_connection()
        watchdog = Watchdog(connection, self._deadline - self._monotonic())
        try:
            with watchdog:
                self._transfer(connection, request, watchdog)
        finally:
            self._used_at = self._monotonic()
            if self.exchange.body is None:
                self._drop()
        return _as_response(self.exchange, request)

    def close(self) -> None:
        """Give the connection back."""
        self._drop()
        super().close()

    def _transfer(self, connection: Connection, request: requests.PreparedRequest, watchdog: Watchdog) -> None:
        exchange, connection.before_piece = self.exchange, self._before_piece
        try:
            reach("first-byte")
            connection.request(
                request.method or "GET",
                request.path_url,
                body=request.body,
                headers=request.headers,
                preload_content=False,
                decode_content=False,
            )
            reach("request-sent")
            answer = connection.getresponse()
            exchange.status, exchange.reason = answer.status, answer.reason or ""
            exchange.headers = CaseInsensitiveDict(answer.headers)
            body = read_whole(answer)
            reach("answer-read")
        except Exception as error:  # noqa: BLE001 - whatever it is, bytes may have left
            self._fail(self._loss(error, watchdog))
        if watchdog.barked:
            # A connection cut off can look like the proper end of an answer without a length.
            self._fail(self._loss(TimeoutError(), watchdog))
        exchange.body = body

    def _before_piece(self) -> None:
        """The border: from here on bytes may have left. Raises `_TooLate` instead where they must not."""
        if self._is_too_late():
            self.exchange.stood_still = True
            raise _TooLate
        self.exchange.sent = True

    def _is_too_late(self) -> bool:
        """Whether others may have taken this process for dead, so that what it sends could be a second copy."""
        return self._monotonic() >= self._deadline or not self._in_time()

    def _ready_connection(self) -> Connection:
        """The connection that is open, if it is fresh and alive; else a new one."""
        if self._connection is not None:
            if self._monotonic() - self._used_at <= MAX_IDLE and is_alive(self._connection):
                return self._connection
            self._drop()
        try:
            connection = new_connection(self._api_url, *self._environment())
            open_within(connection, self._deadline - self._monotonic())
        except Exception as error:  # noqa: BLE001 - nothing of the request can have left, whatever it is
            self._fail(unreachable(error, self._host, self._seconds))
        # From here on a lost connection must show, not be replaced in silence.
        connection.auto_open = 0
        self._connection, self._used_at = connection, self._monotonic()
        return connection

    def _environment(self) -> tuple[str | None, str]:
        """The proxy to use, never for loopback, and the certificates to trust."""
        if self._api_url.startswith("http:"):
            return None, DEFAULT_CA_BUNDLE_PATH  # loopback, without TLS
        settings = super().merge_environment_settings(self._api_url, {}, None, None, None)
        proxy = None if self._loopback else select_proxy(self._api_url, settings["proxies"])
        trusted = settings["verify"]
        return proxy, trusted if isinstance(trusted, str) else DEFAULT_CA_BUNDLE_PATH

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _fail(self, problem: str) -> NoReturn:
        """Record why there is no answer. The exception says nothing, for libraries print those."""
        self.exchange.problem = problem
        raise TransferFailed("see the exchange") from None

    def _loss(self, error: Exception, watchdog: Watchdog) -> str:
        """Why there is no whole answer. Words of ours only: errors may quote the request."""
        if isinstance(error, _TooLate):
            return "the bot stood still until it was too late to send"
        if not self.exchange.sent:
            return f"the request could not be made ({type(error).__name__})"
        if watchdog.barked or isinstance(error, TimeoutError | TransferTimeout):
            return f"there was no whole answer within {self._seconds:g} s"
        if isinstance(error, OversizedAnswer):
            return f"the answer was larger than {MAX_ANSWER} bytes"
        return f"the connection was lost before the answer was complete ({type(error).__name__})"


def _as_response(exchange: Exchange, request: requests.PreparedRequest) -> requests.Response:
    """The answer in the form that libraries expect."""
    response = requests.Response()
    response.status_code = exchange.status or 0
    response.reason = exchange.reason
    response.headers = CaseInsensitiveDict(exchange.headers)
    response.raw = io.BytesIO(exchange.body or b"")
    # Else `response.text` guesses, which takes seconds for a large page.
    response.encoding = get_encoding_from_headers(response.headers) or "utf-8"
    response.request, response.url = request, request.url or ""
    return response


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
