"""What each kind of fault does to a call, on the wire and to the truth.

"Posted" below is the usual effect of the call: a post for `publish`, nothing for a read.

    reset_before            nothing is posted; the connection is reset, the body unread where possible
    reset_after             posted; the connection is reset
    timeout_before, _after  not posted, posted; then silence for `seconds` (3600), then the connection closes
    slow                    posted only after `seconds` (60), whether or not the client still waits
    drip                    posted; the answer comes one byte at a time, `seconds` (0.1) apart
    truncated               posted; half of the answer comes, then the connection closes
    error_before, _after    not posted, posted; `status` (500) with `body` or the platform's own for an internal error
    headers                 posted, the usual answer, with `headers`
    created_without_data    posted; success, but empty
    all others              not posted unless `posted` says so; the answer that their name says
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.sandbox.exchange import Answer, Request, json_answer
from bot.sandbox.faults import Fault
from bot.sandbox.world import SandboxPost


class Wire(Protocol):
    """The connection a request came in on."""

    def send(self, answer: Answer) -> None: ...

    def send_raw(self, data: bytes) -> None: ...

    def close(self) -> None: ...

    def reset(self) -> None: ...

    def wait(self, seconds: float, *, while_connected: bool = True) -> bool:
        """Let time pass; True if it passed in full, False if the server stops or (so wanted) the client has gone."""


class Api(Protocol):
    """A platform, as the faults see it."""

    platform: str

    def claimed_account(self, request: Request) -> str | None: ...

    def route_of(self, request: Request) -> str: ...

    def answer(self, request: Request, visible: Callable[[SandboxPost], bool]) -> Answer: ...

    def canned(self, fault: Fault, request: Request) -> Answer: ...


@dataclass(frozen=True)
class Call:
    """A call that a fault strikes. process: handle it as usual."""

    fault: Fault
    api: Api
    request: Request
    wire: Wire
    process: Callable[[], Answer]

    def seconds(self, default: float) -> float:
        return default if self.fault.seconds is None else self.fault.seconds


def misbehave(call: Call) -> None:
    """Handle a call as its fault says."""
    if call.fault.kind != "reset_before":
        # Received first: a client that gives up must not take its request with it.
        _ = call.request.body
    _KINDS.get(call.fault.kind, _answer_otherwise)(call)


def _reset_before(call: Call) -> None:
    call.wire.reset()


def _reset_after(call: Call) -> None:
    call.process()
    call.wire.reset()


def _timeout_before(call: Call) -> None:
    call.wire.wait(call.seconds(3600))
    call.wire.close()


def _timeout_after(call: Call) -> None:
    call.process()
    _timeout_before(call)


def _slow(call: Call) -> None:
    if call.wire.wait(call.seconds(60), while_connected=False):
        call.wire.send(call.process())
    else:
        call.wire.close()


def _drip(call: Call) -> None:
    answer = call.process().to_bytes()
    pause = call.seconds(0.1)
    for position in range(len(answer)):
        call.wire.send_raw(answer[position : position + 1])
        if not call.wire.wait(pause):
            break
    call.wire.close()


def _truncated(call: Call) -> None:
    answer = call.process()
    short = Answer(answer.status, answer.body[: len(answer.body) // 2], answer.headers)
    call.wire.send_raw(short.to_bytes(content_length=len(answer.body)))
    call.wire.close()


def _headers(call: Call) -> None:
    call.wire.send(call.process().with_headers(call.fault.headers))


def _answer_otherwise(call: Call) -> None:
    """Answer what the kind says in place of the usual answer."""
    fault = call.fault
    posted = fault.kind in ("error_after", "created_without_data") if fault.posted is None else fault.posted
    if posted:
        call.process()
    answer = _replacement(call)
    if fault.body is not None:
        answer = _with_body(answer, fault)
    status = fault.status or answer.status
    call.wire.send(Answer(status, answer.body, answer.headers).with_headers(fault.headers))


def _replacement(call: Call) -> Answer:
    page = b"<!DOCTYPE html><html><head><title>Please sign in</title></head><body>Please sign in.</body></html>"
    if call.fault.kind == "html_200":
        return Answer(200, page, {"Content-Type": "text/html; charset=utf-8"})
    if call.fault.kind == "redirect_302":
        return Answer(302, b"", {"Location": call.request.target})
    if call.fault.kind == "no_content_type_503":
        return Answer(503, b"upstream connect error")
    return call.api.canned(call.fault, call.request)


def _with_body(answer: Answer, fault: Fault) -> Answer:
    if isinstance(fault.body, str):
        return Answer(answer.status, fault.body.encode(), answer.headers)
    return json_answer(answer.status, fault.body, answer.headers)


_KINDS: dict[str, Callable[[Call], None]] = {
    "reset_before": _reset_before,
    "reset_after": _reset_after,
    "timeout_before": _timeout_before,
    "timeout_after": _timeout_after,
    "slow": _slow,
    "drip": _drip,
    "truncated": _truncated,
    "headers": _headers,
}
