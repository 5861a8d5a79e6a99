"""What readers would send. They marked the sentences of public notes; what can be told of a sentence weighs as much as
it told apart what they would send from what they would not.

Two questions were asked of a sentence: may it open a post, and may it stand beside others? The rules give the marks and
their own guess at both; `weights` corrects it, in the same points.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter

from bot.formatter import form
from bot.formatter.analysis import Sentence
from bot.formatter.weights import ANY, WEIGHTS

_WORD = re.compile(r"[a-z][a-z'’-]*|\d+|[^\w\s]")
# Of the beginning so many words are looked at, and so many characters.
_FIRST_WORDS, _BEGINNING = (1, 2, 3), 60
# Below this a score says no more, beyond so many characters a length; so many places further on it is a third as early.
# The weights are of these: who changes them weighs anew.
_LOWEST_SCORE, _LONGEST, _EARLY = -6.0, 400, 4
_FLAGS = tuple(
    "leans follows lost claims named acts barred digest deep unfinished of_authors doubted motive finds proposes"
    " titled".split()
)
_flags_of = attrgetter(*_FLAGS)
_HEADING, _UNMET = "stands under", "alone: takes as known"
# What each word costs that nobody has named: so they can be counted again.
EACH_UNMET_COSTS = 1.1


def judged(sentence: Sentence, title: str) -> Sentence:
    """A sentence with what readers would make of it; an unfit one as it is."""
    if sentence.score is None:
        return sentence
    opening, beside = ANY
    for mark, amount in marks(sentence, title):
        if mark in WEIGHTS:
            alone, among = WEIGHTS[mark]
            opening += amount * alone
            beside += amount * among
    score, alone = round(beside, 2), round(opening - beside, 2)
    signs = (
        ("as readers took the like", round(score - sentence.score, 2)),
        ("alone: as readers took the like", round(alone - sentence.alone, 2)),
    )
    return replace(sentence, score=score, alone=alone, signs=(*sentence.signs, *signs))


def marks(sentence: Sentence, title: str) -> Iterator[tuple[str, float]]:
    """What can be told of a fit sentence, and how much of it there is: one, or a number where there is more or less."""
    for name, weight in sentence.signs:
        if name.startswith(_HEADING):
            yield _HEADING, weight or 0.0
        elif name.startswith(_UNMET):
            yield _UNMET, (weight or 0.0) / -EACH_UNMET_COSTS
        else:
            yield name, 1.0
    for flag, holds in zip(_FLAGS, _flags_of(sentence), strict=True):
        if holds:
            yield flag, 1.0
    lower = sentence.opened.lower()
    words, titled = form.content(lower), form.content(title)
    yield "the rules' score", max(_LOWEST_SCORE, sentence.score or 0.0)
    yield "the rules' score alone", max(_LOWEST_SCORE, sentence.alone)
    yield "early", math.exp(-sentence.place / _EARLY)
    yield "late", math.log1p(sentence.place)
    yield "hundreds of characters", min(len(lower), _LONGEST) / 100
    yield "share of the title", len(words & titled) / max(1, len(titled))
    yield "share that the title has", len(words & titled) / max(1, len(words))
    name, colon, _ = title.lower().partition(":")
    if colon and name and re.search(rf"\b{re.escape(name)}\b", lower):
        yield "the name in the title", 1.0
    beginning = _WORD.findall(lower[:_BEGINNING])
    for count in _FIRST_WORDS:
        if len(beginning) >= count:
            yield "begins: " + " ".join(beginning[:count]), 1.0
