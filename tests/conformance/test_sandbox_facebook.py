"""What the sandbox takes and answers for Facebook, against Meta's own description of nodes and edges."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import facebook
import pytest
import requests

from bot.sandbox import Sandbox
from bot.sandbox.credentials import page_id_for, secrets_for
from bot.sandbox.graph_errors import KNOWN, GraphError
from tests.sandbox_clients import SandboxSession, graph, page_post, page_posts

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "facebook"
PAGE = page_id_for("facebook")

# Every edge takes these: https://developers.facebook.com/docs/graph-api/overview, …/results, …/guides/secure-requests
COMMON_PARAMETERS = {"access_token", "appsecret_proof", "fields", "limit", "since", "until", "after", "before"}

pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"Meta's descriptions are not at {DATA}")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def sdk(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> facebook.GraphAPI:
    monkeypatch.setattr(facebook, "FACEBOOK_GRAPH_URL", sandbox.url + "/")
    api = facebook.GraphAPI(secrets_for("facebook", "facebook")["ACCESS_TOKEN"], session=SandboxSession(sandbox))
    api.version = "v26.0"
    return api


def read(name: str) -> Any:
    return json.loads((DATA / name).read_text("utf-8"))


def node_fields(name: str) -> set[str]:
    """The fields of a node and its edges, which can be asked for in the same way."""
    node = read(f"{name}.json")
    return {field["name"] for field in node["fields"]} | {
        edge["endpoint"] for edge in node["apis"] if "endpoint" in edge
    }


def edge_parameters(edge: str) -> set[str]:
    edges = read("page_edges_v26_from_facebook_business.json")["edges"]
    return set(edges[edge]["params"]) | COMMON_PARAMETERS


def sent(response: requests.Response) -> set[str]:
    body = response.request.body or ""
    form = body.decode() if isinstance(body, bytes) else body
    return {name for name, _ in parse_qsl(urlsplit(response.request.url or "").query) + parse_qsl(form)}


def test_a_post_takes_the_parameters_of_the_edge(sandbox: Sandbox) -> None:
    response = page_post(sandbox, "Hello", link="https://example.org/x", published="true")
    assert sent(response) <= edge_parameters("POST /{page-id}/feed")
    assert set(response.json()) <= node_fields("PagePost")
    assert response.json()["id"] == sandbox.posts()[0]["id"]
    assert response.json()["permalink_url"] == sandbox.posts()[0]["url"]


def test_a_read_back_has_fields_of_the_node_only(sandbox: Sandbox) -> None:
    page_post(sandbox, "Hello", link="https://example.org/x?a=1&b=2")
    response = page_posts(sandbox, limit=100, since=0)
    assert sent(response) <= edge_parameters("GET /{page-id}/published_posts")
    post = response.json()["data"][0]
    assert set(post) <= node_fields("PagePost")
    assert post["attachments"]["data"][0]["unshimmed_url"] == "https://example.org/x?a=1&b=2"


def test_the_page_has_fields_of_the_node_only(sandbox: Sandbox) -> None:
    fields = "id,name,link,category,can_post,is_published"
    response = graph(sandbox, "GET", "me", params={"fields": fields})
    assert set(response.json()) == set(fields.split(",")) <= node_fields("Page")


@pytest.mark.parametrize("node", ["me", "me/published_posts"])
def test_a_field_that_the_node_does_not_have_is_refused(sandbox: Sandbox, node: str) -> None:
    page_post(sandbox, "Hello")
    response = graph(sandbox, "GET", node, params={"fields": "id,no_such_field"})
    assert response.status_code == 400
    assert response.json()["error"]["code"] == 100


def test_the_sdk_posts_and_reads_every_page_back(sdk: facebook.GraphAPI, sandbox: Sandbox) -> None:
    for number in range(5):
        sdk.put_object(PAGE, "feed", message=f"number {number}", link=f"https://example.org/{number}")
    seen = list(sdk.get_all_connections(PAGE, "published_posts", limit=2, fields="id,message"))
    assert [post["message"] for post in seen] == [f"number {number}" for number in reversed(range(5))]


def test_the_sdk_learns_about_its_token(sdk: facebook.GraphAPI) -> None:
    data = sdk.get_object("debug_token", input_token=sdk.access_token)["data"]
    assert (data["is_valid"], data["type"], data["expires_at"]) == (True, "PAGE", 0)
    assert {"pages_manage_posts", "pages_read_engagement"} <= set(data["scopes"])
    assert data["profile_id"] == PAGE


def test_the_sdk_reads_a_refusal(sdk: facebook.GraphAPI) -> None:
    sdk.put_object(PAGE, "feed", message="twice")
    sdk.session.headers["Accept"] = "application/json"
    with pytest.raises(facebook.GraphAPIError) as refused:
        sdk.put_object(PAGE, "feed", message="twice")
    assert refused.value.code == 506


def recorded_errors() -> list[dict[str, Any]]:
    cases = read("observed_errors.json")["cases"] if DATA.exists() else []
    return [{**case["body"]["error"], "status": case["status"]} for case in cases]


def like(error: GraphError) -> list[dict[str, Any]]:
    return [
        case
        for case in recorded_errors()
        if case["code"] == error.code
        and case.get("error_subcode") == error.subcode
        and error.wording in case["message"]
    ]


def test_every_recorded_code_can_be_answered() -> None:
    assert {case["code"] for case in recorded_errors()} <= {error.code for error in KNOWN}


RECORDED = {(4, None), (17, None), (32, None), (80001, None), (2, None), (1, 99), (283, None), (506, None)}
RECORDED |= {(190, 463), (368, 1346003), (368, 1390008)}


@pytest.mark.parametrize("error", [error for error in KNOWN if (error.code, error.subcode) in RECORDED], ids=str)
def test_a_refusal_is_as_it_was_recorded(error: GraphError) -> None:
    cases = like(error)
    assert cases, "no recorded answer has this code, subcode and wording"
    assert all(case.get("type", error.type) == error.type for case in cases)
    assert all(case["status"] in (None, error.status) for case in cases)
    assert all(case.get(name) == value for case in cases for name, value in error.extra.items())


def test_the_permission_problem_that_looks_like_a_dead_token_is_known() -> None:
    assert any(like(error) for error in KNOWN if "before impersonating" in error.wording)


def test_usage_headers_have_the_recorded_shape(sandbox: Sandbox) -> None:
    response = page_post(sandbox, "usage")
    for recorded in read("observed_errors.json")["usage_headers"][:2]:
        expected, actual = json.loads(recorded["value"]), json.loads(response.headers[recorded["name"]])
        if recorded["name"] == "X-Business-Use-Case-Usage":
            expected, actual = next(iter(expected.values()))[0], actual[PAGE][0]
        assert set(actual) == set(expected)
