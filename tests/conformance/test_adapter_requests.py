"""What the adapters send, against the platforms' own descriptions; every byte taken off a real wire."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from bot.sandbox.credentials import page_id_for, user_id_for
from tests.integration.platforms.conftest import LINK, NAME, make_adapter, make_post, utc_now
from tests.integration.platforms.wire_server import CREATED, WireServer, say_json

DATA = Path(__file__).parents[2].parent / "shared" / "data"
EDGES = DATA / "facebook" / "page_edges_v26_from_facebook_business.json"
OPENAPI = DATA / "x" / "openapi.json"

# Every edge takes these: https://developers.facebook.com/docs/graph-api/overview, …/results, …/guides/secure-requests
COMMON = {"fields", "appsecret_proof", "limit", "after"}


def _split(request: bytes) -> tuple[str, dict[str, str], str]:
    """Method and path, query, body."""
    head, _, body = request.decode().partition("\r\n\r\n")
    method, target, _ = head.splitlines()[0].split()
    return f"{method} {urlsplit(target).path}", dict(parse_qsl(urlsplit(target).query)), body


def _posted(platform: str) -> tuple[str, dict[str, str], str]:
    with WireServer(CREATED[platform]) as server:
        make_adapter(platform, server.url).publish(make_post(platform, "Words & more."))
        [request] = server.requests
    return _split(request)


def _read_back(platform: str, *answers: Any, **asked: Any) -> list[tuple[str, dict[str, str], str]]:
    left = list(answers)
    with WireServer(lambda request, wire: say_json("200 OK", left.pop(0))(request, wire)) as server:
        assert make_adapter(platform, server.url).timeline(**asked).complete
        return [_split(request) for request in server.requests]


def _edge(name: str) -> set[str]:
    if not EDGES.exists():
        pytest.skip(f"Meta's description is not at {EDGES}")
    return set(json.loads(EDGES.read_text("utf-8"))["edges"][name]["params"])


def test_a_post_to_facebook_takes_the_parameters_of_the_edge_and_no_details_of_the_link() -> None:
    target, query, body = _posted("facebook")
    form = dict(parse_qsl(body, strict_parsing=True))
    assert target == f"POST /v26.0/{page_id_for(NAME)}/feed"
    assert query == {}
    assert (form["message"], form["link"], form["fields"]) == ("Words & more.", LINK, "id,permalink_url")
    assert form.keys() <= _edge("POST /{page-id}/feed") | COMMON
    assert not form.keys() & {"name", "caption", "description", "picture", "published"}


def test_a_read_from_facebook_takes_the_parameters_of_the_edge() -> None:
    first = {"data": [], "paging": {"cursors": {"after": "further"}, "next": "…"}}
    requests = _read_back("facebook", first, {"data": []}, newest=5)
    for target, query, _ in requests:
        assert target == f"GET /v26.0/{page_id_for(NAME)}/published_posts"
        assert query.keys() <= _edge("GET /{page-id}/published_posts") | COMMON
        assert int(query["limit"]) <= 100
    assert [query.get("after") for _, query, _ in requests] == [None, "further"]


def _operation(path: str, method: str) -> dict[str, Any]:
    if not OPENAPI.exists():
        pytest.skip(f"X's OpenAPI document is not at {OPENAPI}")
    operation: dict[str, Any] = json.loads(OPENAPI.read_text("utf-8"))["paths"][path][method]
    return operation


def test_a_post_to_x_is_its_text_as_json() -> None:
    target, query, body = _posted("twitter")
    assert _operation("/2/tweets", "post")["operationId"] == "createPosts"
    assert (target, query) == ("POST /2/tweets", {})
    assert json.loads(body) == {"text": f"Words & more.\n\n{LINK}"}


def test_a_read_from_x_takes_the_parameters_of_the_operation() -> None:
    described = _operation("/2/users/{id}/tweets", "get")["parameters"]
    # X's document calls the last one `post.fields`; its guide, https://docs.x.com/x-api/fundamentals/fields, and tweepy
    # call it so.
    names = {parameter["name"] for parameter in described if "name" in parameter} | {"tweet.fields"}
    me, empty = {"data": {"id": user_id_for(NAME)}}, {"meta": {"result_count": 0}}
    [(who, _, _), (target, query, _)] = _read_back("twitter", me, empty, since=utc_now())
    assert (who, target) == ("GET /2/users/me", f"GET /2/users/{user_id_for(NAME)}/tweets")
    assert query.keys() <= names
    assert 5 <= int(query["max_results"]) <= 100
