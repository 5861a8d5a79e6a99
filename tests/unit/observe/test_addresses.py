"""BOT_ALERTS: how addresses are told apart, judged, and kept out of every line."""

from pathlib import Path

import pytest

from bot.observe.addresses import read_addresses, send
from bot.observe.redact import redactor
from tests.alert_endpoint import AlertEndpoint


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ("", 0),
        ("json://a.example/", 1),
        ("json://a.example/ json://b.example/", 2),
        ("json://a.example/,\n  json://b.example/\n", 2),
        ("mailto://me:word@example.org?to=a@example.org,b@example.org, json://b.example/", 2),
    ],
    ids=["nothing", "one", "space", "comma and lines", "comma inside"],
)
def test_addresses_are_told_apart(given: str, count: int) -> None:
    addresses, problems = read_addresses({"BOT_ALERTS": given})
    assert [address.number for address in addresses] == list(range(1, count + 1))
    assert problems == []


def test_they_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "alerts").write_text("json://a.example/\njson://b.example/\n", encoding="utf-8")
    assert len(read_addresses({"BOT_ALERTS_FILE": str(tmp_path / "alerts")})[0]) == 2
    _, [problem] = read_addresses({"BOT_ALERTS_FILE": str(tmp_path / "missing")})
    assert problem.where == "BOT_ALERTS_FILE"


def test_one_that_apprise_does_not_know_is_named_by_its_number_only() -> None:
    _, [problem] = read_addresses({"BOT_ALERTS": "json://a.example/ nonsense://a-secret-token/"})
    assert str(problem).startswith("BOT_ALERTS: number 2 is no address that Apprise knows")
    assert "a-secret-token" not in str(problem)


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("slack://TokenAAAA1/TokenBBBB2/TokenCCCC3", "TokenAAAA1"),
        ("slack://TokenAAAA1/TokenBBBB2/TokenCCCC3", "TokenCCCC3"),
        ("mailto://me:pass%2Fword@example.org", "pass/word"),
        ("mailto://me:pass%2Fword@example.org", "pass%2Fword"),
        ("tgram://123456789:AAbbccddeeff/987654321/", "AAbbccddeeff"),
        ("json://a.example/?-key=query-secret", "query-secret"),
    ],
)
def test_every_part_that_may_be_secret_is_masked(url: str, secret: str) -> None:
    read_addresses({"BOT_ALERTS": url})
    assert redactor.clean(f"it said {secret}!") == "it said [secret]!"
    assert "example" in redactor.clean("a.example and example.org stay readable")


def test_a_message_that_is_not_taken_says_why() -> None:
    endpoint = AlertEndpoint()
    [address], _ = read_addresses({"BOT_ALERTS": f"{endpoint.url}path-that-is-secret"})
    assert send(address, "a title", "a text", good=False) == ""
    assert [(said.title, said.body, said.type) for said in endpoint.taken] == [("a title", "a text", "warning")]
    endpoint.status = 500
    why = send(address, "a title", "a text", good=False)
    assert "500" in why
    assert "path-that-is-secret" not in why
    endpoint.close()
