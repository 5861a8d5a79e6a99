"""What may go with the brackets that it stands in: a short form, or what only explains."""

import re
from collections.abc import Iterator

from bot.formatter.clauses import dangles
from bot.formatter.cuts import LIMITS, Cut, cost

_ASIDE = re.compile(r"[ \u00a0]\(((?:[^()]|\([^()]*\)){3,})\)(?=[ ,.;:!]|$)")
# What limits a claim or judges it, is a part of a formula, or is no aside: an acronym, the number of an item.
_NO_ASIDE = re.compile(
    r"[A-Z][\w-]{0,9}s?$|[ivx]+$|and not|\(?[\w-]{1,2}(?:, ?[\w-]{1,2})+\)?$"
    r"|(?:or|on|in|for|under|with|by|at|up to|about|approximately|roughly|nearly|almost|mostly|sometimes|usually"
    r"|often|typically|partially|some|optional(?:ly)?|as|to|of|from|over|per|during|where|along|depending|between"
    r"|across|among|within|against|before|after|relative|compared|w\.r\.t|\+|-|~|≈|<|>|\w+ly$)(?:\b|$|(?<=\W))"
    r"|.*(?:[=^|·∑∏∫∈≤≥→∞∂√]|\b(?:worse|behind|slightly|somewhat|a bit|very|too|bad|poor|slow|expensive)\b)",
    re.DOTALL,
)
_ONE_WORD = re.compile(r"[a-z-]+$")
_AND = re.compile(r"and .*", re.DOTALL)
_BEHIND_AN_AND = re.compile(r"[,.;:!]|$| (?:of|in|for|as|on|to|with|by|from|at|that|which)\b")
_ACRONYM = re.compile(r"([A-Z]{2,9})s?$")
_INITIAL = re.compile(r"(?<![A-Za-z])[A-Za-z]")


def cuts(sentence: str) -> Iterator[Cut]:
    """What stands in brackets and only explains."""
    for found in _ASIDE.finditer(sentence):
        if _is_a_short_form(sentence, found):
            yield Cut(found.start(), found.end(), 0.8, "without a short form")
        elif _only_explains(sentence, found):
            yield Cut(found.start(), found.end(), cost(0.25, 0.6, found), "without what stood in brackets")


def _is_a_short_form(sentence: str, found: re.Match[str]) -> bool:
    """Whether it is an acronym of the words before it, and not used later on."""
    acronym = _ACRONYM.match(found[1])
    return (
        acronym is not None
        and sentence.count(acronym[1]) == 1
        and acronym[1] in "".join(_INITIAL.findall(sentence[: found.start()])).upper()
    )


def _only_explains(sentence: str, found: re.Match[str]) -> bool:
    inner, behind = found[1], sentence[found.end() : found.end() + 3]
    if _NO_ASIDE.match(inner) or LIMITS.search(inner) or not sentence[found.start() - 1].isalnum():
        return False
    if _AND.match(inner) and not _BEHIND_AN_AND.match(sentence, found.end()):
        return False
    is_an_adjective = _ONE_WORD.match(inner) is not None and behind[:1] == " " and behind[1:2].islower()
    return not is_an_adjective and not behind.rstrip().endswith("(") and not dangles(sentence[: found.start()])
