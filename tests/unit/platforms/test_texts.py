"""Comparing posts with what is read back, and quoting answers."""

import unicodedata

import pytest

from bot.platforms.texts import comparable_link, comparable_text, legible


@pytest.mark.parametrize(
    ("case", "one", "other"),
    [
        ("composed and decomposed", "Ångström", unicodedata.normalize("NFD", "Ångström")),
        ("line ends", "a\r\nb", "a\nb"),
        ("space around it", " a b \n", "a b"),
        ("wide space", "a \t\n\n b", "a b"),
        ("a joiner that is dropped", "a\u200db", "ab"),
        ("a byte order mark", "\ufeffa", "a"),
    ],
)
def test_what_readers_cannot_tell_apart_is_the_same_text(case: str, one: str, other: str) -> None:
    assert comparable_text(one) == comparable_text(other)


@pytest.mark.parametrize(("one", "other"), [("a", "A"), ("a", "a."), ("ab", "a b"), ("x_1", "x₁"), ("²", "2")])
def test_what_readers_can_tell_apart_is_another_text(one: str, other: str) -> None:
    assert comparable_text(one) != comparable_text(other)


def test_a_link_has_one_spelling() -> None:
    spellings = ["http://a.org/p?k=%28x%29&a=b", "HTTP://A.ORG/p?k=(x)&a=b"]
    assert len(set(map(comparable_link, spellings))) == 1
    assert comparable_link("http://a.org") == comparable_link("http://a.org/")
    assert comparable_link("http://a.org/p?K=x") != comparable_link("http://a.org/p?k=x")


def test_what_is_no_link_is_left_alone() -> None:
    assert comparable_link("http://[a") == "http://[a"
    assert comparable_text("a b", [""]) == "a b"


def test_texts_with_one_link_in_two_spellings_are_the_same() -> None:
    one, other = "http://a.org/%28x%29", "http://A.org/(x)"
    assert comparable_text(f"See {one}", [one]) == comparable_text(f"See {other}", [other])


def test_a_quotation_holds_no_secret_in_plain_or_encoded_even_where_it_is_cut() -> None:
    secret = "abcd/efgh+" * 5
    told = legible(f"{'x' * 280} {secret} https://a/?t=abcd%2Fefgh%2B", [secret, "abcd/efgh+"])
    assert "abcd" not in told
    assert len(told) <= 300


def test_a_quotation_is_one_legible_line() -> None:
    assert legible("a\r\n\tb\x00\x1b[31mc\u202ed\udc80") == "a b [31mc d"
    assert legible("word " * 100, longest=20) == "word word word word…"


def test_a_secret_too_short_to_be_one_does_not_tear_holes() -> None:
    assert legible("a banana", ["a", ""]) == "a banana"
