"""What the platforms refuse, and what they tell about it: signatures, tokens, duplicates, lengths, rates."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests
from oauthlib.oauth1 import Client

from bot.sandbox import Sandbox
from bot.sandbox.credentials import APP_ID, account_of, appsecret_proof, page_id_for, secrets_for
from bot.sandbox.x import XLimits
from tests.sandbox_clients import SandboxSession, graph, page_post, page_posts, texts_of, tweet, x_auth, x_timeline

PAGE = page_id_for("facebook")
TOKEN = secrets_for("facebook", "facebook")["ACCESS_TOKEN"]


class Clock:
    """A clock that only moves when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(now=clock) as running:
        yield running


# Credentials


@pytest.mark.parametrize("account", ["twitter", "facebook", "x-de", "Zwei Wörter", "a" * 60])
@pytest.mark.parametrize("platform", ["twitter", "facebook"])
def test_a_token_tells_whose_it_is(platform: str, account: str) -> None:
    assert account_of(platform, secrets_for(platform, account)["ACCESS_TOKEN"]) == account


@pytest.mark.parametrize("platform", ["twitter", "facebook"])
def test_a_token_with_one_digit_changed_is_nobodys(platform: str) -> None:
    token = secrets_for(platform, "x")["ACCESS_TOKEN"]
    assert account_of(platform, token[:-1] + ("0" if token[-1] != "0" else "1")) is None


def test_any_account_name_works(sandbox: Sandbox) -> None:
    assert tweet(sandbox, "from afar", "Zwei Wörter").status_code == 201
    assert page_post(sandbox, "from afar", "Zwei Wörter").status_code == 200
    assert {post["account"] for post in sandbox.posts()} == {"Zwei Wörter"}


@pytest.mark.parametrize("wrong", ["CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET"])
def test_x_refuses_a_post_if_one_secret_is_wrong(sandbox: Sandbox, wrong: str) -> None:
    response = tweet(sandbox, "hello", auth=x_auth(**{wrong: "mistaken"}))
    assert response.status_code == 401
    assert response.json() == {"title": "Unauthorized", "detail": "Unauthorized", "type": "about:blank", "status": 401}
    assert texts_of(sandbox) == []


def test_x_refuses_a_post_that_is_not_signed(sandbox: Sandbox) -> None:
    assert tweet(sandbox, "hello", auth=None).status_code == 401


def test_x_refuses_one_accounts_token_with_anothers_secret(sandbox: Sandbox) -> None:
    other = secrets_for("twitter", "other")["ACCESS_TOKEN_SECRET"]
    assert tweet(sandbox, "hello", auth=x_auth(ACCESS_TOKEN_SECRET=other)).status_code == 401


@pytest.mark.parametrize(("age", "status"), [(0, 201), (280, 201), (320, 401), (-320, 401)])
def test_x_refuses_a_timestamp_more_than_five_minutes_off(sandbox: Sandbox, age: int, status: int) -> None:
    assert signed_post(sandbox, "a nonce", int(time.time()) - age).status_code == status


def test_x_refuses_a_nonce_that_was_used_before(sandbox: Sandbox) -> None:
    assert signed_post(sandbox, "once", text="first").status_code == 201
    assert signed_post(sandbox, "once", text="second").status_code == 401
    assert texts_of(sandbox) == ["first"]


def test_x_refuses_a_signature_for_another_address(sandbox: Sandbox) -> None:
    assert signed_post(sandbox, "n", url="https://api.x.com/2/tweets").status_code == 401


def test_x_refuses_a_signature_whose_query_was_changed(sandbox: Sandbox) -> None:
    signed = requests.Request("GET", f"{sandbox.url}/2/users/me", params={"user.fields": "id"}, auth=x_auth()).prepare()
    signed.url = f"{sandbox.url}/2/users/me?user.fields=name"
    with SandboxSession(sandbox) as session:
        assert session.send(signed).status_code == 401


def signed_post(
    sandbox: Sandbox, nonce: str, timestamp: int | None = None, text: str = "hello", url: str = ""
) -> requests.Response:
    secrets = secrets_for("twitter", "twitter")
    client = Client(
        secrets["CONSUMER_KEY"],
        secrets["CONSUMER_SECRET"],
        secrets["ACCESS_TOKEN"],
        secrets["ACCESS_TOKEN_SECRET"],
        nonce=nonce,
        timestamp=str(timestamp or int(time.time())),
    )
    _, headers, _ = client.sign(url or f"{sandbox.url}/2/tweets", "POST", headers={"Content-Type": "application/json"})
    return tweet(sandbox, text, auth=None, headers=headers)


@pytest.mark.parametrize("where", ["header", "form", "query"])
def test_facebook_takes_the_token_wherever_it_stands(sandbox: Sandbox, where: str) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"} if where == "header" else {}
    form = {"message": "hello"} | ({"access_token": TOKEN} if where == "form" else {})
    query = {"access_token": TOKEN} if where == "query" else {}
    with SandboxSession(sandbox) as session:
        url = f"{sandbox.url}/v26.0/{PAGE}/feed"
        assert session.post(url, headers=headers, data=form, params=query).status_code == 200
    assert texts_of(sandbox) == ["hello"]


def test_facebook_takes_a_json_body(sandbox: Sandbox) -> None:
    response = graph(sandbox, "POST", "me/feed", json={"message": "as JSON", "published": False})
    assert response.status_code == 200
    assert [(post["text"], post["published"]) for post in sandbox.posts()] == [("as JSON", False)]


@pytest.mark.parametrize("token", ["nonsense", TOKEN[:-1], secrets_for("twitter", "x")["ACCESS_TOKEN"]])
def test_facebook_refuses_a_wrong_token_with_190(sandbox: Sandbox, token: str) -> None:
    response = graph(sandbox, "POST", "me/feed", data={"message": "x"}, headers={"Authorization": f"Bearer {token}"})
    assert response.json()["error"]["code"] == 190
    assert texts_of(sandbox) == []


@pytest.mark.parametrize(("proof", "status"), [(appsecret_proof(TOKEN), 200), ("0" * 64, 400), ("", 400)])
def test_facebook_checks_the_app_secret_proof_if_there_is_one(sandbox: Sandbox, proof: str, status: int) -> None:
    assert page_post(sandbox, "hello", appsecret_proof=proof).status_code == status
    assert len(sandbox.posts()) == (status == 200)


def test_facebook_refuses_another_accounts_page(sandbox: Sandbox) -> None:
    response = graph(sandbox, "POST", f"{page_id_for('other')}/feed", data={"message": "x"})
    assert (response.json()["error"]["code"], response.json()["error"]["error_subcode"]) == (100, 33)


@pytest.mark.parametrize("asker", [TOKEN, f"{APP_ID}|{secrets_for('facebook', 'facebook')['APP_SECRET']}"])
def test_facebook_tells_about_a_token_to_its_page_and_to_the_app(sandbox: Sandbox, asker: str) -> None:
    headers = {"Authorization": f"Bearer {asker}"}
    good = graph(sandbox, "GET", "debug_token", params={"input_token": TOKEN}, headers=headers).json()["data"]
    bad = graph(sandbox, "GET", "debug_token", params={"input_token": "x"}, headers=headers).json()["data"]
    assert good["is_valid"] is True
    assert bad["is_valid"] is False


# Duplicates and lengths


def test_x_refuses_the_same_text_of_the_same_account_for_ever(sandbox: Sandbox, clock: Clock) -> None:
    tweet(sandbox, "the same")
    clock.forward(days=400)
    response = tweet(sandbox, " the same\n")
    assert response.status_code == 403
    assert response.json()["detail"] == "You are not allowed to create a Tweet with duplicate content."
    assert tweet(sandbox, "the same", "another").status_code == 201


def test_facebook_refuses_the_same_message_only_for_a_while(sandbox: Sandbox, clock: Clock) -> None:
    page_post(sandbox, "the same")
    refused = page_post(sandbox, "the same")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, 506)
    clock.forward(minutes=16)
    assert page_post(sandbox, "the same").status_code == 200


def test_duplicates_can_be_let_through_so_that_they_show() -> None:
    with Sandbox(refuse_duplicates=False) as sandbox:
        for _ in range(2):
            tweet(sandbox, "twice")
            page_post(sandbox, "twice")
        assert texts_of(sandbox) == ["twice"] * 4


@pytest.mark.parametrize(
    ("text", "status"),
    [("x" * 280, 201), ("x" * 281, 400), ("字" * 140, 201), ("字" * 141, 400), ("", 400), (" \n ", 400)],
    ids=["280", "281", "140 heavy", "141 heavy", "empty", "blank"],
)
def test_x_takes_280_weighted_characters(sandbox: Sandbox, text: str, status: int) -> None:
    assert tweet(sandbox, text).status_code == status
    assert len(sandbox.posts()) == (status == 201)


def test_x_counts_a_link_as_23_whatever_its_length(sandbox: Sandbox) -> None:
    link = "https://example.org/" + "x" * 300
    assert tweet(sandbox, "y" * 256 + " " + link).status_code == 201
    assert tweet(sandbox, "z" * 257 + " " + link).status_code == 400


def test_x_wants_json(sandbox: Sandbox) -> None:
    with SandboxSession(sandbox) as session:
        response = session.post(f"{sandbox.url}/2/tweets", data={"text": "as a form"}, auth=x_auth())
        broken = session.post(
            f"{sandbox.url}/2/tweets", data=b"{", auth=x_auth(), headers={"Content-Type": "application/json"}
        )
        unknown = session.post(f"{sandbox.url}/2/tweets", json={"text": "a", "nonsense": 1}, auth=x_auth())
    assert (response.status_code, broken.status_code, unknown.status_code) == (415, 400, 400)
    assert texts_of(sandbox) == []


@pytest.mark.parametrize("path", ["/2/nothing", "/2/tweets", "/nothing"])
def test_what_is_not_there_is_a_404(sandbox: Sandbox, path: str) -> None:
    with SandboxSession(sandbox) as session:
        assert session.get(sandbox.url + path).status_code == 404


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"message": ""}, 197),
        ({"message": "x" * 63_207}, 100),
        ({"message": "x", "link": "no address"}, 1500),
        ({"message": "x", "link": "https://example.org", "name": "of somebody else's site"}, 100),
    ],
    ids=["empty", "too long", "bad link", "link details"],
)
def test_facebook_refuses_what_it_cannot_post(sandbox: Sandbox, parameters: dict[str, str], code: int) -> None:
    assert page_post(sandbox, **parameters).json()["error"]["code"] == code
    assert texts_of(sandbox) == []


def test_facebook_ignores_parameters_that_it_does_not_know(sandbox: Sandbox) -> None:
    assert page_post(sandbox, "hello", nonsense="1").status_code == 200


# Reading back


def test_x_gives_text_back_escaped_and_links_shortened(sandbox: Sandbox) -> None:
    text = "Fish & <chips>: https://example.org/a?b=1&c=2. And https://www.example.org/" + "long/" * 10
    tweet(sandbox, text)
    post = x_timeline(sandbox).json()["data"][0]
    urls = post["entities"]["urls"]
    assert post["text"] == f"Fish &amp; &lt;chips&gt;: {urls[0]['url']}. And {urls[1]['url']}"
    assert [post["text"][url["start"] : url["end"]] for url in urls] == [url["url"] for url in urls]
    assert urls[0]["expanded_url"] == "https://example.org/a?b=1&c=2"
    assert urls[1]["display_url"].startswith("example.org/long/")
    assert all(len(url["url"]) == 23 for url in urls)
    assert sandbox.posts()[0]["text"] == text


def test_x_gives_posts_from_a_moment_on(sandbox: Sandbox, clock: Clock) -> None:
    tweet(sandbox, "before")
    clock.forward(minutes=10)
    tweet(sandbox, "after")
    answer = x_timeline(sandbox, start_time="2026-11-20T12:10:00Z").json()
    assert [post["text"] for post in answer["data"]] == ["after"]
    assert answer["data"][0]["created_at"] == "2026-11-20T12:10:00.000Z"
    newest = answer["data"][0]["id"]
    assert answer["meta"] == {"result_count": 1, "newest_id": newest, "oldest_id": newest}


@pytest.mark.parametrize(
    "query",
    [{"max_results": 4}, {"max_results": 101}, {"max_results": "x"}, {"start_time": "noon"}, {"pagination_token": "!"}],
    ids=str,
)
def test_x_refuses_a_read_back_that_makes_no_sense(sandbox: Sandbox, query: dict[str, str]) -> None:
    assert x_timeline(sandbox, **query).status_code == 400


def test_facebook_gives_posts_between_two_moments(sandbox: Sandbox, clock: Clock) -> None:
    for name in ("early", "middle", "late"):
        page_post(sandbox, name)
        clock.forward(minutes=10)
    start = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()
    answer = page_posts(sandbox, since=int(start) + 1, until=int(start) + 601).json()
    assert [post["message"] for post in answer["data"]] == ["middle"]
    assert answer["data"][0]["created_time"] == "2026-11-20T12:10:00+0000"


def test_the_address_of_facebooks_next_page_holds_the_token(sandbox: Sandbox) -> None:
    page_post(sandbox, "one")
    page_post(sandbox, "two")
    paging = page_posts(sandbox, limit=1).json()["paging"]
    assert TOKEN in paging["next"]
    with SandboxSession(sandbox) as session:
        assert [post["message"] for post in session.get(paging["next"]).json()["data"]] == ["one"]


@pytest.mark.parametrize("query", [{"limit": 101}, {"limit": "x"}, {"since": "noon"}, {"after": "x"}], ids=str)
def test_facebook_refuses_a_read_back_that_makes_no_sense(sandbox: Sandbox, query: dict[str, str]) -> None:
    assert page_posts(sandbox, **query).json()["error"]["code"] == 100


def test_an_unpublished_post_is_not_read_back(sandbox: Sandbox) -> None:
    page_post(sandbox, "hidden", published="False")
    assert page_posts(sandbox).json()["data"] == []
    assert sandbox.posts()[0]["published"] is False


@pytest.mark.parametrize(("asked", "served"), [("v26.0", "v26.0"), ("v25.0", "v25.0"), ("v2.8", "v26.0")])
def test_facebook_says_which_version_served(sandbox: Sandbox, asked: str, served: str) -> None:
    assert graph(sandbox, "GET", "me", version=asked).headers["facebook-api-version"] == served


def test_facebook_sends_a_refusal_as_script_to_who_does_not_ask_for_json(sandbox: Sandbox) -> None:
    refused = graph(sandbox, "POST", "me/feed", headers={"Accept": "*/*"})
    assert refused.headers["Content-Type"] == "text/javascript; charset=UTF-8"
    assert page_post(sandbox, "").headers["Content-Type"] == "application/json; charset=UTF-8"


# Rates


def test_x_counts_posts_in_three_windows(sandbox: Sandbox) -> None:
    headers = tweet(sandbox, "one").headers
    assert (headers["x-rate-limit-limit"], headers["x-rate-limit-remaining"]) == ("100", "99")
    assert headers["x-user-limit-24hour-remaining"] == "2399"
    assert headers["x-app-limit-24hour-remaining"] == "9999"
    assert tweet(sandbox, "two").headers["x-rate-limit-remaining"] == "98"


def test_x_refuses_posts_over_the_limit_until_the_window_ends(clock: Clock) -> None:
    with Sandbox(now=clock, limits=XLimits(posts=2)) as sandbox:
        assert [tweet(sandbox, text).status_code for text in "abc"] == [201, 201, 429]
        refused = tweet(sandbox, "d")
        assert refused.headers["x-rate-limit-remaining"] == "0"
        clock.now = datetime.fromtimestamp(int(refused.headers["x-rate-limit-reset"]), UTC)
        assert tweet(sandbox, "e").status_code == 201
        assert texts_of(sandbox) == ["a", "b", "e"]


def test_x_shares_the_apps_day_among_accounts(clock: Clock) -> None:
    with Sandbox(now=clock, limits=XLimits(app_posts_per_day=2)) as sandbox:
        assert [tweet(sandbox, "a", account).status_code for account in "uvw"] == [201, 201, 429]


def test_limits_can_be_switched_off() -> None:
    with Sandbox(limits=False) as sandbox:
        assert not any(name.startswith("x-rate-limit") for name in tweet(sandbox, "free").headers)


def test_facebook_throttles_a_page_that_has_used_its_calls_up(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sandbox.graph.CALLS_PER_DAY", 2)
    with Sandbox(now=clock) as sandbox:
        answers = [page_post(sandbox, text) for text in "abc"]
        assert [answer.json().get("error", {}).get("code") for answer in answers] == [None, None, 80001]
        clock.forward(hours=25)
        assert page_post(sandbox, "d").status_code == 200
