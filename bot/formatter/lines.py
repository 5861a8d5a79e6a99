"""Line breaks that mean something. Markdown joins the lines of a paragraph; some notes are typed line by line: there
a new line is a new sentence, and a bold line a heading."""

import re
from collections.abc import Sequence
from itertools import pairwise

from markdown_it.token import Token

from bot.formatter.leads import is_label

# Wider than any text that an editor wraps: who writes such lines breaks them on purpose.
_WIDEST_WRAPPED = 125
_FEWEST_LINES = 3
_BULLET = re.compile(r"[*+•-] (?=\S)")
_BEGINS = re.compile(r"[“\"'‘(]?[A-Z\d]")
_ENDS = re.compile(r"(?:[a-z]|[)\]”\"’])$")
_GOES_ON = re.compile(
    r"\b(?:an?|the|and|or|but|of|to|in|on|at|by|for|with|from|as|is|are|was|were|be|that|which|than|this|these|their|its|we"
    r"|they|using|via|like|see|between|into|over|under|both|such|et|de|van|von|without|against|through|about|when|after"
    r"|before|several|many|some|all|only|[A-Z]\w*)$"
)
# How the sentence of a wide line begins; a name may as well go on with it.
_SURELY_BEGINS = re.compile(
    r"(?:The|This|These|Those|They|We|It|In|On|However|So|Here|Overall|Finally|Also|Note|There|Thus|But|If|For|An?|Each|To"
    r"|When|By|With|As|At|Our|Their|Its|All|Both|Some|Many|One|Another) [a-z]"
)
# Wrapped lines are about as long as each other; those that somebody ended are not.
_UNEVEN = 1.5


def without_bullet(words: str) -> str:
    """A line without the mark of a list that stands too deep to be one."""
    return _BULLET.sub("", words, count=1)


def breaks(children: Sequence[Token]) -> frozenset[int]:
    """The places of those line breaks among inline tokens that end a sentence."""
    ends = [place for place, child in enumerate(children) if child.type == "softbreak"]
    if not ends:
        return frozenset()
    starts = [0, *(place + 1 for place in ends)]
    lines = ["".join(child.content for child in children[a:b]) for a, b in zip(starts, [*ends, None], strict=True)]
    lengths = [len(line) for line in lines[:-1]]
    uneven = max(lengths) >= _UNEVEN * min(lengths)
    typed = len(lines) >= _FEWEST_LINES and uneven and all(map(_BEGINS.match, lines))
    found = {
        place
        for place, (line, after) in zip(ends, pairwise(lines), strict=True)
        if _BULLET.match(after) or (_ends_here(line) and (typed or _is_wide(line, after)))
    }
    if _is_a_bold_label(children[: ends[0]]) and _BEGINS.match(lines[1]):
        found.add(ends[0])
    return frozenset(found)


def _ends_here(line: str) -> bool:
    """Whether a sentence without its full stop may end with the line."""
    return bool(_ENDS.search(line) and not _GOES_ON.search(line[-30:]))


def _is_wide(line: str, after: str) -> bool:
    return len(line) > _WIDEST_WRAPPED and _SURELY_BEGINS.match(after) is not None


def _is_a_bold_label(line: Sequence[Token]) -> bool:
    shown = [child for child in line if child.type != "text" or child.content.strip()]
    return [child.type for child in shown] == ["strong_open", "text", "strong_close"] and is_label(shown[1].content)
