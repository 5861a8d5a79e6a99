"""Addresses and bare names: a post holds one link, its own."""

import re

from bot.formatter.characters import LOST

_ADDRESS = re.compile(r"<?\b(?:https?://|ftp://|www\.)[^\s<>\"\ue000-\ue00f]{1,2000}", re.IGNORECASE)
_IMAGE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|bmp)(?:\?\S*)?$|^https?://(?:i\.)?imgur\.com/", re.IGNORECASE)
_LEANING = re.compile(
    r"(?:\b(?:at|in|on|from|via|see|here|visit|under|to|of|by|code|paper|project|github|website|demo|video|link|blog|page)\b:?|[:=])"
    r"\s*[(\[<]?$",
    re.IGNORECASE,
)
_LOST_STOP = re.compile(r"([.?!])(?=[A-Z][a-z]*\b(?!\())(?<=[a-z0-9)\]%’”\"].)(?<!\b[a-z].)")
_CODE_LIKE = re.compile(r"\b(?:torch|tf|np|nn|keras|numpy|scipy|math|self|java|org|com|net)\.$", re.IGNORECASE)


def is_image(address: str) -> bool:
    """Whether `address` is a picture's."""
    return bool(_IMAGE.search(address))


def without_addresses(text: str) -> str:
    """`text` without addresses; where a sentence leans on one, `LOST` stands in its place."""
    if "://" not in text and "www." not in text.lower():
        return text
    parts: list[str] = []
    position = 0
    for found in _ADDRESS.finditer(text):
        address = found.group().rstrip(".,;:!?)]>'*")
        before = text[position : found.start()]
        parts.append(before)
        parts.append(LOST if _LEANING.search(before[-40:]) and not is_image(address) else "")
        position = found.start() + len(address) + (found.group()[len(address) :].startswith(">"))
    parts.append(text[position:])
    return "".join(parts)


def addresses(text: str) -> list[str]:
    """The addresses written out in `text`."""
    if "://" not in text and "www." not in text.lower():
        return []
    return [found.group().strip("<").rstrip(".,;:!?)]>'*") for found in _ADDRESS.finditer(text)]


def with_lost_spaces(text: str) -> str:
    """`text` with the space put back after a full stop: "proposals.They" would be a link on X."""
    return _LOST_STOP.sub(_put_back, text)


def _put_back(found: re.Match[str]) -> str:
    head = found.string[max(0, found.start() - 12) : found.start() + 1]
    return found.group() if _CODE_LIKE.search(head) else f"{found[1]} "
