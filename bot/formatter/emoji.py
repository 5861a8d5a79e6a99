"""Emoji of several code points: X counts each known one as a single character of weight 2.

The table ends with Unicode Emoji 12.0 on purpose. What is newer is counted code point by code point, which is the
larger of its two possible weights, so that a post fits whichever table X uses.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

_TONES = [chr(code) for code in range(0x1F3FB, 0x1F400)]
_ESCAPES = str.maketrans({"V": "\ufe0f", "Z": "\u200d", "K": "\u20e3"})
_TAG = re.compile(r"<([0-9a-f]{2})>")
# The second code point of every sequence is one of these, so that ordinary text costs one search.
_JOINT = re.compile("[\ufe0f\u200d\u20e3\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0061-\U000e007f]")


def sequences(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each known sequence in `text`, the longest at each place. Linear in the text."""
    position = 0
    while found := _JOINT.search(text, position + 1):
        position = found.start() - 1
        end = _longest(text, position)
        if end:
            yield position, end
        position = end or position + 1


def _longest(text: str, start: int) -> int:
    """Where the longest known sequence that starts here ends, or 0."""
    known, longest = _table()
    for end in range(min(start + longest, len(text)), start + 1, -1):
        if text[start:end] in known:
            return end
    return 0


@cache
def _table() -> tuple[frozenset[str], int]:
    """The sequences, and the number of code points of the longest one."""
    paragraphs = resources.files(__package__).joinpath("emoji.txt").read_text("utf-8").split("\n\n")
    words, flags = paragraphs[1].split(), paragraphs[2].split()
    known = {sequence for word in words for sequence in _toned(_decoded(word))}
    known |= {"".join(chr(ord(letter) - ord("A") + 0x1F1E6) for letter in flag) for flag in flags}
    return frozenset(known), max(map(len, known))


def _decoded(word: str) -> str:
    return _TAG.sub(lambda tag: chr(0xE0000 + int(tag[1], 16)), word.translate(_ESCAPES))


def _toned(sequence: str) -> list[str]:
    return [sequence.replace("T", tone) for tone in _TONES] if "T" in sequence else [sequence]
