"""The sandbox as a process and a server: state, start and stop, pages, many requests on one connection."""

import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from bot.sandbox import Sandbox
from bot.sandbox.credentials import page_id_for, secrets_for
from tests.sandbox_clients import SandboxSession, page_post, page_posts, texts_of, tweet, x_timeline

ROOT = Path(__file__).parents[2]


def get(url: str) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url, timeout=5)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


# State


def test_posts_survive_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "new folder" / "posts.jsonl"
    with Sandbox(state=state) as before:
        tweet(before, "on X: é & 字 https://example.org")
        page_post(before, "on Facebook", link="https://example.org/x")
        first = before.posts()
    with Sandbox(state=state) as after:
        kept = [{**post, "url": ""} for post in after.posts()]
        assert kept == [{**post, "url": ""} for post in first]
        assert tweet(after, "on X: é & 字 https://example.org").status_code == 403
        assert tweet(after, "another").status_code == 201
        assert page_post(after, "another").status_code == 200
        ids = [post["id"] for post in after.posts()]
        assert len(set(ids)) == 4
        assert int(ids[2]) > int(ids[0])
        assert len(x_timeline(after).json()["data"]) == len(page_posts(after).json()["data"]) == 2


def test_a_line_that_a_kill_tore_is_dropped(tmp_path: Path) -> None:
    state = tmp_path / "posts.jsonl"
    with Sandbox(state=state) as before:
        tweet(before, "whole")
    with state.open("ab") as file:
        file.write(b'{"serial": 2, "pla')
    with Sandbox(state=state) as after:
        tweet(after, "next")
    with Sandbox(state=state) as again:
        assert texts_of(again) == ["whole", "next"]


# Start and stop


def test_a_stopped_sandbox_refuses_connections_and_comes_back_on_the_same_port(sandbox: Sandbox) -> None:
    url = sandbox.url
    sandbox.stop()
    with pytest.raises(requests.ConnectionError, match="refused"):
        tweet(sandbox, "hello")
    sandbox.start()
    assert sandbox.url == url
    assert tweet(sandbox, "hello").ok


def test_stopping_ends_idle_connections_and_waits_for_no_silence(sandbox: Sandbox) -> None:
    sandbox.plan(kind="timeout_after", seconds=60)
    sandbox.plan(kind="slow", seconds=60)
    failures: list[Exception] = []

    def send(text: str) -> None:
        try:
            tweet(sandbox, text, timeout=30)
        except requests.RequestException as error:
            failures.append(error)

    clients = [threading.Thread(target=send, args=(text,)) for text in ("silent", "slow")]
    with socket.create_connection(("127.0.0.1", int(sandbox.url.rsplit(":", 1)[1]))) as idle:
        for client in clients:
            client.start()
        while get(f"{sandbox.url}/__faults").json():
            pass
        sandbox.stop()
        assert idle.recv(1) == b""
    for client in clients:
        client.join(5)
    assert len(failures) == 2
    assert len(sandbox.posts()) == 1


def test_one_connection_serves_many_requests(sandbox: Sandbox) -> None:
    with SandboxSession(sandbox) as session:
        for path in ("/__posts", "/2/users/me", "/v26.0/me", "/nothing"):
            session.post(sandbox.url + path, data=b"x" * 1000)
            session.get(sandbox.url + path)
        pools = session.get_adapter(sandbox.url).poolmanager.pools
        (pool,) = [pools[key] for key in pools.keys()]  # noqa: SIM118 - it cannot be iterated over otherwise
        assert (pool.num_connections, pool.num_requests) == (1, 8)


@pytest.mark.parametrize(
    "sent",
    [b"nonsense\r\n\r\n", b"GET / HTTP/2\r\n\r\n", b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"],
)
def test_what_is_not_http_is_refused(sandbox: Sandbox, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", int(sandbox.url.rsplit(":", 1)[1])), timeout=5) as client:
        client.sendall(sent)
        assert client.makefile("rb").read().startswith(b"HTTP/1.1 400 ")


def test_a_client_that_stops_halfway_holds_up_nobody(sandbox: Sandbox) -> None:
    form = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\nExpect: 100-continue"
    with (
        Sandbox() as another,
        socket.create_connection(("127.0.0.1", int(sandbox.url.rsplit(":", 1)[1])), timeout=5) as client,
    ):
        client.sendall(b"POST /v26.0/1/feed HTTP/1.1\r\n" + form + b"\r\n\r\nmess")
        assert client.recv(1000).startswith(b"HTTP/1.1 100 ")
        for each in (sandbox, another):
            assert tweet(each, "hello").status_code == 201
            assert page_post(each, "hello").status_code == 200


# Pages


def test_every_post_has_a_page_of_its_own(sandbox: Sandbox) -> None:
    tweet(sandbox, "<script>alert(1)</script> & more https://example.org/?a=1&b=2")
    page_post(sandbox, "<b>bold</b>", link="https://example.org/x")
    x, facebook = sandbox.posts()
    assert x["url"] == f"{sandbox.url}/i/web/status/{x['id']}"
    page = get(x["url"])
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page.text
    assert '<a href="https://example.org/?a=1&amp;b=2"' in page.text
    assert "&lt;b&gt;bold&lt;/b&gt;" in get(facebook["url"]).text


def test_the_truth_can_be_asked_for(sandbox: Sandbox) -> None:
    tweet(sandbox, "hello")
    page_post(sandbox, "hello")
    assert get(f"{sandbox.url}/__posts").json() == sandbox.posts()
    assert [post["platform"] for post in sandbox.posts("facebook")] == ["facebook"]
    assert set(sandbox.posts()[0]) >= {"platform", "account", "id", "text", "link", "created", "url"}


@pytest.mark.parametrize("path", ["/i/web/status/1", "/1/posts/2", "/__nothing"])
def test_there_is_no_page_for_what_was_not_posted(sandbox: Sandbox, path: str) -> None:
    assert get(sandbox.url + path).status_code == 404


# As a process


def run(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bot.sandbox", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_greets_serves_and_ends(tmp_path: Path, signal_number: int) -> None:
    process = run("--port", "0", "--state", str(tmp_path / "posts.jsonl"), "--account", "x-de=twitter")
    assert process.stdout is not None
    assert process.stderr is not None
    url = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
    assert url is not None
    assert get(f"{url[0]}/__posts").json() == []
    process.send_signal(signal_number)
    rest, errors = process.stdout.read(), process.stderr.read()
    assert (process.wait(10), errors) == (0, "")
    secret = secrets_for("twitter", "x-de")["ACCESS_TOKEN_SECRET"]
    assert f"export BOT_X_DE_ACCESS_TOKEN_SECRET={secret}\n" in rest


def test_the_greeting_holds_all_that_the_usual_accounts_need() -> None:
    process = run("--port", "0")
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(13)]
    process.terminate()
    process.communicate(timeout=10)
    greeting = "".join(lines)
    for platform in ("twitter", "facebook"):
        for key, secret in secrets_for(platform, platform).items():
            assert f"export BOT_{platform.upper()}_{key}={secret}\n" in greeting
    assert f'page_id = "{page_id_for("facebook")}"' in greeting


def test_a_taken_port_is_reported(sandbox: Sandbox) -> None:
    process = run("--port", sandbox.url.rsplit(":", 1)[1])
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 1
    assert "cannot listen on 127.0.0.1" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["--account", "mine"], 2, "mine=twitter or mine=facebook"),
        (["--state", "/dev/null/posts"], 1, "state file"),
        (["--help"], 0, "POST /__faults"),
    ],
    ids=lambda value: str(value),
)
def test_the_command_line_explains_itself(arguments: list[str], status: int, says: str) -> None:
    process = run(*arguments)
    output, errors = process.communicate(timeout=10)
    assert process.returncode == status
    assert says in output + errors
    assert "Traceback" not in errors
