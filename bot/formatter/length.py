"""How long X counts a text: weighted characters after NFC, a link as 23 whatever its length.

The numbers are those of twitter-text's configuration v3 (2018), which X's own documentation still gives (2026-11-20).
"""

import re
import unicodedata

from bot.formatter import emoji
from bot.formatter.links import links

LIMIT = 280
LINK_WEIGHT = 23
EMOJI_WEIGHT = 2

# Every code point weighs 2 but those in these ranges, which weigh 1.
_HEAVY = re.compile("[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
# Emoji by themselves, but in a range of light characters.
_LIGHT_EMOJI = re.compile("[©®]")


def weighted_length(text: str, *, joined_emoji: bool = True) -> int:
    """The length that X holds against `LIMIT`. Linear in the text.

    joined_emoji: count an emoji of several code points as one, as X does since configuration v3; v2 did not.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = text.replace("\r\n", "\n")
    length = 0
    end = 0
    for link in links(text):
        length += _plain(text[end : link.start], joined_emoji) + LINK_WEIGHT
        end = link.end
    return length + _plain(text[end:] if end else text, joined_emoji)


def _plain(text: str, joined_emoji: bool) -> int:
    """The weight of a text without links."""
    if text.isascii():
        return len(text)
    weight = _by_code_point(text)
    if joined_emoji:
        weight += text.count("©") + text.count("®")
        weight -= sum(_excess(text[start:end]) for start, end in emoji.sequences(text))
    return weight


def _by_code_point(text: str) -> int:
    return len(text) + len(_HEAVY.findall(text))


def _excess(sequence: str) -> int:
    """What counting by code point makes of one emoji beyond its weight."""
    return _by_code_point(sequence) + len(_LIGHT_EMOJI.findall(sequence)) - EMOJI_WEIGHT


def without_links(text: str) -> str:
    """`text` with every bare name that X would link - `README.md` - broken: its dots become the one-dot leader "․"."""
    found = links(text)
    for link in reversed(found):
        text = text[: link.start] + text[link.start : link.end].replace(".", "․") + text[link.end :]
    return text
