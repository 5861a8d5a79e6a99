"""What goes in and what comes out: a request as it was received, an answer as it will be sent."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

JSON_TYPE = "application/json; charset=utf-8"


@dataclass
class Request:
    """One request. The body is received when it is first asked for, so that a fault can strike before.

    target: as on the request line. headers: names in lower case. receive: takes the body off the wire, once.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    receive: Callable[[], bytes]
    _body: bytes | None = field(default=None, init=False, repr=False)

    @property
    def body(self) -> bytes:
        # Not cached_property: before Python 3.12 it has one lock for all objects, and a client that stops halfway
        # would keep every other one waiting, whatever sandbox it talks to.
        if self._body is None:
            self._body = self.receive()
        return self._body

    @cached_property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)

    @cached_property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def url(self) -> str:
        """The whole address as the client used it, for signatures."""
        return f"http://{self.headers.get('host', '')}{self.target}"

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. Content-Length and Date are added when it is put on the wire."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def with_headers(self, headers: Mapping[str, str]) -> "Answer":
        """The same answer with `headers` added; names already there are replaced, whatever their case."""
        replaced = {name.lower() for name in headers}
        kept = {name: value for name, value in self.headers.items() if name.lower() not in replaced}
        return Answer(self.status, self.body, {**kept, **headers})

    def to_bytes(self, content_length: int | None = None) -> bytes:
        """The answer as it goes over the wire; `content_length` may lie."""
        length = len(self.body) if content_length is None else content_length
        lines = [f"HTTP/1.1 {self.status} {_reason(self.status)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines += [f"Content-Length: {length}", "", ""]
        return "\r\n".join(lines).encode("latin-1", "replace") + self.body


def json_answer(status: int, payload: Any, headers: Mapping[str, str] | None = None) -> Answer:
    """`payload` as JSON; the content type is `application/json` unless `headers` says otherwise."""
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, body, {"Content-Type": JSON_TYPE, **(headers or {})})


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
