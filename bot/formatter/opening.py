"""What opens a post: the best sentence that fits, whole or shortened, with those it leans on."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.formatter import knowledge, references, shorten
from bot.formatter.judge import WORTH_OPENING, Sentence
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
_MISSING_WORD_COSTS = 2.6
# An opening with fewer words that the title has not is thin: it takes the next sentence along if there is room, and
# each word too few costs; more where it hardly says anything else than the title.
ENOUGH_NEW, _THIN_COSTS = 10, 0.25
_HARDLY_NEW, _RESTATING_COSTS = 4, 1.0
# A motive without the deed is thin, too.
_MOTIVE_COSTS = 1.5
# What standing alone adds to a score at most.
_MOST_GAINED_ALONE = 2.4
# The least that a next sentence must be worth for its beginning to stand, and what a cut may cost then.
_WORTH_HALF, _MILD_CUT = 1.0, 3.0


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

    def best(self) -> Opening | None:
        """The one to take; None if only the title can stand."""
        return (
            self._opening(WORTH_OPENING)
            or self._opening(_WORTH_MORE_THAN_NOTHING, self._stands_by_itself)
            or self._last_resort()
        )

    def _opening(self, least: float, may: Callable[[Sentence], bool] = lambda _: True) -> Opening | None:
        """The best opening worth more than `least`."""
        best: Opening | None = None
        for sentence in self._room.usable:
            bar = least if best is None else best.value
            if score(sentence) + _MOST_GAINED_ALONE <= bar:
                break
            option = self._option(sentence) if may(sentence) else None
            if option is not None and option.value > bar:
                best = option
        return best

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
        options = [option for one in self._room.usable if self._says_something(one) and (option := self._option(one))]
        best = max(options, key=_as_a_last_resort, default=None)
        return best if best is not None and _as_a_last_resort(best) > _WORTH_A_LAST_RESORT else None

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

    def _option(self, sentence: Sentence) -> Opening | None:
        group = self._supported(sentence)
        if not group:
            return self._before_the_pointer(sentence)
        text = self._room.written(group)
        alone = sentence.alone if len(group) == 1 else max(-1.0, group[0].alone) / 2 - _LOST_COSTS * group[0].lost
        value = score(sentence) + alone - _SUPPORT_COSTS * (len(group) - 1)
        thin = _thinness(knowledge.new_words(text, self._room.known)) + _MOTIVE_COSTS * group[-1].motive
        if len(group) == 1 and knowledge.says_little(text, self._room.known):
            return self._with_the_next(value, sentence)
        if len(group) == 1 and thin and self._room.fits(text):
            if longer := self._longer(sentence):
                return Opening(value, longer)
            if half := self._and_half_of_its_next(sentence):
                return Opening(value - half.cost / 2, self._with_its_next(sentence), half)
        value = min(value, max(value - thin, WORTH_OPENING + 0.01))
        if self._room.fits(text):
            return Opening(value, group)
        shortened = self._room.shortened(group) if len(group) == 1 else None
        return None if shortened is None else Opening(value - shortened.cost, group, shortened)

    def _with_the_next(self, value: float, sentence: Sentence) -> Opening | None:
        """A sentence that hardly says more than the title, with the one that goes on from it."""
        if group := self._with_its_next(sentence):
            if self._room.fits(self._room.written(group)) and not knowledge.says_little(
                self._room.written(group), self._room.known
            ):
                return Opening(value, group)
            if shortened := self._room.shortened(group):
                return Opening(value - shortened.cost, group, shortened)
        text = self._room.written((sentence,))
        costs = _MISSING_WORD_COSTS * knowledge.missing_words(text, self._room.known)
        if self._room.fits(text):
            return Opening(value - costs, (sentence,))
        short = shorten.closest_fit(text, self._room.fits)
        return None if short is None else Opening(value - costs - short.cost, (sentence,), short)

    def _with_its_next(self, sentence: Sentence) -> tuple[Sentence, ...]:
        """The sentence and the one that goes on from it; empty if that one is no good."""
        after = self._room.sentences[sentence.place + 1 : sentence.place + 2]
        return (sentence, after[0]) if after and after[0].follows and after[0].usable else ()

    def _longer(self, sentence: Sentence) -> tuple[Sentence, ...]:
        """The same if it fits whole, and is no step of a procedure; else empty."""
        group = self._with_its_next(sentence)
        return group if group and not group[-1].unfinished and self._room.fits(self._room.written(group)) else ()

    def _and_half_of_its_next(self, sentence: Sentence) -> shorten.Shortened | None:
        """The sentence with the beginning of the next one, if that is a good one and the cut a mild one."""
        group = self._with_its_next(sentence)
        if not group or score(group[-1]) < _WORTH_HALF:
            return None
        short = self._room.shortened(group)
        return short if short is not None and short.cost < _MILD_CUT else None

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


def _thinness(new_words: int) -> float:
    """What it costs to say so little that the title does not."""
    return _THIN_COSTS * max(0, ENOUGH_NEW - new_words) + _RESTATING_COSTS * max(0, _HARDLY_NEW - new_words)


def _as_a_last_resort(option: Opening) -> float:
    """What an opening that says little is worth: what comes late is of a part."""
    return option.value - _COMING_LATE_COSTS * option.group[0].place
