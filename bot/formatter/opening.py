"""What opens a post: the best sentence that fits, whole or shortened, with those it leans on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from bot.formatter import knowledge, references, shorten
from bot.formatter.analysis import Sentence
from bot.formatter.room import Room, score

_SUPPORT_COSTS = 0.4
_LOST_COSTS = 0.6
_LONGEST_SUPPORT, _WORTH_SUPPORTING = 3, -1.5
# The least that an opening must be worth, and where there is none, for more than the title alone to stand: of the
# sentences worth so little, readers would still send one in five.
_WORTH_TRYING, _WORTH_MORE_THAN_NOTHING = -1.7, -4.0
# The least that a next sentence must be worth for its beginning to stand, and what a cut may cost then.
_WORTH_HALF, _MILD_CUT = 1.0, 6.2
# With so much news an opening needs no half of the next.
_PLENTY = 10
# How many shorter versions of one that has no room.
_VERSIONS = 2
# How many openings are tried with what would stand beside them.
_FEW = 4
# From so much on a sentence may stand without the one that it leans on.
_LEANING_ALONE = 1.3


@dataclass(frozen=True, slots=True)
class Opening:
    """A sentence to start from, with those it leans on. value: what it is worth, in points."""

    value: float
    group: tuple[Sentence, ...]
    shortened: shorten.Shortened | None = None


class Openings:
    """The sentences that could open a post in a room."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._most_gained = max((one.alone for one in room.fit), default=0.0)

    def kinds(self) -> Iterator[tuple[float, Sequence[Opening]]]:
        """What could open the post, in kinds, the better kind first: the least that one must be worth, and the best
        few."""
        yield _WORTH_TRYING, self._few(_WORTH_TRYING, lambda one: not one.complains)
        yield _WORTH_MORE_THAN_NOTHING, self._few(_WORTH_MORE_THAN_NOTHING, _has_nothing_against_it)

    def _few(self, least: float, may: Callable[[Sentence], bool]) -> list[Opening]:
        """The best few openings worth more than `least`, of the sentences that may open a post at all."""
        found: list[Opening] = []
        for sentence in self._room.fit:
            bar = least if len(found) < _FEW else found[_FEW - 1].value
            if score(sentence) + max(0.0, self._most_gained) <= bar:
                break
            # What leans may stand behind others, and is then worth what they are alone.
            if may(sentence) and (sentence.leans or score(sentence) + sentence.alone > bar):
                found += [option for option in self._options(sentence) if option.value > bar]
                found.sort(key=lambda option: -option.value)
        return found[:_FEW]

    def _options(self, sentence: Sentence) -> Iterator[Opening]:
        """The sentence as an opening, with what it leans on, shortened if it must be."""
        group = self._supported(sentence)
        if sentence.leans and len(group) != 1 and self._may_stand_without_it(sentence):
            yield from self._options_of((sentence,))
        if not group:
            if pointer := self._before_the_pointer(sentence):
                yield pointer
            return
        yield from self._options_of(group)

    def _may_stand_without_it(self, sentence: Sentence) -> bool:
        """Whether a sentence that leans does so only by its first words, and is good enough to open by itself."""
        return score(sentence) + sentence.alone >= _LEANING_ALONE and references.begins_with_its_own_ground(
            sentence.opened.lower(), self._room.known
        )

    def _options_of(self, group: tuple[Sentence, ...]) -> Iterator[Opening]:
        sentence = group[-1]
        text = self._room.written(group)
        alone = sentence.alone - (_LOST_COSTS if len(group) > 1 and group[0].lost else 0.0)
        value = score(sentence) + alone - _SUPPORT_COSTS * (len(group) - 1)
        if self._room.fits(text):
            yield Opening(value, group)
            return
        if len(group) == 1:
            fitting = (one for one in self._room.versions(sentence) if self._room.fits(one.sentence.opened))
            for version in islice(fitting, _VERSIONS):
                yield Opening(value - version.cost, (version.sentence,))
            if shortened := self._room.shortened(group):
                yield Opening(value - shortened.cost, group, shortened)

    def _with_its_next(self, sentence: Sentence) -> tuple[Sentence, ...]:
        """The sentence and the one that goes on from it; empty if that one is no good."""
        after = self._room.sentences[sentence.place + 1 : sentence.place + 2]
        return (sentence, after[0]) if after and after[0].follows and after[0].usable else ()

    def with_half_of_its_next(self, opening: Opening) -> Opening | None:
        """A sentence that says too little, with the beginning of the next one; only if that is good and the cut mild,
        unless it would say nothing else."""
        sentence = opening.group[0]
        group = self._with_its_next(sentence)
        if not group or len(self._room.news((sentence,))) >= _PLENTY or self._room.fits(self._room.written(group)):
            return None
        nothing_else = knowledge.says_little(sentence.opened, self._room.known)
        if score(group[-1]) < _WORTH_HALF and not nothing_else:
            return None
        short = self._room.shortened(group)
        if short is None or (short.cost >= _MILD_CUT and not nothing_else):
            return None
        return Opening(opening.value - short.cost / 2, group, short)

    def _before_the_pointer(self, sentence: Sentence) -> Opening | None:
        """A sentence that points at one which cannot be sent, shortened to what stands before that."""
        shortened = shorten.closest_fit(
            sentence.opened,
            lambda text: (
                self._room.fits(text)
                and not references.leans(text.lower(), self._room.known)
                and not knowledge.says_little(text, self._room.known)
            ),
        )
        if shortened is None:
            return None
        return Opening(score(sentence) + sentence.alone - shortened.cost, (sentence,), shortened)

    def _supported(self, sentence: Sentence) -> tuple[Sentence, ...]:
        """The sentence, behind those it leans on; empty if one of them is missing or unfit."""
        group = [sentence]
        while group[0].leans:
            before = self._room.sentences[group[0].place - 1] if group[0].place and group[0].follows else None
            if before is None or score(before) < _WORTH_SUPPORTING or len(group) == _LONGEST_SUPPORT:
                return ()
            group.insert(0, before)
        return () if len(group) > 1 and group[0].barred else tuple(group)


def _has_nothing_against_it(sentence: Sentence) -> bool:
    """Whether a sentence that says little is no complaint at least, and can be understood."""
    return not (sentence.doubted or sentence.lost)
