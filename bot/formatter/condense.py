"""The excerpt of a post: which sentences, for the room there is.

It opens with the best sentence, whole or shortened: shortening costs points, so that a good sentence that fits beats
a better one that has to be cut. A sentence that leans on the one before comes together with it. Then the text goes on
as its author wrote it, as long as what follows is worth reading; from elsewhere comes only what says by itself what
the paper does or finds, and takes nothing as known that the post has not named. Few coherent sentences are better
than many.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.formatter import knowledge, references, shorten
from bot.formatter.judge import WORTH_OPENING, Analysis, Sentence

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
_SUPPORT_COSTS = 0.4
_LOST_COSTS = 1.0
_LONGEST_SUPPORT, _WORTH_SUPPORTING = 3, -1.5
_UNKNOWN_COSTS = 0.4
# What its leaning took off its score: behind its predecessor it is no fault.
_LEANS_WELL = 0.5
_SYMBOLS_COST, _MANY_SYMBOLS = 0.8, 2
# The least that a sentence must be worth that stands by itself, where nothing is worth opening a post.
_WORTH_MORE_THAN_NOTHING = -0.5
_LATEST_BY_ITSELF = 6
# The same in the last resort, what each place later takes off it, and the latest place of one about the paper.
# Set by reading 460 posts on 2026-11-21.
_WORTH_A_LAST_RESORT, _COMING_LATE_COSTS, _LATEST_OF_THE_PAPER = -2.4, 0.12, 20
_MISSING_WORD_COSTS = 2.6
# An opening with fewer words that the title has not is thin: it takes the next sentence along if there is room, and
# each word too few costs; more where it hardly says anything else than the title.
_ENOUGH_NEW, _THIN_COSTS = 10, 0.25
_HARDLY_NEW, _RESTATING_COSTS = 4, 1.0
# A motive without the deed is thin, too.
_MOTIVE_COSTS = 1.5
# What standing alone adds to a score at most.
_MOST_GAINED_ALONE = 2.4
# The least that a sentence must be worth beside others that say hardly more than the title.
_BESIDE_LITTLE = 0.0
# The least that a next sentence must be worth for its beginning to stand, and what a cut may cost then.
_WORTH_HALF, _MILD_CUT = 1.0, 3.0
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


@dataclass(frozen=True, slots=True)
class _Opening:
    """A sentence to start from, with those it leans on."""

    value: float
    group: tuple[Sentence, ...]
    shortened: shorten.Shortened | None = None


class Chooser:
    """Chooses sentences of one text for one room. fits: whether a text has room. most: sentences."""

    def __init__(self, analysis: Analysis, fits: Callable[[str], bool], *, most: int, paragraphs: bool) -> None:
        self._all, self._known = analysis.sentences, analysis.known
        self._usable = sorted((one for one in self._all if one.usable), key=lambda one: (-_score(one), one.place))
        self._fits, self._most, self._paragraphs = fits, most, paragraphs
        self._stems: dict[int, frozenset[str]] = {}
        self._few = _FEW_IN_PARAGRAPHS if paragraphs else _FEW

    def excerpt(self) -> Excerpt:
        return self._digest() or self._best()

    def _digest(self) -> Excerpt | None:
        """The beginning of the writer's own short version, if the text has one that can be sent."""
        own = [one for one in self._all if one.digest]
        if len(own) > 1 and not own[0].opens and own[1].opens and own[1].of_authors and not own[0].of_authors:
            return self._from_its_beginning(own) or self._from_its_beginning(own[1:])
        return self._from_its_beginning(own)

    def _from_its_beginning(self, own: Sequence[Sentence]) -> Excerpt | None:
        """As much of the short version as fits, from its first sentence on; nothing if that cannot be sent."""
        if not own or own[0].score is None or (own[0].leans and own[0].place):
            return None
        group = self._contiguous(own)
        if group and knowledge.new_words(self._written(group), self._known) >= _ENOUGH_FOR_A_DIGEST:
            # One line is short even for a short version.
            return self._excerpt(self._filled(group) if len(own) == 1 else group, _OF_A_DIGEST)
        more = tuple(own[: len(group) + 1])
        if len(more) > len(group) and (shortened := self._shortened(more)):
            places = tuple(one.place for one in more)
            return Excerpt(shortened.text, places, shortened.how, _OF_A_DIGEST - shortened.cost)
        if not group or any(one.opens for one in own[len(group) :]):
            return None
        return self._excerpt(self._filled(group) if len(own) == 1 else group, _OF_A_DIGEST)

    def _excerpt(self, chosen: Sequence[Sentence], value: float) -> Excerpt:
        return Excerpt(self._written(chosen), tuple(one.place for one in chosen), value=value)

    def _contiguous(self, own: Sequence[Sentence]) -> tuple[Sentence, ...]:
        """As many of the first sentences as fit, and not half of a procedure."""
        group: tuple[Sentence, ...] = ()
        for one in own[: self._most]:
            if one.score is None or not self._fits(self._written((*group, one))):
                break
            group = (*group, one)
        while len(group) > 1 and group[-1].unfinished:
            group = group[:-1]
        return group

    def _shortened(self, group: tuple[Sentence, ...]) -> shorten.Shortened | None:
        """The group with its last sentence shortened so that it fits and says more than the title; or nothing."""
        *before, last = group
        if last.score is None or (before and last.unfinished):
            return None
        head = f"{self._written(before)} " if before else ""
        short = shorten.closest_fit(
            last.text if before else last.opened,
            lambda text: self._fits(head + text) and not knowledge.says_little(head + text, self._known),
        )
        return None if short is None else replace(short, text=head + short.text)

    def _best(self) -> Excerpt:
        opening = (
            self._opening(WORTH_OPENING)
            or self._opening(_WORTH_MORE_THAN_NOTHING, self._stands_by_itself)
            or self._last_resort()
        )
        if opening is None:
            return NOTHING
        if opening.shortened is not None:
            places = tuple(one.place for one in opening.group)
            return Excerpt(opening.shortened.text, places, opening.shortened.how, opening.value)
        return self._excerpt(self._filled((*self._introduced(opening.group), *opening.group)), opening.value)

    def _opening(self, least: float, may: Callable[[Sentence], bool] = lambda _: True) -> _Opening | None:
        """The best opening worth more than `least`."""
        best: _Opening | None = None
        for sentence in self._usable:
            bar = least if best is None else best.value
            if _score(sentence) + _MOST_GAINED_ALONE <= bar:
                break
            option = self._option(sentence) if may(sentence) else None
            if option is not None and option.value > bar:
                best = option
        return best

    def _last_resort(self) -> _Opening | None:
        """The best of what can be read alone and has nothing against it, where else there would be only the title: a
        statement behind the problem it speaks of, shortened, or any whole sentence."""
        groups = ((one, self._supported(one)) for one in self._usable if one.states)
        shortened = [
            _Opening(_score(one) - short.cost, group, short)
            for one, group in groups
            if len(group) > 1 and group[0].place <= _LATEST_BY_ITSELF and (short := self._shortened(group)) is not None
        ]
        if shortened:
            return max(shortened, key=lambda option: option.value)
        options = [option for one in self._usable if self._says_something(one) and (option := self._option(one))]
        best = max(options, key=_as_a_last_resort, default=None)
        return best if best is not None and _as_a_last_resort(best) > _WORTH_A_LAST_RESORT else None

    def _says_something(self, sentence: Sentence) -> bool:
        """Whether it is a whole sentence that hangs on nothing, however little it says of the paper."""
        return (
            sentence.place <= (_LATEST_OF_THE_PAPER if sentence.acts or sentence.named else _LATEST_BY_ITSELF)
            and not (sentence.leans or sentence.lost or sentence.barred or sentence.doubted or sentence.deep)
            and not knowledge.symbols(sentence.opened)
            and not knowledge.says_little(sentence.opened, self._known)
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

    def _option(self, sentence: Sentence) -> _Opening | None:
        group = self._supported(sentence)
        if not group:
            return self._before_the_pointer(sentence)
        text = self._written(group)
        alone = sentence.alone if len(group) == 1 else max(-1.0, group[0].alone) / 2 - _LOST_COSTS * group[0].lost
        value = _score(sentence) + alone - _SUPPORT_COSTS * (len(group) - 1)
        thin = _thinness(knowledge.new_words(text, self._known)) + _MOTIVE_COSTS * group[-1].motive
        if len(group) == 1 and knowledge.says_little(text, self._known):
            return self._with_the_next(value, sentence)
        if len(group) == 1 and thin and self._fits(text):
            if longer := self._longer(sentence):
                return _Opening(value, longer)
            if half := self._and_half_of_its_next(sentence):
                return _Opening(value - half.cost / 2, self._with_its_next(sentence), half)
        value = min(value, max(value - thin, WORTH_OPENING + 0.01))
        if self._fits(text):
            return _Opening(value, group)
        shortened = self._shortened(group) if len(group) == 1 else None
        return None if shortened is None else _Opening(value - shortened.cost, group, shortened)

    def _with_the_next(self, value: float, sentence: Sentence) -> _Opening | None:
        """A sentence that hardly says more than the title, with the one that goes on from it."""
        if group := self._with_its_next(sentence):
            if self._fits(self._written(group)) and not knowledge.says_little(self._written(group), self._known):
                return _Opening(value, group)
            if shortened := self._shortened(group):
                return _Opening(value - shortened.cost, group, shortened)
        text = self._written((sentence,))
        costs = _MISSING_WORD_COSTS * knowledge.missing_words(text, self._known)
        if self._fits(text):
            return _Opening(value - costs, (sentence,))
        short = shorten.closest_fit(text, self._fits)
        return None if short is None else _Opening(value - costs - short.cost, (sentence,), short)

    def _with_its_next(self, sentence: Sentence) -> tuple[Sentence, ...]:
        """The sentence and the one that goes on from it; empty if that one is no good."""
        after = self._all[sentence.place + 1 : sentence.place + 2]
        return (sentence, after[0]) if after and after[0].follows and after[0].usable else ()

    def _longer(self, sentence: Sentence) -> tuple[Sentence, ...]:
        """The same if it fits whole, and is no step of a procedure; else empty."""
        group = self._with_its_next(sentence)
        return group if group and not group[-1].unfinished and self._fits(self._written(group)) else ()

    def _and_half_of_its_next(self, sentence: Sentence) -> shorten.Shortened | None:
        """The sentence with the beginning of the next one, if that is a good one and the cut a mild one."""
        group = self._with_its_next(sentence)
        if not group or _score(group[-1]) < _WORTH_HALF:
            return None
        short = self._shortened(group)
        return short if short is not None and short.cost < _MILD_CUT else None

    def _before_the_pointer(self, sentence: Sentence) -> _Opening | None:
        """A sentence that points at one which cannot be sent, shortened to what stands before that."""
        shortened = shorten.closest_fit(
            sentence.opened,
            lambda text: (
                self._fits(text)
                and not references.leans(text.lower(), self._known)
                and not knowledge.says_little(text, self._known)
            ),
        )
        if shortened is None:
            return None
        return _Opening(_score(sentence) + sentence.alone - shortened.cost, (sentence,), shortened)

    def _supported(self, sentence: Sentence) -> tuple[Sentence, ...]:
        """The sentence, behind those it leans on; empty if one of them is missing or unfit."""
        group = [sentence]
        while group[0].leans:
            before = self._all[group[0].place - 1] if group[0].place and group[0].follows else None
            if before is None or _score(before) < _WORTH_SUPPORTING or len(group) == _LONGEST_SUPPORT:
                return ()
            group.insert(0, before)
        return () if len(group) > 1 and group[0].barred else tuple(group)

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
        if knowledge.new_words(self._written(chosen), self._known) >= _ENOUGH_NEW:
            return
        places = {one.place for one in chosen}
        for sentence in self._usable:
            behind = sentence.follows and sentence.place - 1 in places
            alone = not (sentence.leans or sentence.lost or sentence.barred) and (sentence.claims or sentence.named)
            if (
                sentence.place > chosen[0].place
                and sentence.place not in places
                and (behind or alone)
                and not (sentence.doubted or knowledge.symbols(sentence.text))
                and (worth := _score(sentence) + (_GOES_ON if behind else sentence.alone)) >= _BESIDE_LITTLE
            ):
                yield worth, sentence

    def _makes_sense(self, group: tuple[Sentence, ...]) -> bool:
        """Whether the group has room, and nothing unfit in it."""
        return all(one.score is not None for one in group) and self._fits(self._written(group))

    def _whole(self, sentence: Sentence) -> tuple[Sentence, ...]:
        """The sentence with the next one, if that takes up what this one begins."""
        return tuple(self._all[sentence.place : sentence.place + (2 if sentence.unfinished else 1)])

    def _further(self, chosen: tuple[Sentence, ...]) -> Iterator[tuple[float, Sentence]]:
        """Sentences that could come next, each with its worth there."""
        places = {one.place for one in chosen}
        many = len(chosen) >= self._few
        for sentence in self._usable:
            if sentence.place in places:
                continue
            if sentence.follows and sentence.place - 1 in places:
                worth = self._worth_behind(sentence, chosen)
                if knowledge.symbols(sentence.text) < _MANY_SYMBOLS and worth >= (_BEHIND_MANY if many else _BEHIND):
                    yield worth + _GOES_ON, sentence
            elif self._stands_elsewhere(sentence, chosen, many=many):
                yield _score(sentence) + sentence.alone, sentence

    def _alike(self, one: Sentence, other: Sentence) -> bool:
        """Whether two sentences say the same, by the words that are not the title's."""
        words, others = (
            {stem for stem in self._stems_of(each) if len(stem) > 3 and stem not in self._known}
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
        return _score(sentence) + (_LEANS_WELL if sentence.leans else 0.0) - costs

    def _introduced(self, chosen: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
        """The sentences right before that name the problem which the opening solves; empty if they are no good."""
        first = chosen[0].place if self._paragraphs else 0
        for start in range(max(0, first - _LONGEST_INTRODUCTION), first):
            introduction = self._all[start:first]
            if (
                start <= _LATEST_INTRODUCTION
                and all(one.score is None for one in self._all[:start])
                and all(one.follows for one in (*introduction[1:], chosen[0]))
                and all(_score(one) >= _BEFORE and not knowledge.symbols(one.text) for one in introduction)
                and not introduction[0].leans
                and not introduction[0].barred
                and not knowledge.unmet(introduction[0].opened, self._known)
                and self._fits(self._written((*introduction, *chosen)))
            ):
                return introduction
        return ()

    def _stands_elsewhere(self, sentence: Sentence, chosen: Sequence[Sentence], *, many: bool) -> bool:
        """Whether it can be read far from its neighbours, and says enough for that."""
        least = (_ELSEWHERE_MANY if many else _ELSEWHERE_NAMED if sentence.named else _ELSEWHERE) + (
            0.0 if self._paragraphs else _GAP_IN_PARAGRAPH
        )
        return (
            sentence.claims
            and (sentence.acts or sentence.named)
            and not sentence.deep
            and (sentence.place > chosen[0].place or sentence.place < _LATEST_SUBJECT)
            and not sentence.leans
            and _score(sentence) >= least
            and not sentence.barred
            and not knowledge.symbols(sentence.text)
            and not knowledge.says_little(sentence.opened, self._known)
            and not knowledge.unmet(sentence.opened, self._known_after(chosen, sentence.place))
        )

    def _known_after(self, chosen: Sequence[Sentence], place: int) -> frozenset[str]:
        """Stems of what the reader has met when the sentence at `place` comes."""
        return self._known.union(*(self._stems_of(one) for one in chosen if one.place < place))

    def _written(self, chosen: Sequence[Sentence]) -> str:
        """Sentences as text; in paragraphs, a new one begins where the text was left out."""
        parts: list[str] = []
        for before, sentence in zip((None, *chosen), chosen, strict=False):
            adjoining = before is not None and before.place == sentence.place - 1 and sentence.follows
            if before is not None:
                parts.append("\n\n" if self._paragraphs and not adjoining else " ")
            parts.append(_closed(self._as_it_stands(before, sentence, adjoining=adjoining)))
        return "".join(parts)

    def _as_it_stands(self, before: Sentence | None, sentence: Sentence, *, adjoining: bool) -> str:
        """The sentence behind `before`: an authors' "They" stays only where the authors were spoken of last."""
        if before is None or not (adjoining or not self._paragraphs):
            return sentence.opened
        if _OF_THE_AUTHORS.match(before.opened):
            return sentence.text if adjoining or sentence.spelled != sentence.text else sentence.opened
        return sentence.spelled if adjoining else sentence.opened


_OF_THE_AUTHORS = re.compile(r"(?:The authors|They|The paper|In this paper|This paper|Their)\b")


def _thinness(new_words: int) -> float:
    """What it costs to say so little that the title does not."""
    return _THIN_COSTS * max(0, _ENOUGH_NEW - new_words) + _RESTATING_COSTS * max(0, _HARDLY_NEW - new_words)


def _score(sentence: Sentence) -> float:
    return -100.0 if sentence.score is None else sentence.score


def _as_a_last_resort(option: _Opening) -> float:
    """What an opening that says little is worth: what comes late is of a part."""
    return option.value - _COMING_LATE_COSTS * option.group[0].place


def _closed(text: str) -> str:
    """The sentence without a bracket that is never closed."""
    return shorten.without_asides(text) if text.count("(") > text.count(")") else text
