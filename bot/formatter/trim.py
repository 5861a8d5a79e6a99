"""Shorter whole versions of a sentence: something at its beginning, inside it or at its end is left out, as a
good editor would.

What is left is what the author wrote, word for word, and as true: nothing goes that a claim depends on ("if", "only",
"not", "on MNIST"). Where words alone cannot tell the grammar, nothing is offered. Two parts may go: each version is
asked again, as if it were the sentence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.formatter import trim_beginning, trim_brackets, trim_end, trim_inside
from bot.formatter.cuts import SHORTEST, Cut


@dataclass(frozen=True, slots=True)
class Trimmed:
    """A sentence made shorter that is still a whole one. cost: in points, what that takes off its score. how: in
    words, for the operator."""

    text: str
    cost: float
    how: str


# How many versions are offered.
_MOST = 8
# With fewer words a version says little: what each word costs that is missing, and how many may.
_FEW_WORDS, _MISSING_COSTS, _MOST_MISSING, _A_LOSS = 8, 0.15, 3, 0.3
_ENDED = re.compile(r"[.!][\"”’')\]]*$")
_CAN_BEGIN = re.compile(r"[a-z]{2,}\b(?![\d-])|[^a-z]")


def trimmed(sentence: str) -> list[Trimmed]:
    """Shorter versions of a plain-text sentence, each whole, the one that loses least first."""
    if len(sentence) < SHORTEST or not _ENDED.search(sentence):
        return []
    found: dict[str, Trimmed] = {}
    for first in islice(_once(sentence), _MOST):
        _keep(found, first)
        for second in _once(first.text):
            _keep(found, _both(first, second))
    versions = sorted(found.values(), key=lambda one: (one.cost, len(one.text)))
    return versions if len(versions) <= _MOST else list(_no_worse(versions))[:_MOST]


def _once(sentence: str) -> Iterator[Trimmed]:
    """The versions without one part, and the one without all that stands in brackets."""
    asides = list(trim_brackets.cuts(sentence)) if "(" in sentence else []
    if len(asides) > 1:
        yield _without_all(sentence, asides)
    for cut in (*asides, *_cuts(sentence)):
        before, after = sentence[: cut.start], sentence[cut.end :]
        if _torn(before, sentence[cut.start : cut.end]):
            continue
        text = _finished(before, after)
        missing = _FEW_WORDS - 1 - text.count(" ") if cut.cost >= _A_LOSS else 0
        if SHORTEST <= len(text) < len(sentence) and missing <= _MOST_MISSING and _CAN_BEGIN.match(text):
            yield Trimmed(text, round(cut.cost + _MISSING_COSTS * max(0, missing), 2), cut.how)


def _cuts(sentence: str) -> Iterator[Cut]:
    """All that could go by itself, but for what stands in brackets."""
    yield from trim_beginning.cuts(sentence)
    yield from trim_inside.cuts(sentence)
    yield from trim_end.cuts(sentence)


def _without_all(sentence: str, asides: list[Cut]) -> Trimmed:
    text = sentence
    for cut in reversed(asides):
        text = text[: cut.start] + text[cut.end :]
    return Trimmed(text, round(sum(cut.cost for cut in asides), 2), asides[0].how)


def _both(first: Trimmed, second: Trimmed) -> Trimmed:
    how = first.how if first.how == second.how else f"{first.how}, {second.how}"
    return Trimmed(second.text, round(first.cost + second.cost, 2), how)


def _keep(found: dict[str, Trimmed], version: Trimmed) -> None:
    if version.text not in found or version.cost < found[version.text].cost:
        found[version.text] = version


def _no_worse(versions: list[Trimmed]) -> Iterator[Trimmed]:
    """Those for which no shorter one costs less."""
    shortest = len(versions[0].text) + 1
    for one in versions:
        if len(one.text) < shortest:
            shortest = len(one.text)
            yield one


def _torn(before: str, gone: str) -> bool:
    """Whether a bracket or quotation would lose one of its ends, or a part of a quotation goes."""
    return (
        gone.count("(") != gone.count(")")
        or gone.count("[") != gone.count("]")
        or gone.count("“") != gone.count("”")
        or before.count("“") != before.count("”")
        or gone.count('"') % 2 == 1
        or before.count('"') % 2 == 1
    )


def _finished(before: str, after: str) -> str:
    """What is left, as a sentence: with a capital and a full stop."""
    if not before.strip():
        text = after.lstrip(" ,;:–—-")
        return text[:1].upper() + text[1:] if re.match(r"[a-z]{2,}\b(?![\d-])|a ", text) else text
    if not after.strip(" .!\"”’')"):
        text = before.rstrip(" ,;:–—-")
        return text if text.endswith((".", "!")) else text + "."
    return before + after
