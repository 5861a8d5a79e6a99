"""X's own conformance cases for counting and for top-level domains."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.formatter.emoji import sequences
from bot.formatter.length import LIMIT, weighted_length
from bot.formatter.links import links

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "twitter-text"


def cases(file: str, *groups: str) -> list[Any]:
    """(text, expected) of each case in `groups`; one skipped case where the data is missing."""
    if not (DATA / file).is_file():
        return [pytest.param("", {}, marks=pytest.mark.skip(f"{DATA / file} is missing"))]
    tests = yaml.safe_load((DATA / file).read_text("utf-8"))["tests"]
    return [
        pytest.param(case["text"], case["expected"], id=f"{group}: {case['description']}")
        for group in groups
        for case in tests[group]
    ]


@pytest.mark.parametrize(("text", "expected"), cases("validate.yml", "WeightedTweetsCounterTest"))
def test_it_counts_as_configuration_2_demands(text: str, expected: dict[str, Any]) -> None:
    assert judged(text, weighted_length(text, joined_emoji=False), joined_emoji=False) == wanted(expected)


@pytest.mark.parametrize(("text", "expected"), cases("validate.yml", "WeightedTweetsWithDiscountedEmojiCounterTest"))
def test_it_counts_as_configuration_3_demands(text: str, expected: dict[str, Any]) -> None:
    assert judged(text, weighted_length(text), joined_emoji=True) == wanted(expected)


@pytest.mark.parametrize(("text", "expected"), cases("validate.yml", "UnicodeDirectionalMarkerCounterTest"))
def test_it_counts_characters_that_x_refuses_or_hides(text: str, expected: dict[str, Any]) -> None:
    assert weighted_length(text) == expected["weightedLength"]


@pytest.mark.parametrize(("text", "expected"), cases("tlds.yml", "country", "generic"))
def test_it_links_every_top_level_domain(text: str, expected: list[str]) -> None:
    text = unicodedata.normalize("NFC", text)
    assert [text[link.start : link.end] for link in links(text)] == [
        unicodedata.normalize("NFC", one) for one in expected
    ]


def judged(text: str, length: int, *, joined_emoji: bool) -> tuple[int, int, bool, int, int]:
    """Length, permillage, validity, and where the display and what fits end (UTF-16 units), as the cases write it."""
    normal = unicodedata.normalize("NFC", text)
    fits = units(normal[: last_cut(normal, joined_emoji=joined_emoji)]) + units(text) - units(normal)
    return length, length * 1000 // LIMIT, 0 < length <= LIMIT, units(text) - 1, fits - 1


def wanted(expected: dict[str, Any]) -> tuple[int, int, bool, int, int]:
    keys = ("weightedLength", "permillage", "valid", "displayRangeEnd", "validRangeEnd")
    return tuple(expected[key] for key in keys)  # type: ignore[return-value]


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def last_cut(text: str, *, joined_emoji: bool) -> int:
    """The end of the longest beginning of `text` that fits and cuts no link and no emoji."""
    whole = [(link.start, link.end) for link in links(text)] + (list(sequences(text)) if joined_emoji else [])
    inside = {place for start, end in whole for place in range(start + 1, end)}
    cuts = (place for place in range(len(text), 0, -1) if place not in inside)
    return next(place for place in cuts if weighted_length(text[:place], joined_emoji=joined_emoji) <= LIMIT)
