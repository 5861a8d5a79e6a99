"""A list that finishes the sentence before it: "The paper studies two tasks:" with its items is one sentence.

Readers of the text see them as one; a program that takes sentences apart would lose the sentence that often says most.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.formatter.characters import LOST
from bot.formatter.leads import is_unfinished, leads_into_a_list
from bot.formatter.text import Block

_MOST_ITEMS, _LONGEST_ITEM, _LONGEST_JOINED = 6, 100, 240
_FEWEST_LEADING = 4
# "They find that DRAW:", with what it does.
_ITS_SUBJECT = re.compile(r"\b(?:that|which) (?:the |this |their |its )?[\w-]+(?: [\w-]+)?$", re.IGNORECASE)
_DOES = re.compile(r"(?:[A-Z][a-z]+s|Can|Is|Are|Will|Has|Have|Does) (?!of\b)[a-z]")
# Behind these it is one item or the other.
_OR = re.compile(r"\b(?:or|if|when|whether|either|between|one of|any of|some of)\b", re.IGNORECASE)
# "two tasks", but not "the following", behind which names alone say nothing.
_COUNTS = re.compile(r"\b(?:two|three|four|five|six|[2-6])\b", re.IGNORECASE)
_NUMBERS = dict(zip(("two", "three", "four", "five", "six"), range(2, 7), strict=True))
_LITTLE_WORD = re.compile(
    r"(?:The|An?) |(?:Its?|Their|They|This|These|To|Using|With|By|How|What|Which|Either|Both|All|Some|Each|No|More|Less"
    r"|Can|Has|Have|Is|Are|Does|Do|Will|For|In|On|When|If|Whether|Whose|Also) (?![A-Z])"
)
# Words that names seldom begin with; a name goes on with a capital: "Saturated Cost Partitioning".
_ORDINARY = re.compile(
    r"(?:(?!Arabic|Nordic|Slavic|University|Institute|Reuters)"
    r"[A-Z][a-z-]+(?:ing|ed|s|al|ive|ous|ic|ment|tion|sion|ity|ness|able|ible|ly|ant|ent|ance|ence|ency|ancy|er)"
    r"|New|[A-Z][a-z]+-[a-z]+) (?![A-Z])"
)
_BEGINS_WITH_A_CAPITAL = re.compile(r"[A-Z][a-z]")
_A_NAME = re.compile(r"[A-Z]\w* [A-Z]")
_LABEL = re.compile(r"([^:.?!]{3,60}?)(?: ?[:–—]| -) ")
_ENDS = re.compile(r"[.?!](?:\s|$)")
_COLON = re.compile(r" ?:$")


def joined(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks, each that leads into a short list together with it."""
    place = 0
    while place < len(blocks):
        block = blocks[place]
        items = _items_below(blocks, place) if leads_into_a_list(block.text) else ()
        whole, used = _whole(block.text, [item.text for item in items])
        yield replace(block, text=whole) if whole else block
        place += 1 + (used if whole else 0)


def _items_below(blocks: Sequence[Block], place: int) -> Sequence[Block]:
    """The items of the one list below a block that leads into it."""
    lead, end = blocks[place], place + 1
    depth = blocks[end].depth if end < len(blocks) else 0
    while end < len(blocks) and blocks[end].depth == depth > 0 and blocks[end].section == lead.section:
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
        if not all(labels) or is_unfinished(begun) or len(labels) not in _numbers(last):
            return "", 0
        said, used = labels, 0
    if any(re.search(r"^or | or$", item) for item in said):
        return "", 0
    unfinished = bool(is_unfinished(begun) or (_ITS_SUBJECT.search(last) and all(map(_DOES.match, said))))
    said = _alike(said, within=unfinished)
    sentence = begun + (" " if unfinished else ": ") + _listed(said)
    return (sentence + ".", used) if len(sentence) - len(begun) <= _LONGEST_JOINED else ("", 0)


def _numbers(lead: str) -> set[int]:
    """The numbers in a sentence, none if the list is only said to follow."""
    found = [] if "following" in lead.lower() else _COUNTS.findall(lead)
    return {_NUMBERS.get(word.lower()) or int(word) for word in found}


def _alike(items: Sequence[str], *, within: bool) -> list[str]:
    """The items without the capitals that only their lines gave them: all of them, or as they are but for "The" and its
    like; behind a colon the first may keep its own. within: there is no colon."""
    first, *others = map(_small, items) if within or all(map(_can_be_small, items)) else items
    others = list(map(_small, others)) if all(map(_can_be_small, others)) else others
    return [first, *(_lowered(item) if _LITTLE_WORD.match(item) else item for item in others)]


def _can_be_small(item: str) -> bool:
    """Whether an item has no capital, or one that it can lose or has for being a name."""
    return bool(
        not _BEGINS_WITH_A_CAPITAL.match(item)
        or _LITTLE_WORD.match(item)
        or _ORDINARY.match(item)
        or _A_NAME.match(item)
    )


def _small(item: str) -> str:
    """An item within a sentence."""
    return _lowered(item) if _LITTLE_WORD.match(item) or _ORDINARY.match(item) else item


def _lowered(item: str) -> str:
    return item[:1].lower() + item[1:]


def _is_short(item: str) -> bool:
    return 2 < len(item) <= _LONGEST_ITEM and not _ENDS.search(item) and ":" not in item and LOST not in item


def _listed(items: Sequence[str]) -> str:
    items = [re.sub(r"(?:,|;)? and$", "", item) for item in items]
    many = len(items) > 2
    separator = "; " if any("," in item or (many and len(item) > 50) for item in items) else ", "
    last = items[-1] if items[-1].startswith("and ") else f"and {items[-1]}"
    return separator.join(items[:-1]) + (separator if separator == "; " else " ") + last
