"""What opens a post: the best sentence that fits, whole or shortened, with those it leans on."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from bot.formatter import knowledge, references, shorten
from bot.formatter.analysis import WORTH_OPENING, Sentence
from bot.formatter.room import Room, score

_SUPPORT_COSTS = 0.4
_LOST_COSTS = 1.0
_LONGEST_SUPPORT, _WORTH_SUPPORTING = 3, -1.5
# The least that a sentence must be worth that stands by itself, where nothing is worth opening a post.
_WORTH_MORE_THAN_NOTHING = -0.5
_LATEST_BY_ITSELF = 6
# The same in the last resort, what each place later takes off it, and the latest place of one about the paper.
# Set by reading 460 posts on 2026-11-21.
_WORTH_A_LAST_RESORT, _COMING_LATE_COSTS, _LATEST_OF_THE_PAPER = -2.4, 0.12, 20
# A motive without the deed is thin, too.
_MOTIVE_COSTS = 1.5
# What standing alone adds to a score at most.
_MOST_GAINED_ALONE = 2.4
# The least that a next sentence must be worth for its beginning to stand, and what a cut may cost then.
_WORTH_HALF, _MILD_CUT = 1.0, 3.0
# With so much news an opening needs no half of the next.
_PLENTY = 10
# How many shorter versions of one that has no room.
_VERSIONS = 2
# How many openings are tried with what would stand beside them.
_FEW = 4


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

    def kinds(self) -> Iterator[tuple[float, Sequence[Opening]]]:
        """What could open the post, in kinds, the better kind first: the least that one must be worth, and the best
        few."""
        yield WORTH_OPENING, self._few(WORTH_OPENING)
        yield _WORTH_MORE_THAN_NOTHING, self._few(_WORTH_MORE_THAN_NOTHING, self._stands_by_itself)
        last = self._last_resort()
        yield -math.inf, [] if last is None else [last]

    def _few(self, least: float, may: Callable[[Sentence], bool] = lambda _: True) -> list[Opening]:
        """The best few openings worth more than `least`."""
        found: list[Opening] = []
        for sentence in self._room.usable:
            bar = least if len(found) < _FEW else found[_FEW - 1].value
            if score(sentence) + _MOST_GAINED_ALONE <= bar:
                break
            # What leans may stand behind others, and is then worth what they are alone.
            if (sentence.leans or score(sentence) + sentence.alone > bar) and may(sentence):
                found += [option for option in self._options(sentence) if option.value > bar]
                found.sort(key=lambda option: -option.value)
        return found[:_FEW]

    def _last_resort(self) -> Opening | None:
        """The best of what can be read alone and has nothing against it, where else there would be only the title: a
        statement behind the problem it speaks of, shortened, or any whole sentence."""
        groups = ((one, self._supported(one)) for one in self._room.usable if one.states)
        shortened = [
            Opening(score(one) - short.cost, group, short)
            for one, group in groups
            if len(group) > 1
            and group[0].place <= _LATEST_BY_ITSELF
            and (short := self._room.shortened(group)) is not None
        ]
        if shortened:
            return max(shortened, key=lambda option: option.value)
        options = [option for one in self._room.usable if self._says_something(one) for option in self._options(one)]
        best = max(options, key=_as_a_last_resort, default=None)
        if best is not None and _as_a_last_resort(best) > _WORTH_A_LAST_RESORT:
            return best
        return self._phrase()

    def _phrase(self) -> Opening | None:
        """The first noun that says what the paper has, whole or without what stands in brackets."""
        for one in self._room.sentences:
            forms = (one, *(version.sentence for version in self._room.versions(one))) if one.phrase else ()
            if fitting := next((form for form in forms if self._room.fits(form.opened)), None):
                return Opening(0.0, (fitting,))
        return None

    def _says_something(self, sentence: Sentence) -> bool:
        """Whether it is a whole sentence that hangs on nothing, however little it says of the paper."""
        return (
            sentence.place <= (_LATEST_OF_THE_PAPER if sentence.acts or sentence.named else _LATEST_BY_ITSELF)
            and not (sentence.leans or sentence.lost or sentence.barred or sentence.doubted or sentence.deep)
            and not knowledge.symbols(sentence.opened)
            and not knowledge.says_little(sentence.opened, self._room.known)
        )

    def _stands_by_itself(self, sentence: Sentence) -> bool:
        """Whether nothing but its weight speaks against sending it where else there would be only the title."""
        return (
            sentence.claims
            and sentence.acts
            and sentence.place <= _LATEST_BY_ITSELF
            and not sentence.deep
            and not sentence.leans
            and not sentence.barred
            and not sentence.lost
            and not knowledge.symbols(sentence.opened)
        )

    def _options(self, sentence: Sentence) -> Iterator[Opening]:
        """The sentence as an opening, with what it leans on, shortened if it must be."""
        group = self._supported(sentence)
        if not group:
            if pointer := self._before_the_pointer(sentence):
                yield pointer
            return
        text = self._room.written(group)
        alone = sentence.alone if len(group) == 1 else max(-1.0, group[0].alone) / 2 - _LOST_COSTS * group[0].lost
        value = score(sentence) + alone - _SUPPORT_COSTS * (len(group) - 1) - _MOTIVE_COSTS * sentence.motive
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


def _as_a_last_resort(option: Opening) -> float:
    """What an opening that says little is worth: what comes late is of a part."""
    return option.value - _COMING_LATE_COSTS * option.group[0].place
