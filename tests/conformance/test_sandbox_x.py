"""What the sandbox takes and answers for X, against X's own OpenAPI document."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from openapi_core import Config, OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.exceptions import OpenAPIError

from bot.sandbox import Sandbox
from bot.sandbox.credentials import user_id_for
from tests.sandbox_clients import tweepy_client, tweet, x_timeline

DOCUMENT = Path(__file__).parents[2].parent / "shared" / "data" / "x" / "openapi.json"

pytestmark = [
    pytest.mark.skipif(not DOCUMENT.exists(), reason=f"X's OpenAPI document is not at {DOCUMENT}"),
    # The document's OAuth 1.0a scheme is unknown to the validator, which says so each time.
    pytest.mark.filterwarnings("ignore:Unsupported scheme type"),
]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(DOCUMENT.read_text("utf-8"))
    return whole


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


class Conformance:
    """Checks one exchange, request and answer, against the document."""

    def __init__(self, document: dict[str, Any], url: str) -> None:
        # The document itself is X's business, so it is not validated again.
        problems = {"application/problem+json": lambda body, **_: json.loads(body)}
        config = Config(spec_validator_cls=None, extra_media_type_deserializers=problems)
        self._api = OpenAPI.from_dict({**document, "servers": [{"url": url}]}, config=config)

    def check(self, response: requests.Response) -> None:
        self.check_request(response)
        self._api.validate_response(RequestsOpenAPIRequest(response.request), RequestsOpenAPIResponse(response))

    def check_request(self, response: requests.Response) -> None:
        # The signing library leaves header values as bytes, which the validator does not read.
        for name, value in response.request.headers.items():
            response.request.headers[name] = value.decode() if isinstance(value, bytes) else value
        self._api.validate_request(RequestsOpenAPIRequest(response.request))


@pytest.fixture
def conformance(document: dict[str, Any], sandbox: Sandbox) -> Conformance:
    return Conformance(document, sandbox.url)


def test_a_post_made_with_tweepy_conforms(sandbox: Sandbox, conformance: Conformance) -> None:
    response = tweepy_client(sandbox).create_tweet(text="A & B <C> https://example.org/a?b=1&c=2 é")
    assert response.status_code == 201
    conformance.check(response)


def test_who_am_i_asked_with_tweepy_conforms(sandbox: Sandbox, conformance: Conformance) -> None:
    response = tweepy_client(sandbox).get_me(user_auth=True)
    assert response.json()["data"]["id"] == user_id_for("twitter")
    conformance.check(response)


def test_reading_back_with_tweepy_conforms_on_every_page(sandbox: Sandbox, conformance: Conformance) -> None:
    for number in range(7):
        tweet(sandbox, f"number {number} https://example.org/{number}")
    client, seen, token = tweepy_client(sandbox), [], None
    while True:
        response = client.get_users_tweets(
            user_id_for("twitter"),
            user_auth=True,
            max_results=5,
            tweet_fields=["created_at", "entities"],
            start_time="2020-01-01T00:00:00Z",
            pagination_token=token,
        )
        conformance.check(response)
        seen += [post["id"] for post in response.json()["data"]]
        token = response.json()["meta"].get("next_token")
        if token is None:
            break
    assert seen == [post["id"] for post in reversed(sandbox.posts())]


def test_an_empty_timeline_conforms(sandbox: Sandbox, conformance: Conformance) -> None:
    response = x_timeline(sandbox)
    assert response.json() == {"meta": {"result_count": 0}}
    conformance.check(response)


def test_the_timeline_of_somebody_unknown_conforms(sandbox: Sandbox, conformance: Conformance) -> None:
    response = tweepy_client(sandbox).get_users_tweets("12", user_auth=True)
    assert response.json()["errors"][0]["resource_id"] == "12"
    conformance.check(response)


def test_a_refusal_that_the_document_knows_conforms(sandbox: Sandbox, conformance: Conformance) -> None:
    response = tweet(sandbox, "too long " * 40)
    assert response.status_code == 400
    conformance.check(response)


def test_fields_under_their_new_name_are_understood(sandbox: Sandbox, conformance: Conformance) -> None:
    tweet(sandbox, "new names")
    response = x_timeline(sandbox, **{"tweet.fields": None, "post.fields": "created_at"})
    assert "created_at" in response.json()["data"][0]
    conformance.check(response)


def test_the_check_itself_finds_what_does_not_conform(sandbox: Sandbox, conformance: Conformance) -> None:
    sandbox.plan(kind="created_without_data", body={"data": {"id": "no number"}})
    with pytest.raises(OpenAPIError):
        conformance.check(tweet(sandbox, "answered wrongly"))
