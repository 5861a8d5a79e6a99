"""What happens below HTTP: when a connection is made, kept, trusted, cut off - and that nothing is ever sent twice."""

import contextlib
import gzip
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from urllib3.connection import HTTPConnection

from bot import failpoints
from bot.platforms import connection, http
from bot.platforms.base import NotSent, Outcome, OutcomeUnknown, Platform
from tests.bot_process import wait_until
from tests.integration.platforms.conftest import CERTIFICATE, HandClock, make_adapter, make_post
from tests.integration.platforms.wire_server import CREATED, WireServer, pipe, say

pytestmark = pytest.mark.parametrize("platform", ["twitter", "facebook"])


def _publish(adapter: Platform, platform: str, text: str = "A post.") -> Any:
    return adapter.publish(make_post(platform, text))


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))


def test_it_posts_on_the_very_connection_that_was_made_ready(platform: str) -> None:
    with WireServer(CREATED[platform]) as server:
        adapter = make_adapter(platform, server.url)
        adapter.connect()
        assert server.requests == []
        _publish(adapter, platform)
        _publish(adapter, platform)
        assert [len(requests) for requests in server.connections] == [2]


def test_it_does_so_over_tls_too_where_tickets_come_in_after_the_handshake(platform: str, trusted: None) -> None:
    with WireServer(CREATED[platform], certificate=str(CERTIFICATE)) as server:
        adapter = make_adapter(platform, server.url)
        adapter.connect()
        assert _publish(adapter, platform).post_id
        assert _publish(adapter, platform).post_id
        assert [len(requests) for requests in server.connections] == [2]


@pytest.mark.parametrize(("idle", "connections"), [(4.9, [2]), (5.1, [0, 1, 1])])
def test_it_uses_no_connection_that_was_idle_for_more_than_five_seconds(
    platform: str, idle: float, connections: list[int]
) -> None:
    clock = HandClock()
    with WireServer(CREATED[platform]) as server:
        adapter = make_adapter(platform, server.url, monotonic=clock)
        adapter.connect()
        clock.seconds += idle
        _publish(adapter, platform)
        clock.seconds += idle
        _publish(adapter, platform)
        assert [len(requests) for requests in server.connections] == connections


def test_without_that_rule_the_same_connection_would_be_used(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MAX_IDLE", 1e9)
    clock = HandClock()
    with WireServer(CREATED[platform]) as server:
        adapter = make_adapter(platform, server.url, monotonic=clock)
        adapter.connect()
        clock.seconds += 3600
        _publish(adapter, platform)
        assert len(server.connections) == 1


def test_a_connection_that_the_other_side_closed_is_replaced_before_anything_is_sent(platform: str) -> None:
    with WireServer(CREATED[platform]) as server:
        adapter = make_adapter(platform, server.url)
        _publish(adapter, platform)
        server.hang_up()
        assert _publish(adapter, platform).post_id
        assert [len(requests) for requests in server.connections] == [1, 1]


def test_without_that_look_it_would_be_an_unknown_and_still_not_sent_twice(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "is_alive", lambda _connection: True)
    with WireServer(CREATED[platform]) as server:
        adapter = make_adapter(platform, server.url)
        _publish(adapter, platform)
        server.hang_up()
        with pytest.raises(OutcomeUnknown):
            _publish(adapter, platform)
        assert len(server.requests) == 1


def test_a_connection_that_is_lost_at_the_last_moment_is_not_made_anew_in_silence(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "is_alive", lambda _connection: True)
    with WireServer(CREATED[platform]) as server:
        adapter = make_adapter(platform, server.url)
        adapter.connect()
        adapter._session._connection.close()  # type: ignore[attr-defined]
        with pytest.raises(OutcomeUnknown):
            _publish(adapter, platform)
        assert server.requests == []


def test_a_request_that_dies_on_a_used_connection_is_not_sent_again(platform: str) -> None:
    answers = [CREATED[platform], lambda _request, wire: wire.close(), CREATED[platform]]
    with WireServer(lambda request, wire: answers.pop(0)(request, wire)) as server:
        adapter = make_adapter(platform, server.url)
        _publish(adapter, platform)
        with pytest.raises(OutcomeUnknown):
            _publish(adapter, platform)
        assert len(server.requests) == 2


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_an_answer_and_is_not_followed(platform: str, status: str) -> None:
    with WireServer(say(status, headers="Location: /elsewhere\r\n")) as server:
        with pytest.raises(OutcomeUnknown):
            _publish(make_adapter(platform, server.url), platform)
        assert len(server.requests) == 1


@pytest.mark.parametrize("status", ["429 Too Many", "500 Oops", "503 Later"])
def test_an_invitation_to_try_again_is_not_followed(platform: str, status: str) -> None:
    with WireServer(say(status, headers="Retry-After: 0\r\n")) as server:
        with pytest.raises(Outcome):
            _publish(make_adapter(platform, server.url), platform)
        assert len(server.requests) == 1


def test_a_refused_connection_proves_that_nothing_was_sent(platform: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    adapter = make_adapter(platform, f"http://127.0.0.1:{port}")
    with pytest.raises(NotSent, match="refused") as connecting:
        adapter.connect()
    with pytest.raises(NotSent, match="refused"):
        _publish(adapter, platform)
    assert connecting.value.retry_at is None
    assert not connecting.value.throttled


def test_a_name_that_cannot_be_resolved_proves_that_nothing_was_sent(platform: str) -> None:
    adapter = make_adapter(platform, "https://api.nowhere.invalid")
    with pytest.raises(NotSent, match="nowhere"):
        adapter.connect()
    with pytest.raises(NotSent, match="nowhere"):
        _publish(adapter, platform)


def test_a_certificate_that_is_not_trusted_proves_that_nothing_was_sent(platform: str) -> None:
    with WireServer(CREATED[platform], certificate=str(CERTIFICATE)) as server:
        with pytest.raises(NotSent, match="not trusted"):
            _publish(make_adapter(platform, server.url), platform)
        assert server.requests == []


def _stall(wire: socket.socket) -> bool:
    """Take in whatever comes, say nothing."""
    while wire.recv(65536):
        pass
    return False


def test_certificates_that_are_not_there_are_named(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")
    with pytest.raises(NotSent, match="REQUESTS_CA_BUNDLE"):
        make_adapter(platform, "https://localhost:9").connect()


def test_a_handshake_that_never_ends_is_given_up_in_time(platform: str, trusted: None) -> None:
    with WireServer(CREATED[platform], str(CERTIFICATE), on_connect=_stall) as server:
        adapter = make_adapter(platform, server.url, seconds=0.3)
        began = time.monotonic()
        with pytest.raises(NotSent, match=r"within 0\.3 s"):
            adapter.connect()
        assert time.monotonic() - began < 2


def test_a_name_server_that_never_answers_is_given_up_in_time(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answered.wait(10) or [])
    began = time.monotonic()
    with pytest.raises(NotSent, match=r"within 0\.3 s"):
        make_adapter(platform, "https://api.nowhere.invalid", seconds=0.3).connect()
    assert time.monotonic() - began < 2
    answered.set()


def _drip(platform: str, pieces: int, pause: float) -> Any:
    """The good answer, its last bytes one by one."""

    def answer(request: bytes, wire: socket.socket) -> None:
        whole: list[bytes] = []
        CREATED[platform](request, _Recorder(whole))  # type: ignore[arg-type]
        data = b"".join(whole)
        wire.sendall(data[:-pieces])
        for position in range(len(data) - pieces, len(data)):
            time.sleep(pause)
            wire.sendall(data[position : position + 1])

    return answer


class _Recorder:
    def __init__(self, parts: list[bytes]) -> None:
        self.sendall = parts.append


@pytest.mark.parametrize("certificate", [None, str(CERTIFICATE)], ids=["plain", "tls"])
def test_a_server_that_drips_cannot_exceed_the_time_of_the_whole_call(
    platform: str, certificate: str | None, trusted: None
) -> None:
    with WireServer(_drip(platform, 12, 0.1), certificate) as server:
        began = time.monotonic()
        with pytest.raises(OutcomeUnknown, match=r"within 0\.4 s"):
            _publish(make_adapter(platform, server.url, seconds=0.4), platform)
        assert time.monotonic() - began < 1


def test_without_the_watchdog_it_would(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection.Watchdog, "bark", lambda self: None)
    with WireServer(_drip(platform, 8, 0.1)) as server:
        assert _publish(make_adapter(platform, server.url, seconds=0.4), platform).post_id


def _stand_still(session: http.ApiSession) -> None:
    """Until it is too late to send: as a process that is stopped."""
    while not session._is_too_late():
        time.sleep(0.01)


@pytest.fixture
def stopped_halfway(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process stands still between head and body until the deadline is past, and no watchdog is faster."""

    def endheaders(self: connection.Connection, *given: Any, **named: Any) -> None:
        HTTPConnection.endheaders(self, *given, **named)
        _stand_still(self.before_piece.__self__)  # type: ignore[union-attr]

    monkeypatch.setattr(connection.Watchdog, "bark", lambda self: None)
    monkeypatch.setattr(connection.Connection, "endheaders", endheaders)


@pytest.mark.parametrize("certificate", [None, str(CERTIFICATE)], ids=["plain", "tls"])
def test_a_bot_that_is_stopped_halfway_through_its_request_does_not_send_the_rest(
    platform: str, certificate: str | None, trusted: None, stopped_halfway: None
) -> None:
    with WireServer(CREATED[platform], certificate) as server:
        with pytest.raises(OutcomeUnknown, match="but the bot stood still until it was too late to send"):
            _publish(make_adapter(platform, server.url, seconds=0.3), platform)
        assert server.requests == []


def test_without_its_look_at_the_clock_it_would(
    platform: str, monkeypatch: pytest.MonkeyPatch, stopped_halfway: None
) -> None:
    monkeypatch.setattr(connection.Connection, "send", HTTPConnection.send)
    with WireServer(CREATED[platform]) as server:
        with contextlib.suppress(Outcome):
            _publish(make_adapter(platform, server.url, seconds=0.3), platform)
        wait_until(lambda: len(server.requests) == 1, "the whole request to come in")


def test_a_bot_that_is_stopped_before_its_first_byte_knows_that_nothing_was_sent(platform: str) -> None:
    with WireServer(CREATED[platform]) as server:
        adapter = make_adapter(platform, server.url, seconds=0.3)
        failpoints.plan("first-byte", lambda: _stand_still(adapter._session))  # type: ignore[attr-defined]
        with pytest.raises(NotSent, match="Nothing was sent: the bot stood still until it was too late to send"):
            _publish(adapter, platform)
        assert server.requests == []


def test_nothing_is_sent_from_the_moment_on_that_others_wait_for(platform: str) -> None:
    with WireServer(CREATED[platform]) as server:
        adapter, now = make_adapter(platform, server.url), datetime.now(UTC)
        with pytest.raises(NotSent, match="the bot stood still until it was too late to send"):
            adapter.publish(make_post(platform, "A post."), until=now)
        assert adapter.publish(make_post(platform, "A post."), until=now + timedelta(minutes=1)).post_id
        assert len(server.requests) == 1


def test_an_answer_without_a_length_that_is_cut_off_at_the_deadline_is_not_taken_for_whole(platform: str) -> None:
    whole = b'{"id": "1_2", "data": {"id": "1"}}'

    def answer(_request: bytes, wire: socket.socket) -> None:
        status = b"201 Created" if platform == "twitter" else b"200 OK"
        wire.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Type: application/json\r\n\r\n" + whole)
        while True:
            time.sleep(0.02)
            wire.sendall(b" ")

    with WireServer(answer) as server, pytest.raises(OutcomeUnknown, match="within"):
        _publish(make_adapter(platform, server.url, seconds=0.3), platform)


def test_an_endless_answer_is_not_read_to_its_end(platform: str) -> None:
    def answer(_request: bytes, wire: socket.socket) -> None:
        wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while True:
            wire.sendall(b" " * 65536)

    with WireServer(answer) as server, pytest.raises(OutcomeUnknown, match="larger than"):
        _publish(make_adapter(platform, server.url), platform)


@pytest.mark.parametrize("encoding", ["chunked", "gzip", "until closed"])
def test_it_takes_an_answer_in_whatever_form_it_comes(platform: str, encoding: str) -> None:
    body = b'{"id": "1_2", "data": {"id": "12"}}'
    packed, length = gzip.compress(body), b"\r\nContent-Length: "
    forms = {
        "chunked": b"\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n"
        + body[:5]
        + b"\r\n1e\r\n"
        + body[5:]
        + b"\r\n0\r\n\r\n",
        "gzip": b"\r\nContent-Encoding: gzip" + length + str(len(packed)).encode() + b"\r\n\r\n" + packed,
        "until closed": b"\r\nConnection: close\r\n\r\n" + body,
    }

    def answer(_request: bytes, wire: socket.socket) -> None:
        wire.sendall(b"HTTP/1.1 " + (b"201 Created" if platform == "twitter" else b"200 OK") + forms[encoding])
        if encoding == "until closed":
            wire.shutdown(socket.SHUT_RDWR)

    with WireServer(answer) as server:
        adapter = make_adapter(platform, server.url)
        assert [_publish(adapter, platform).post_id for _ in range(2)] == [{"twitter": "12"}.get(platform, "1_2")] * 2


@pytest.mark.parametrize("cut", [20, 60, 80])
def test_a_chunked_answer_that_breaks_off_is_unknown(platform: str, cut: int) -> None:
    status = b"201 Created" if platform == "twitter" else b"200 OK"
    body = b'{"id": "1_2", "data": {"id": "12"}}'
    whole = b"HTTP/1.1 " + status + b"\r\nTransfer-Encoding: chunked\r\n\r\n23\r\n" + body + b"\r\n"

    def answer(_request: bytes, wire: socket.socket) -> None:
        wire.sendall(whole[:cut])
        wire.shutdown(socket.SHUT_RDWR)

    with WireServer(answer) as server, pytest.raises(OutcomeUnknown):
        _publish(make_adapter(platform, server.url), platform)


def test_plain_http_is_spoken_on_loopback_only(platform: str) -> None:
    with pytest.raises(ValueError, match="HTTPS"):
        make_adapter(platform, "http://api.example.test")


def test_netrc_never_replaces_the_credentials(platform: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with WireServer(CREATED[platform]) as server:
        _publish(make_adapter(platform, server.url), platform)
        scheme = {"twitter": b"authorization: oauth ", "facebook": b"authorization: bearer "}[platform]
        assert scheme in server.requests[0].lower()
        assert b"basic" not in server.requests[0].lower()


def test_without_our_own_credentials_in_place_netrc_would_be_used(
    platform: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with WireServer(CREATED[platform]) as server:
        session = make_adapter(platform, server.url)._session  # type: ignore[attr-defined]
        session.auth = None
        host = {"twitter": "https://api.twitter.com", "facebook": "https://graph.facebook.com"}[platform]
        session.request("POST", f"{host}/anything")
        assert b"authorization: basic" in server.requests[0].lower()


def test_loopback_is_never_reached_through_a_proxy(
    platform: str, monkeypatch: pytest.MonkeyPatch, trusted: None
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for certificate in (None, str(CERTIFICATE)):
        with WireServer(CREATED[platform], certificate) as server:
            assert _publish(make_adapter(platform, server.url), platform).post_id


def test_a_request_does_not_go_through_all_variables_of_the_environment(
    platform: str, monkeypatch: pytest.MonkeyPatch, trusted: None
) -> None:
    """A thousand accounts have four thousand variables for their secrets."""
    asked: list[str] = []
    monkeypatch.setattr("requests.sessions.get_environ_proxies", lambda url, no_proxy=None: asked.append(url) or {})
    with WireServer(CREATED[platform], str(CERTIFICATE)) as server:
        adapter = make_adapter(platform, server.url)
        adapter.connect()
        asked_to_connect = len(asked)
        assert _publish(adapter, platform).post_id
    assert asked_to_connect == len(asked) == 1


def test_elsewhere_the_proxy_of_the_environment_is_used_and_sees_no_secret(
    platform: str, monkeypatch: pytest.MonkeyPatch, trusted: None
) -> None:
    seen: list[bytes] = []
    with WireServer(CREATED[platform], str(CERTIFICATE)) as server:

        def tunnel(request: bytes, wire: socket.socket) -> None:
            seen.append(request)
            wire.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with socket.create_connection(("127.0.0.1", server.port)) as onward:
                pipe(wire, onward)

        with WireServer(tunnel) as proxy:
            monkeypatch.delenv("NO_PROXY", raising=False)
            monkeypatch.delenv("no_proxy", raising=False)
            monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("http://", "http://user:word@"))
            adapter = make_adapter(platform, "https://api.example.test")
            assert _publish(adapter, platform).post_id
            adapter.close()
        [request] = seen
        assert request.startswith(b"CONNECT api.example.test:443 ")
        assert b"Basic dXNlcjp3b3Jk" in request
        assert len(server.requests) == 1


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "http://127.0.0.1:9"])
def test_a_proxy_that_cannot_be_used_proves_that_nothing_was_sent(
    platform: str, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    monkeypatch.setenv("NO_PROXY", "")
    with pytest.raises(NotSent):
        make_adapter(platform, "https://api.example.test").connect()


def test_silence_ends_at_the_deadline(platform: str) -> None:
    began = datetime.now(UTC)
    with WireServer(lambda _request, wire: _stall(wire)) as server, pytest.raises(OutcomeUnknown):
        _publish(make_adapter(platform, server.url, seconds=0.3), platform)
    assert datetime.now(UTC) - began < timedelta(seconds=1)
