"""The record of a call: what is proved when there is no whole answer."""

import pytest

from bot.platforms.base import NotSent, OutcomeUnknown
from bot.platforms.http import Exchange
from tests.unit.platforms.answers import answered


def test_before_the_first_byte_nothing_was_sent() -> None:
    with pytest.raises(NotSent, match=r"Nothing was sent: no route\."):
        Exchange(problem="no route").require_answer()


def test_after_it_nothing_is_known_without_a_whole_answer() -> None:
    with pytest.raises(OutcomeUnknown):
        Exchange(sent=True, status=201, problem="it broke off").require_answer()


def test_a_whole_answer_is_for_the_adapter_to_judge() -> None:
    answered(500, "").require_answer()


@pytest.mark.parametrize(
    "body", ["", "<html>", "{", "[" * 100_000, "\udcff".encode("utf-8", "surrogatepass").decode("latin-1")]
)
def test_a_body_that_is_no_json_is_none(body: str) -> None:
    assert answered(200, body).json() is None
    assert answered(200, body).member("id") is None


@pytest.mark.parametrize("body", ["false", "null", "[]", "7", '"id"'])
def test_only_an_object_has_members(body: str) -> None:
    assert answered(200, body).member("id") is None
