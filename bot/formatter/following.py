"""What stands beside the sentence that opens a post: first what goes on from it, then what can be read far from its
neighbours, as long as there is room."""

from collections.abc import Iterable, Iterator, Sequence

from bot.formatter import knowledge, references
from bot.formatter.analysis import Sentence
from bot.formatter.room import Room, score

# The least that a further sentence must be worth: right behind a chosen one, right before, and, with what it is worth
# alone, anywhere else, where a result says by itself what came of it; more once the post has some. Set by what readers
# made of the posts of 2,372 texts on 2026-11-26; most of them matter little.
_FEW, _FEW_IN_PARAGRAPHS = 2, 3
_BEHIND_ONE, _BEHIND, _BEHIND_MANY = -0.4, 0.2, 1.2
_BEFORE = 0.0
_ELSEWHERE, _RESULT, _ELSEWHERE_MANY = 1.6, -0.4, 2.5
# What standing there is worth beside that, when one is to be chosen.
_GOES_ON = 0.7
_UNKNOWN_COSTS = 0.4
# What its leaning took off its score: behind its predecessor it is no fault.
_LEANS_WELL = 0.5
_SYMBOLS_COST, _MANY_SYMBOLS = 0.8, 2
# What leaving something out of a sentence may cost for another to have room beside it.
MILD_TRIM = 1.2
# Share of the words of the shorter of two sentences from which on they say the same.
_ALIKE = 0.6
# A sentence worth so much is sure to say what the paper is about: of such, readers would send 9 in 10. Beside one that
# is not, another may say it from so much on.
_SURE, _MAYBE = 6.0, -0.5
# With less news a post is thin: then from so much on, and what it costs to be only what goes on.
_NEWS_OF_A_THIN_ONE, _MAYBE_THIN, _BEHIND_COSTS = 7, -1.0, -1.0
_LATEST_SUBJECT = 2
_LATEST_INTRODUCTION = 2


class Following:
    """Adds to chosen sentences of one text, for one room. most: sentences in all."""

    def __init__(self, room: Room, *, most: int) -> None:
        self._room, self._most = room, most
        self._few = _FEW_IN_PARAGRAPHS if room.paragraphs else _FEW

    def filled(self, chosen: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
        """More sentences while there is room: first what goes on from the chosen ones or can be read anywhere; then, as
        long as none is sure to be what readers want, also what is worth less."""
        for further in (self._further, self._the_point):
            while len(chosen) < self._most and (larger := self._with_one_more(chosen, further(chosen))):
                chosen = larger
        return chosen

    def introduced(self, chosen: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
        """The sentence right before that names the problem which the opening solves; nothing if it is no good, or not
        what the text begins with."""
        place = chosen[0].place - 1
        before = self._room.sentences[place] if 0 <= place <= _LATEST_INTRODUCTION and self._room.paragraphs else None
        if (
            before is not None
            and all(one.score is None for one in self._room.sentences[:place])
            and chosen[0].follows
            and score(before) >= _BEFORE
            and not (before.leans or before.barred or before.complains)
            and not knowledge.symbols(before.text)
            and not knowledge.unmet(before.opened, self._room.known)
            and self._room.fits(self._room.written((before, *chosen)))
        ):
            return (before,)
        return ()

    def _with_one_more(
        self, chosen: tuple[Sentence, ...], options: Iterable[tuple[float, Sentence]]
    ) -> tuple[Sentence, ...] | None:
        """The chosen ones and the best of `options` that has room, with what it begins; None if there is none."""
        ordered = sorted(options, key=lambda option: (-option[0], option[1].place))
        new = (one for _, one in ordered if not any(self._alike(one, other) for other in chosen))
        places = {one.place for one in chosen}
        longer = (
            tuple(sorted((*chosen, *(each for each in more if each.place not in places)), key=lambda one: one.place))
            for one in new
            for more in self._forms(one)
            if not any(each.fragment or each.complains for each in more)
        )
        return next((group for group in longer if self._makes_sense(group)), None)

    def _forms(self, sentence: Sentence) -> Iterator[tuple[Sentence, ...]]:
        """The sentence as it is, then in its shorter versions; with the next one, if it is half without."""
        yield self._whole(sentence)
        if not sentence.wants_its_next:
            yield from ((one.sentence,) for one in self._room.versions(sentence) if one.cost <= MILD_TRIM)

    def _makes_sense(self, group: tuple[Sentence, ...]) -> bool:
        """Whether the group has room, and nothing unfit in it."""
        return (
            len(group) <= self._most
            and all(one.score is not None for one in group)
            and self._room.fits(self._room.written(group))
        )

    def _whole(self, sentence: Sentence) -> tuple[Sentence, ...]:
        """The sentence with the next one, if that takes up what this one begins, or speaks against it."""
        whole = [sentence]
        while whole[-1].wants_its_next and whole[-1].place + 1 < len(self._room.sentences):
            whole.append(self._room.sentences[whole[-1].place + 1])
        return tuple(whole)

    def _further(self, chosen: tuple[Sentence, ...]) -> Iterator[tuple[float, Sentence]]:
        """Sentences that could come next, each with its worth there."""
        places = {one.place for one in chosen}
        many = len(chosen) >= self._few
        for sentence in self._room.usable:
            if sentence.place in places or sentence.fragment or sentence.complains:
                continue
            if sentence.follows and sentence.place - 1 in places:
                worth = self._worth_behind(sentence, chosen)
                least = _BEHIND_MANY if many else _BEHIND_ONE if len(chosen) == 1 and not sentence.doubted else _BEHIND
                if knowledge.symbols(sentence.text) < _MANY_SYMBOLS and worth >= least:
                    yield worth + _GOES_ON, sentence
            elif self._stands_elsewhere(sentence, chosen, many=many):
                yield score(sentence) + sentence.alone, sentence

    def _the_point(self, chosen: Sequence[Sentence]) -> Iterator[tuple[float, Sentence]]:
        """As long as none of the chosen ones is sure to say what the paper is about, or all say little: what may, the
        likeliest first."""
        thin = len(self._room.news(chosen)) < _NEWS_OF_A_THIN_ONE
        if not thin and max(score(one) + one.alone for one in chosen) >= _SURE:
            return
        places = {one.place for one in chosen}
        for sentence in self._room.fit if thin else self._room.usable:
            behind = sentence.follows and sentence.place - 1 in places
            worth = score(sentence) + (_BEHIND_COSTS if thin and behind else sentence.alone)
            if (
                sentence.place > chosen[0].place
                and sentence.place not in places
                and not (sentence.fragment or sentence.complains)
                and worth >= (_MAYBE_THIN if thin else _MAYBE)
                and (behind or not (sentence.leans or references.contrasts(sentence.text)))
                and not knowledge.symbols(sentence.text)
            ):
                yield worth, sentence

    def _worth_behind(self, sentence: Sentence, chosen: Sequence[Sentence]) -> float:
        unknown = len(knowledge.unmet(sentence.text, self._known_after(chosen, sentence.place)))
        costs = _UNKNOWN_COSTS * unknown + _SYMBOLS_COST * knowledge.symbols(sentence.text)
        return score(sentence) + (_LEANS_WELL if sentence.leans else 0.0) - costs

    def _stands_elsewhere(self, sentence: Sentence, chosen: Sequence[Sentence], *, many: bool) -> bool:
        """Whether it can be read far from its neighbours, and says enough for that."""
        return (
            self._says_enough(sentence, many=many)
            and not sentence.deep
            and (sentence.place > chosen[0].place or self._introduces(sentence))
            and not sentence.leans
            and not sentence.barred
            and not knowledge.symbols(sentence.text)
            and not knowledge.says_little(sentence.opened, self._room.known)
            and not knowledge.unmet(sentence.opened, self._known_after(chosen, sentence.place))
        )

    @staticmethod
    def _says_enough(sentence: Sentence, *, many: bool) -> bool:
        worth = score(sentence) + sentence.alone
        if sentence.finds and not sentence.doubted:
            return worth >= _RESULT
        return worth >= (_ELSEWHERE_MANY if many else _ELSEWHERE)

    @staticmethod
    def _introduces(sentence: Sentence) -> bool:
        """Whether it may come before what opens the post."""
        return sentence.place < _LATEST_SUBJECT and sentence.claims and (sentence.motive or not sentence.doubted)

    def _alike(self, one: Sentence, other: Sentence) -> bool:
        """Whether two sentences say the same, by the words that are not the title's."""
        words, others = (
            {stem for stem in self._room.stems(each) if len(stem) > 3 and stem not in self._room.known}
            for each in (one, other)
        )
        return len(words & others) >= _ALIKE * max(1, min(len(words), len(others)))

    def _known_after(self, chosen: Sequence[Sentence], place: int) -> frozenset[str]:
        """Stems of what the reader has met when the sentence at `place` comes."""
        return self._room.known.union(*(self._room.stems(one) for one in chosen if one.place < place))
