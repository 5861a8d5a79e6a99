"""The excerpt of a post: which sentences, for the room there is.

It opens with the best sentence, whole or shortened: shortening costs points, so that a good sentence that fits beats
a better one that has to be cut. A sentence that leans on the one before comes together with it. Then the text goes on
as its author wrote it, as long as what follows is worth reading; from elsewhere comes only what says by itself what
the paper does or finds, and takes nothing as known that the post has not named. Few coherent sentences are better
than many.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.formatter import knowledge
from bot.formatter.judge import Analysis, Sentence
from bot.formatter.opening import ENOUGH_NEW, Openings
from bot.formatter.room import Room, score

# The least that a further sentence must be worth: right behind a chosen one, right before, and anywhere else; more
# once the post has some.
_FEW, _FEW_IN_PARAGRAPHS = 2, 3
_BEHIND, _BEHIND_MANY = 0.2, 1.2
_BEFORE = 0.0
_ELSEWHERE, _ELSEWHERE_NAMED, _ELSEWHERE_MANY = 2.4, 1.4, 2.9
# In one paragraph the gap does not show.
_GAP_IN_PARAGRAPH = 0.9
# What standing there is worth beside that, when one is to be chosen.
_GOES_ON = 1.5
_UNKNOWN_COSTS = 0.4
# What its leaning took off its score: behind its predecessor it is no fault.
_LEANS_WELL = 0.5
_SYMBOLS_COST, _MANY_SYMBOLS = 0.8, 2
# The least that a sentence must be worth beside others that say hardly more than the title.
_BESIDE_LITTLE = 0.0
# What the beginning of the writer's own short version is worth as an opening.
_OF_A_DIGEST = 6.0
# With fewer words that the title has not it says too little, and the rest of the text is asked as well.
_ENOUGH_FOR_A_DIGEST = 5
# Share of the words of the shorter of two sentences from which on they say the same.
_ALIKE = 0.6
_LATEST_SUBJECT = 2
_LATEST_INTRODUCTION, _LONGEST_INTRODUCTION = 2, 2


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What stands in the post. places: of the sentences used. how: what was done to make it fit, in words. value: what
    its opening is worth, to be compared with that of another room."""

    text: str
    places: tuple[int, ...] = ()
    how: str = ""
    value: float = -math.inf


NOTHING = Excerpt("")


class Chooser:
    """Chooses sentences of one text for one room. fits: whether a text has room. most: sentences."""

    def __init__(self, analysis: Analysis, fits: Callable[[str], bool], *, most: int, paragraphs: bool) -> None:
        self._room = Room(analysis, fits, paragraphs=paragraphs)
        self._most = most
        self._stems: dict[int, frozenset[str]] = {}
        self._few = _FEW_IN_PARAGRAPHS if paragraphs else _FEW

    def excerpt(self) -> Excerpt:
        return self._digest() or self._best()

    def _digest(self) -> Excerpt | None:
        """The beginning of the writer's own short version, if the text has one that can be sent."""
        own = [one for one in self._room.sentences if one.digest]
        if len(own) > 1 and not own[0].opens and own[1].opens and own[1].of_authors and not own[0].of_authors:
            return self._from_its_beginning(own) or self._from_its_beginning(own[1:])
        return self._from_its_beginning(own)

    def _from_its_beginning(self, own: Sequence[Sentence]) -> Excerpt | None:
        """As much of the short version as fits, from its first sentence on; nothing if that cannot be sent."""
        if not own or own[0].score is None or (own[0].leans and own[0].place):
            return None
        group = self._contiguous(own)
        if group and knowledge.new_words(self._room.written(group), self._room.known) >= _ENOUGH_FOR_A_DIGEST:
            # One line is short even for a short version.
            return self._excerpt(self._filled(group) if len(own) == 1 else group, _OF_A_DIGEST)
        more = tuple(own[: len(group) + 1])
        if len(more) > len(group) and (shortened := self._room.shortened(more)):
            places = tuple(one.place for one in more)
            return Excerpt(shortened.text, places, shortened.how, _OF_A_DIGEST - shortened.cost)
        if not group or any(one.opens for one in own[len(group) :]):
            return None
        return self._excerpt(self._filled(group) if len(own) == 1 else group, _OF_A_DIGEST)

    def _excerpt(self, chosen: Sequence[Sentence], value: float) -> Excerpt:
        return Excerpt(self._room.written(chosen), tuple(one.place for one in chosen), value=value)

    def _contiguous(self, own: Sequence[Sentence]) -> tuple[Sentence, ...]:
        """As many of the first sentences as fit, and not half of a procedure."""
        group: tuple[Sentence, ...] = ()
        for one in own[: self._most]:
            if one.score is None or not self._room.fits(self._room.written((*group, one))):
                break
            group = (*group, one)
        while len(group) > 1 and group[-1].unfinished:
            group = group[:-1]
        return group

    def _best(self) -> Excerpt:
        opening = Openings(self._room).best()
        if opening is None:
            return NOTHING
        if opening.shortened is not None:
            places = tuple(one.place for one in opening.group)
            return Excerpt(opening.shortened.text, places, opening.shortened.how, opening.value)
        return self._excerpt(self._filled((*self._introduced(opening.group), *opening.group)), opening.value)

    def _filled(self, chosen: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
        """More sentences while there is room: first what goes on from the chosen ones, then others; as long as all
        together say little, also what is worth less."""
        for further in (self._further, self._anything_more):
            while len(chosen) < self._most and (larger := self._with_one_more(chosen, further(chosen))):
                chosen = larger
        return chosen

    def _with_one_more(
        self, chosen: tuple[Sentence, ...], options: Iterable[tuple[float, Sentence]]
    ) -> tuple[Sentence, ...] | None:
        """The chosen ones and the best of `options` that has room, with what it begins; None if there is none."""
        ordered = sorted(options, key=lambda option: (-option[0], option[1].place))
        new = (one for _, one in ordered if not any(self._alike(one, other) for other in chosen))
        longer = (tuple(sorted((*chosen, *more), key=lambda one: one.place)) for more in map(self._whole, new))
        return next((group for group in longer if self._makes_sense(group)), None)

    def _anything_more(self, chosen: Sequence[Sentence]) -> Iterator[tuple[float, Sentence]]:
        """What could come beside sentences that say hardly more than the title: whole, readable there, no complaint."""
        if knowledge.new_words(self._room.written(chosen), self._room.known) >= ENOUGH_NEW:
            return
        places = {one.place for one in chosen}
        for sentence in self._room.usable:
            behind = sentence.follows and sentence.place - 1 in places
            alone = not (sentence.leans or sentence.lost or sentence.barred) and (sentence.claims or sentence.named)
            if (
                sentence.place > chosen[0].place
                and sentence.place not in places
                and (behind or alone)
                and not (sentence.doubted or knowledge.symbols(sentence.text))
                and (worth := score(sentence) + (_GOES_ON if behind else sentence.alone)) >= _BESIDE_LITTLE
            ):
                yield worth, sentence

    def _makes_sense(self, group: tuple[Sentence, ...]) -> bool:
        """Whether the group has room, and nothing unfit in it."""
        return all(one.score is not None for one in group) and self._room.fits(self._room.written(group))

    def _whole(self, sentence: Sentence) -> tuple[Sentence, ...]:
        """The sentence with the next one, if that takes up what this one begins."""
        return tuple(self._room.sentences[sentence.place : sentence.place + (2 if sentence.unfinished else 1)])

    def _further(self, chosen: tuple[Sentence, ...]) -> Iterator[tuple[float, Sentence]]:
        """Sentences that could come next, each with its worth there."""
        places = {one.place for one in chosen}
        many = len(chosen) >= self._few
        for sentence in self._room.usable:
            if sentence.place in places:
                continue
            if sentence.follows and sentence.place - 1 in places:
                worth = self._worth_behind(sentence, chosen)
                if knowledge.symbols(sentence.text) < _MANY_SYMBOLS and worth >= (_BEHIND_MANY if many else _BEHIND):
                    yield worth + _GOES_ON, sentence
            elif self._stands_elsewhere(sentence, chosen, many=many):
                yield score(sentence) + sentence.alone, sentence

    def _alike(self, one: Sentence, other: Sentence) -> bool:
        """Whether two sentences say the same, by the words that are not the title's."""
        words, others = (
            {stem for stem in self._stems_of(each) if len(stem) > 3 and stem not in self._room.known}
            for each in (one, other)
        )
        return len(words & others) >= _ALIKE * max(1, min(len(words), len(others)))

    def _stems_of(self, sentence: Sentence) -> frozenset[str]:
        if sentence.place not in self._stems:
            self._stems[sentence.place] = frozenset(knowledge.stems(sentence.text))
        return self._stems[sentence.place]

    def _worth_behind(self, sentence: Sentence, chosen: Sequence[Sentence]) -> float:
        unknown = len(knowledge.unmet(sentence.text, self._known_after(chosen, sentence.place)))
        costs = _UNKNOWN_COSTS * unknown + _SYMBOLS_COST * knowledge.symbols(sentence.text)
        return score(sentence) + (_LEANS_WELL if sentence.leans else 0.0) - costs

    def _introduced(self, chosen: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
        """The sentences right before that name the problem which the opening solves; empty if they are no good."""
        first = chosen[0].place if self._room.paragraphs else 0
        for start in range(max(0, first - _LONGEST_INTRODUCTION), first):
            introduction = self._room.sentences[start:first]
            if (
                start <= _LATEST_INTRODUCTION
                and all(one.score is None for one in self._room.sentences[:start])
                and all(one.follows for one in (*introduction[1:], chosen[0]))
                and all(score(one) >= _BEFORE and not knowledge.symbols(one.text) for one in introduction)
                and not introduction[0].leans
                and not introduction[0].barred
                and not knowledge.unmet(introduction[0].opened, self._room.known)
                and self._room.fits(self._room.written((*introduction, *chosen)))
            ):
                return introduction
        return ()

    def _stands_elsewhere(self, sentence: Sentence, chosen: Sequence[Sentence], *, many: bool) -> bool:
        """Whether it can be read far from its neighbours, and says enough for that."""
        least = (_ELSEWHERE_MANY if many else _ELSEWHERE_NAMED if sentence.named else _ELSEWHERE) + (
            0.0 if self._room.paragraphs else _GAP_IN_PARAGRAPH
        )
        return (
            sentence.claims
            and (sentence.acts or sentence.named)
            and not sentence.deep
            and (sentence.place > chosen[0].place or sentence.place < _LATEST_SUBJECT)
            and not sentence.leans
            and score(sentence) >= least
            and not sentence.barred
            and not knowledge.symbols(sentence.text)
            and not knowledge.says_little(sentence.opened, self._room.known)
            and not knowledge.unmet(sentence.opened, self._known_after(chosen, sentence.place))
        )

    def _known_after(self, chosen: Sequence[Sentence], place: int) -> frozenset[str]:
        """Stems of what the reader has met when the sentence at `place` comes."""
        return self._room.known.union(*(self._stems_of(one) for one in chosen if one.place < place))
