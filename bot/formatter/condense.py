"""The excerpt of a post: which sentences, for the room there is.

The best sentence comes first, whole or shortened: shortening costs it points, so that a good sentence that fits beats
a better one that has to be cut. Then more are added while there is room, in the text's order; a sentence that leans
on the one before comes only together with it.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.formatter import shorten, signals
from bot.formatter.judge import Analysis, Sentence

# What a further sentence must be worth; less while the post has few. Standing right behind a chosen one is worth
# something, and in one paragraph standing elsewhere costs, for there the gap does not show.
_WORTH_ADDING = 1.7
_WORTH_ADDING_AT_FIRST = 0.8
_FEW, _FEW_IN_PARAGRAPHS = 2, 3
_BESIDE = 1.5
_APART = -0.9
_SUPPORT_COSTS = 0.4
_LONGEST_SUPPORT = 3


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What stands in the post. places: of the sentences used. how: what was done to make it fit, in words."""

    text: str
    places: tuple[int, ...] = ()
    how: str = ""


NOTHING = Excerpt("")


@dataclass(frozen=True, slots=True)
class _Opening:
    """A sentence to start from, with those it leans on."""

    value: float
    group: tuple[Sentence, ...]
    shortened: shorten.Shortened | None = None


class Chooser:
    """Chooses sentences of one text for one room. fits: whether a text has room. most: sentences."""

    def __init__(self, analysis: Analysis, fits: Callable[[str], bool], *, most: int, paragraphs: bool) -> None:
        self._all = analysis.sentences
        self._usable = sorted((one for one in self._all if one.usable), key=lambda one: (-_score(one), one.place))
        self._fits, self._most, self._paragraphs = fits, most, paragraphs
        self._at_first = _FEW_IN_PARAGRAPHS if paragraphs else _FEW

    def excerpt(self) -> Excerpt:
        opening = self._opening()
        if opening is None:
            return NOTHING
        if opening.shortened is not None:
            return Excerpt(opening.shortened.text, (opening.group[0].place,), opening.shortened.how)
        chosen = self._filled(opening.group)
        return Excerpt(self._written(chosen), tuple(one.place for one in chosen))

    def _opening(self) -> _Opening | None:
        best: _Opening | None = None
        for sentence in self._usable:
            if best is not None and _score(sentence) <= best.value:
                break
            option = self._option(sentence)
            if option is not None and (best is None or option.value > best.value):
                best = option
        return best

    def _option(self, sentence: Sentence) -> _Opening | None:
        group = self._supported(sentence)
        if not group:
            return self._before_the_pointer(sentence)
        text = self._written(group)
        if self._fits(text):
            return _Opening(_score(sentence) - _SUPPORT_COSTS * (len(group) - 1), group)
        shortened = shorten.closest_fit(text, self._fits) if len(group) == 1 else None
        return None if shortened is None else _Opening(_score(sentence) - shortened.cost, group, shortened)

    def _before_the_pointer(self, sentence: Sentence) -> _Opening | None:
        """A sentence that points at one which cannot be sent, shortened to what stands before that."""
        shortened = shorten.closest_fit(
            signals.standing_alone(sentence.text), lambda text: self._fits(text) and not signals.leans(text.lower())
        )
        return None if shortened is None else _Opening(_score(sentence) - shortened.cost, (sentence,), shortened)

    def _supported(self, sentence: Sentence) -> tuple[Sentence, ...]:
        """The sentence, behind those it leans on; empty if one of them is missing or unfit."""
        group = [sentence]
        while group[0].leans:
            before = self._all[group[0].place - 1] if group[0].place and group[0].follows else None
            if before is None or not before.usable or len(group) == _LONGEST_SUPPORT:
                return ()
            group.insert(0, before)
        return tuple(group)

    def _filled(self, chosen: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
        """More sentences while there is room: the best first, those beside a chosen one before others."""
        while len(chosen) < self._most:
            larger = next(self._larger(chosen), None)
            if larger is None:
                break
            chosen = larger
        return chosen

    def _larger(self, chosen: tuple[Sentence, ...]) -> Iterator[tuple[Sentence, ...]]:
        places = {one.place for one in chosen}
        least = _WORTH_ADDING_AT_FIRST if len(chosen) < self._at_first else _WORTH_ADDING
        worth = {one: _score(one) + self._beside(one, places) for one in self._usable}
        for sentence in sorted(self._usable, key=lambda one: (-worth[one], one.place)):
            if sentence.place in places or worth[sentence] < least:
                continue
            added = [one for one in self._supported(sentence) if one.place not in places]
            larger = tuple(sorted((*chosen, *added), key=lambda one: one.place))
            if added and len(larger) <= self._most and self._fits(self._written(larger)):
                yield larger

    def _beside(self, sentence: Sentence, places: set[int]) -> float:
        """What standing right behind a chosen sentence is worth; in one paragraph, not to stand there costs."""
        if sentence.follows and sentence.place - 1 in places:
            return _BESIDE
        return 0.0 if self._paragraphs else _APART

    def _written(self, chosen: Sequence[Sentence]) -> str:
        """Sentences as text; in paragraphs, a new one begins where the text was left out."""
        parts: list[str] = []
        for before, sentence in zip((None, *chosen), chosen, strict=False):
            adjoining = before is not None and before.place == sentence.place - 1 and sentence.follows
            if before is not None:
                parts.append("\n\n" if self._paragraphs and not adjoining else " ")
            parts.append(_closed(sentence.text if adjoining else signals.standing_alone(sentence.text)))
        return "".join(parts)


def _score(sentence: Sentence) -> float:
    return -math.inf if sentence.score is None else sentence.score


def _closed(text: str) -> str:
    """The sentence without a bracket that is never closed."""
    return shorten.without_asides(text) if text.count("(") > text.count(")") else text
