"""Each fault does what its name says: what the client sees, and whether the post is there."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from bot.sandbox import Sandbox
from bot.sandbox.credentials import page_id_for
from tests.sandbox_clients import (
    SandboxSession,
    graph,
    page_post,
    page_posts,
    texts_of,
    tweepy_client,
    tweet,
    x_auth,
    x_timeline,
)

Post = Callable[..., requests.Response]
both = pytest.mark.parametrize("post", [tweet, page_post], ids=["X", "Facebook"])


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.005)


# On the wire


@both
@pytest.mark.parametrize(("kind", "posted"), [("reset_before", False), ("reset_after", True)])
def test_a_reset_does_not_tell_whether_the_post_is_there(sandbox: Sandbox, post: Post, kind: str, posted: bool) -> None:
    sandbox.plan(kind=kind)
    # The latter two are what a client sees that was still sending its body.
    with pytest.raises(requests.ConnectionError, match=r"reset by peer|closed connection|Broken pipe"):
        post(sandbox, "hello")
    assert texts_of(sandbox) == ["hello"] * posted


@both
@pytest.mark.parametrize(("kind", "posted"), [("timeout_before", False), ("timeout_after", True)])
def test_silence_lasts_longer_than_the_client_waits(sandbox: Sandbox, post: Post, kind: str, posted: bool) -> None:
    sandbox.plan(kind=kind, seconds=30)
    with pytest.raises(requests.ReadTimeout):
        post(sandbox, "hello", timeout=0.1)
    assert texts_of(sandbox) == ["hello"] * posted


@both
def test_silence_ends_with_a_close(sandbox: Sandbox, post: Post) -> None:
    sandbox.plan(kind="timeout_after", seconds=0.05)
    with pytest.raises(requests.ConnectionError, match="closed connection"):
        post(sandbox, "hello")


@both
def test_a_slow_post_lands_after_the_client_gave_up(sandbox: Sandbox, post: Post) -> None:
    sandbox.plan(kind="slow", seconds=0.3)
    with pytest.raises(requests.ReadTimeout):
        post(sandbox, "late", timeout=0.05)
    assert texts_of(sandbox) == []
    until(lambda: texts_of(sandbox) == ["late"])


@both
def test_a_slow_post_is_answered_if_the_client_waits(sandbox: Sandbox, post: Post) -> None:
    sandbox.plan(kind="slow", seconds=0.05)
    assert post(sandbox, "late").ok


@both
def test_dripping_outlasts_a_time_out_for_each_read(sandbox: Sandbox, post: Post) -> None:
    sandbox.plan(kind="drip", seconds=0.0005)
    began = time.monotonic()
    assert post(sandbox, "drop by drop", timeout=0.1).ok
    assert time.monotonic() - began > 0.1
    assert texts_of(sandbox) == ["drop by drop"]


@both
def test_a_truncated_answer_ends_early(sandbox: Sandbox, post: Post) -> None:
    sandbox.plan(kind="truncated")
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        post(sandbox, "hello")
    assert texts_of(sandbox) == ["hello"]


def test_down_refuses_connections_for_a_while(sandbox: Sandbox) -> None:
    sandbox.plan(kind="down", seconds=0.2)
    with pytest.raises(requests.ConnectionError, match="refused"):
        tweet(sandbox, "hello")
    until(lambda: can_connect(sandbox))
    assert tweet(sandbox, "hello").ok


def test_down_can_be_asked_for_over_http(sandbox: Sandbox) -> None:
    assert control(sandbox, "POST", {"kind": "down", "seconds": 60}).status_code == 201
    assert not can_connect(sandbox)


def can_connect(sandbox: Sandbox) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", int(sandbox.url.rsplit(":", 1)[1])), timeout=1):
            return True
    except ConnectionRefusedError:
        return False


# Answers


@both
@pytest.mark.parametrize(("kind", "posted"), [("error_before", False), ("error_after", True)])
def test_an_error_tells_nothing_about_the_post(sandbox: Sandbox, post: Post, kind: str, posted: bool) -> None:
    sandbox.plan(kind=kind)
    assert post(sandbox, "hello").status_code == 500
    assert texts_of(sandbox) == ["hello"] * posted


@both
def test_an_error_can_be_given_status_body_and_headers(sandbox: Sandbox, post: Post) -> None:
    sandbox.plan(kind="error_before", status=418, body={"short": "stout"}, headers={"x-pot": "tea"})
    sandbox.plan(kind="error_before", status=502, body="<bad>", headers={"content-type": "text/html"})
    response = post(sandbox, "hello")
    assert (response.status_code, response.json(), response.headers["x-pot"]) == (418, {"short": "stout"}, "tea")
    response = post(sandbox, "hello")
    assert (response.status_code, response.text, response.headers["Content-Type"]) == (502, "<bad>", "text/html")


@both
@pytest.mark.parametrize("posted", [False, True])
@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("html_200", 200, "<!DOCTYPE html>"),
        ("redirect_302", 302, ""),
        ("no_content_type_503", 503, "upstream"),
        ("empty_error", 429, "{"),
    ],
)
def test_an_odd_answer_comes_with_or_without_the_post(
    sandbox: Sandbox, post: Post, kind: str, status: int, body: str, posted: bool
) -> None:
    sandbox.plan(kind=kind, posted=posted)
    response = post(sandbox, "hello")
    assert response.status_code == status
    assert response.text.startswith(body)
    assert texts_of(sandbox) == ["hello"] * posted


def test_the_503_has_no_content_type(sandbox: Sandbox) -> None:
    sandbox.plan(kind="no_content_type_503")
    assert "Content-Type" not in page_post(sandbox, "hello").headers


def test_a_redirect_that_is_followed_looks_like_success(sandbox: Sandbox) -> None:
    sandbox.plan(kind="redirect_302")
    followed = graph(
        sandbox, "POST", f"{page_id_for('facebook')}/feed", data={"message": "hello"}, allow_redirects=True
    )
    assert followed.status_code == 200
    assert texts_of(sandbox) == []


def test_facebook_answers_false(sandbox: Sandbox) -> None:
    sandbox.plan(kind="false_200")
    response = page_post(sandbox, "hello")
    assert (response.status_code, response.json()) == (200, False)


@both
def test_success_without_data_is_posted(sandbox: Sandbox, post: Post) -> None:
    sandbox.plan(kind="created_without_data")
    response = post(sandbox, "hello")
    assert (response.ok, response.json()) == (True, {})
    assert texts_of(sandbox) == ["hello"]


def test_headers_can_be_changed_on_a_usual_answer(sandbox: Sandbox) -> None:
    sandbox.plan(kind="headers", headers={"Facebook-API-Version": "v21.0"})
    response = page_post(sandbox, "hello")
    assert (response.headers["facebook-api-version"], texts_of(sandbox)) == ("v21.0", ["hello"])


@both
def test_a_duplicate_is_claimed_where_there_is_none(sandbox: Sandbox, post: Post) -> None:
    sandbox.plan(kind="duplicate")
    answer = post(sandbox, "hello").json()
    assert "duplicate content" in answer.get("detail", "") or answer["error"]["code"] == 506
    assert texts_of(sandbox) == []


@pytest.mark.parametrize(
    ("window", "header"),
    [("user15", "x-rate-limit"), ("user24h", "x-user-limit-24hour"), ("app24h", "x-app-limit-24hour")],
)
def test_x_has_one_window_used_up(sandbox: Sandbox, window: str, header: str) -> None:
    sandbox.plan(kind="rate_limited", window=window, seconds=600)
    response = tweet(sandbox, "hello")
    used_up = [name for name, value in response.headers.items() if name.endswith("-remaining") and value == "0"]
    assert (response.status_code, used_up) == (429, [f"{header}-remaining"])
    assert abs(int(response.headers[f"{header}-reset"]) - time.time() - 600) < 5
    assert texts_of(sandbox) == []


@pytest.mark.parametrize(
    ("kind", "status", "kind_of_problem"),
    [
        ("usage_capped", 429, "https://api.twitter.com/2/problems/usage-capped"),
        ("payment_required", 402, "https://api.twitter.com/2/problems/credits"),
        ("spend_capped", 403, "https://api.twitter.com/2/problems/credits"),
        ("unauthorized", 401, "about:blank"),
        ("forbidden", 403, "https://api.x.com/2/problems/oauth1-permissions"),
        ("suspended", 403, "about:blank"),
    ],
)
def test_x_refuses_the_account(sandbox: Sandbox, kind: str, status: int, kind_of_problem: str) -> None:
    sandbox.plan(kind=kind)
    response = tweet(sandbox, "hello")
    assert (response.status_code, response.json()["type"]) == (status, kind_of_problem)
    assert texts_of(sandbox) == []


def test_a_monthly_cap_leaves_every_window_open(sandbox: Sandbox) -> None:
    sandbox.plan(kind="usage_capped")
    headers = tweet(sandbox, "hello").headers
    assert all(int(value) > 0 for name, value in headers.items() if name.endswith("-remaining"))


@pytest.mark.parametrize(
    ("fault", "code", "subcode"),
    [
        ({"kind": "rate_limited"}, 80001, None),
        *(({"kind": "rate_limited", "code": code}, code, None) for code in (4, 17, 32, 613, 341, 80001)),
        ({"kind": "rate_limited", "code": 368}, 368, 1390008),
        ({"kind": "suspended"}, 368, 1346003),
        ({"kind": "unauthorized"}, 190, 463),
        ({"kind": "forbidden"}, 200, None),
        ({"kind": "graph_error", "code": 1, "subcode": 99}, 1, 99),
        ({"kind": "graph_error", "code": 1609005}, 1609005, None),
        ({"kind": "graph_error", "code": 4711, "subcode": 12}, 4711, 12),
    ],
    ids=str,
)
def test_facebook_refuses_with_a_code(sandbox: Sandbox, fault: dict[str, Any], code: int, subcode: int | None) -> None:
    sandbox.plan(**fault)
    response = page_post(sandbox, "hello")
    error = response.json()["error"]
    assert (error["code"], error.get("error_subcode")) == (code, subcode)
    assert response.status_code >= 400
    assert response.headers["facebook-api-version"] == "v26.0"
    assert texts_of(sandbox) == []


def test_facebook_can_refuse_a_post_that_is_live(sandbox: Sandbox) -> None:
    sandbox.plan(kind="graph_error", code=2, posted=True)
    response = page_post(sandbox, "hello")
    assert (response.status_code, response.json()["error"]["code"]) == (500, 2)
    assert texts_of(sandbox) == ["hello"]


def test_facebook_tells_the_minutes_until_it_takes_posts_again(sandbox: Sandbox) -> None:
    sandbox.plan(kind="rate_limited", seconds=1800)
    usage = page_post(sandbox, "hello").headers["x-business-use-case-usage"]
    assert '"estimated_time_to_regain_access": 30' in usage
    assert page_id_for("facebook") in usage


# Reading back


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def seen(sandbox: Sandbox) -> list[list[str]]:
    on_x = [post["text"] for post in x_timeline(sandbox).json().get("data", [])]
    return [on_x, [post["message"] for post in page_posts(sandbox).json()["data"]]]


def post_on_both(sandbox: Sandbox, text: str) -> None:
    assert tweet(sandbox, text).ok
    assert page_post(sandbox, text).ok


def test_lagging_posts_show_after_a_while() -> None:
    clock = Clock()
    with Sandbox(now=clock) as sandbox:
        sandbox.plan(kind="timeline_lag", seconds=30)
        post_on_both(sandbox, "new")
        assert seen(sandbox) == [[], []]
        clock.now += timedelta(seconds=29)
        assert seen(sandbox) == [[], []]
        clock.now += timedelta(seconds=1)
        assert seen(sandbox) == [["new"], ["new"]]


def test_a_stale_read_back_knows_nothing_new(sandbox: Sandbox) -> None:
    post_on_both(sandbox, "old")
    sandbox.plan(kind="timeline_stale")
    post_on_both(sandbox, "new")
    assert seen(sandbox) == [["old"], ["old"]]
    sandbox.clear_faults()
    assert seen(sandbox) == [["new", "old"], ["new", "old"]]


def test_a_read_back_fails(sandbox: Sandbox) -> None:
    sandbox.plan(kind="timeline_error", times=2, status=503)
    assert (x_timeline(sandbox).status_code, page_posts(sandbox).status_code) == (503, 503)
    assert seen(sandbox) == [[], []]


# The plan


def test_a_fault_strikes_as_often_as_planned_after_letting_some_pass(sandbox: Sandbox) -> None:
    sandbox.plan(kind="error_before", after=1, times=2)
    assert [tweet(sandbox, text).status_code for text in "abcd"] == [201, 500, 500, 201]


def test_a_fault_for_ever_strikes_until_it_is_cleared(sandbox: Sandbox) -> None:
    sandbox.plan(kind="error_before", times=-1)
    assert [tweet(sandbox, text).status_code for text in "abc"] == [500, 500, 500]
    sandbox.clear_faults()
    assert tweet(sandbox, "d").status_code == 201


def test_a_fault_strikes_only_its_platform_account_and_route(sandbox: Sandbox) -> None:
    sandbox.plan(kind="error_before", platform="twitter", account="b")
    assert page_post(sandbox, "1", "b").ok
    assert tweet(sandbox, "2", "a").ok
    assert x_timeline(sandbox, "b").ok
    assert not tweet(sandbox, "3", "b").ok


def test_a_fault_finds_facebooks_account_in_the_form(sandbox: Sandbox) -> None:
    sandbox.plan(kind="reset_before", account="facebook")
    token = graph(sandbox, "GET", "me").request.headers["Authorization"].split()[1]
    with SandboxSession(sandbox) as session, pytest.raises(requests.ConnectionError):
        session.post(f"{sandbox.url}/v26.0/me/feed", data={"message": "x", "access_token": token})


@pytest.mark.parametrize("route", ["verify", "any"])
def test_a_fault_can_strike_the_look_at_the_credentials(sandbox: Sandbox, route: str) -> None:
    sandbox.plan(kind="unauthorized", route=route, times=3)
    assert tweepy_client(sandbox).session.get(f"{sandbox.url}/2/users/me", auth=x_auth()).status_code == 401
    assert graph(sandbox, "GET", "me").json()["error"]["code"] == 190
    assert graph(sandbox, "GET", "debug_token").json()["error"]["code"] == 190


def test_a_fault_by_chance_is_the_same_each_time() -> None:
    runs = []
    for _ in range(2):
        with Sandbox() as sandbox:
            sandbox.plan(kind="error_before", probability=0.5, seed=7, times=-1)
            runs.append([tweet(sandbox, str(number)).ok for number in range(20)])
    assert runs[0] == runs[1]
    assert {True, False} == set(runs[0])


def test_faults_strike_one_at_a_time_in_their_order(sandbox: Sandbox) -> None:
    sandbox.plan(kind="error_before", status=500)
    sandbox.plan(kind="error_before", status=502)
    assert [tweet(sandbox, text).status_code for text in "abc"] == [500, 502, 201]


def test_faults_are_planned_listed_and_cleared_over_http(sandbox: Sandbox) -> None:
    assert control(sandbox, "POST", {"kind": "slow", "seconds": 2}).status_code == 201
    planned = control(sandbox, "POST", [{"kind": "duplicate", "times": 3}, {"kind": "timeline_lag"}]).json()
    assert [(fault["kind"], fault["times"]) for fault in planned] == [
        ("slow", 1),
        ("duplicate", 3),
        ("timeline_lag", -1),
    ]
    assert control(sandbox, "GET").json() == planned
    assert control(sandbox, "DELETE").json() == []
    assert control(sandbox, "GET").json() == []


@pytest.mark.parametrize(
    "nonsense",
    [
        {"kind": "unheard of"},
        {"kind": "slow", "secnds": 2},
        {"kind": "graph_error"},
        {"kind": "payment_required", "platform": "facebook"},
        [{"kind": "slow"}, {"kind": "slow", "times": -2}],
        "slow",
    ],
    ids=str,
)
def test_a_fault_that_makes_no_sense_is_refused_whole(sandbox: Sandbox, nonsense: Any) -> None:
    assert control(sandbox, "POST", nonsense).status_code == 400
    assert control(sandbox, "GET").json() == []


def test_what_is_left_of_a_plan_can_be_planned_again(sandbox: Sandbox) -> None:
    sandbox.plan(kind="rate_limited", window="app24h", times=3, after=1)
    tweet(sandbox, "passes")
    tweet(sandbox, "is struck")
    left = control(sandbox, "GET").json()
    assert [(fault["times"], fault["after"]) for fault in left] == [(2, 0)]
    sandbox.clear_faults()
    assert control(sandbox, "POST", left).json() == left


def test_many_clients_get_exactly_the_faults_that_were_planned(sandbox: Sandbox) -> None:
    sandbox.plan(kind="error_before", times=10)
    answers: list[int] = []

    def send(worker: int) -> None:
        answers.extend(tweet(sandbox, f"{worker} {number}").status_code for number in range(10))

    workers = [threading.Thread(target=send, args=(worker,)) for worker in range(5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(answers) == [201] * 40 + [500] * 10
    assert len({post["id"] for post in sandbox.posts()}) == 40


def control(sandbox: Sandbox, method: str, plan: Any = None) -> requests.Response:
    with SandboxSession(sandbox) as session:
        return session.request(method, f"{sandbox.url}/__faults", json=plan)
