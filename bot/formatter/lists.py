"""A list that finishes the sentence before it: "The paper studies two tasks:" with its items is one sentence.

Readers of the text see them as one; a program that takes sentences apart would lose the sentence that often says most.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.formatter.characters import LOST
from bot.formatter.text import Block

_MOST_ITEMS, _LONGEST_ITEM, _LONGEST_JOINED = 6, 100, 240
_FEWEST_LEADING = 4
# The words before the colon are no sentence by themselves.
_UNFINISHED = re.compile(
    r"\b(?:that|which|who|to|by|with|of|for|from|in|on|as|is|are|be|can|when|if|because|such that|so that|where"
    r"|either|both|between|and|or|via|using|through|namely|include|includes|including)$",
    re.IGNORECASE,
)
# Behind these it is one item or the other.
_OR = re.compile(r"\b(?:or|if|when|whether|either|between|one of|any of|some of)\b", re.IGNORECASE)
# "two tasks", but not "the following", behind which names alone say nothing.
_COUNTS = re.compile(r"\b(?:two|three|four|five|six|[2-6])\b", re.IGNORECASE)
_NUMBERS = dict(zip(("two", "three", "four", "five", "six"), range(2, 7), strict=True))
_CAPITAL = re.compile(
    r"(?:The|An?|Its?|Their|They|This|These|To|Using|With|By|How|What|Which|[A-Z][a-z]+(?:ing|ed|s)) "
)
_LABEL = re.compile(r"([^:.?!]{3,60}?)(?: ?[:–—]| -) ")
_ENDS = re.compile(r"[.?!](?:\s|$)")
_COLON = re.compile(r" ?:$")


def joined(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks, each that leads into a short list together with it."""
    place = 0
    while place < len(blocks):
        block = blocks[place]
        items = _items_below(blocks, place) if block.text.endswith(":") else ()
        whole, used = _whole(block.text, [item.text for item in items])
        yield replace(block, text=whole) if whole else block
        place += 1 + (used if whole else 0)


def _items_below(blocks: Sequence[Block], place: int) -> Sequence[Block]:
    section, end = blocks[place].section, place + 1
    while end < len(blocks) and blocks[end].kind == "item" and blocks[end].section == section:
        end += 1
    return blocks[place + 1 : end]


def _whole(lead: str, items: Sequence[str]) -> tuple[str, int]:
    """The text with its list behind it, and how many blocks that takes the place of; nothing if it makes no
    sentence."""
    begun = _COLON.sub("", lead)
    last = re.split(r"(?<=[.!?]) ", begun)[-1]
    if not 2 <= len(items) <= _MOST_ITEMS or len(last.split()) < _FEWEST_LEADING or LOST in lead or _OR.search(last):
        return "", 0
    said = [item.rstrip(" .;,") for item in items]
    used = len(items)
    if not all(map(_is_short, said)):
        labels = [found[1].strip() if (found := _LABEL.match(item)) else "" for item in items]
        if not all(labels) or _UNFINISHED.search(begun) or len(labels) not in _numbers(last):
            return "", 0
        said, used = labels, 0
    if any(re.search(r"^or | or$", item) for item in said):
        return "", 0
    unfinished = _UNFINISHED.search(begun) is not None
    said = [_small(item) if unfinished or place else item for place, item in enumerate(said)]
    sentence = begun + (" " if unfinished else ": ") + _listed(said)
    return (sentence + ".", used) if len(sentence) - len(begun) <= _LONGEST_JOINED else ("", 0)


def _numbers(lead: str) -> set[int]:
    """The numbers in a sentence, none if the list is only said to follow."""
    found = [] if "following" in lead.lower() else _COUNTS.findall(lead)
    return {_NUMBERS.get(word.lower()) or int(word) for word in found}


def _small(item: str) -> str:
    """An item within a sentence: without the capital that only its line gave it."""
    return item[0].lower() + item[1:] if _CAPITAL.match(item) else item


def _is_short(item: str) -> bool:
    return 2 < len(item) <= _LONGEST_ITEM and not _ENDS.search(item) and ":" not in item and LOST not in item


def _listed(items: Sequence[str]) -> str:
    items = [re.sub(r"(?:,|;)? and$", "", item) for item in items]
    separator = "; " if any("," in item or len(item) > 50 for item in items) else ", "
    last = items[-1] if items[-1].startswith("and ") else f"and {items[-1]}"
    return separator.join(items[:-1]) + (separator if separator == "; " else " ") + last
