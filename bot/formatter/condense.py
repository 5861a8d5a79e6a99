"""The excerpt of a post: which sentences, for the room there is.

A good sentence opens it, whole or shortened: shortening costs points, so that a good sentence that fits beats a better
one that has to be cut. A sentence that leans on the one before comes together with it. Then the text goes on as its
author wrote it, as long as what follows is worth reading; from elsewhere comes only what says by itself what the paper
does or finds, and takes nothing as known that the post has not named.

What opens best may not make the best post: each of the best few is tried with what would stand beside it, and the
excerpt is taken that is worth most as a whole - above all, that says something which the title does not.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.formatter import knowledge
from bot.formatter.analysis import Analysis, Sentence
from bot.formatter.following import MILD_TRIM, Following
from bot.formatter.opening import Opening, Openings
from bot.formatter.room import Room, score

# What the beginning of the writer's own short version is worth as an opening; more than anything in
# another room if it says something.
_OF_A_DIGEST, _BEFORE_ALL_ELSE = 6.0, 20.0
# With fewer words that the title has not it takes half a sentence more; with less news the rest of the text is asked
# as well.
_ENOUGH_FOR_A_DIGEST, _NEWS_FOR_A_DIGEST = 5, 3
# What it costs a post to say little beside its title, by the number of words with news.
_LITTLE_NEWS = (6.5, 4.5, 3.0, 1.9, 1.1, 0.6, 0.3)
# What it gains a post to go on from its opening, and what it costs to say nothing of the paper.
_COHERENT, _NO_CLAIM_COSTS = 0.6, 0.7
# With less news than this a post may say nothing: what each word costs that is missing for saying anything.
_ENOUGH_NEWS, _MISSING_WORD_COSTS = 9, 4.0
# "Many count birds. However, none …": of the first half alone readers would send a third, of others that seem as good
# two thirds (423 of 41,571 sentences, 2026-11-26).
_COUNTERED_COSTS = 3.0
# How much less than the best so far an opening may be worth for what would stand beside it to make up for that.
_WITHIN = 2.6
# Of sentences that open a post and are worth so many points readers call every second the best; and so many more or
# less make the odds e times as high or low. As counted in 2,372 texts on 2026-11-26.
_EVEN_ODDS, _E_TIMES = 5.0, 1.6
_MOST_ODDS = 12.0


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What stands in the post. places: of the sentences used. how: what was done to make it fit, in words. value: what
    it is worth as a whole, to be compared with that of another room."""

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
        self._following = Following(self._room, most=most)
        self._openings = Openings(self._room)

    def excerpt(self) -> Excerpt:
        digest = self._digest()
        if digest is None:
            return self._best()
        if len(self._room.news_in(digest.text)) >= _NEWS_FOR_A_DIGEST:
            return replace(digest, value=digest.value + _BEFORE_ALL_ELSE)
        return max(digest, self._best(), key=lambda one: one.value)

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
        if not group or knowledge.new_words(self._room.written(group), self._room.known) < _ENOUGH_FOR_A_DIGEST:
            more = tuple(own[: len(group) + 1])
            if len(more) > len(group) and (shortened := self._room.shortened(more)):
                places = tuple(one.place for one in more)
                return Excerpt(shortened.text, places, shortened.how, _OF_A_DIGEST - shortened.cost)
            if not group or any(one.opens for one in own[len(group) :]):
                return None
        # One line is short even for a short version.
        chosen = self._following.filled(group) if len(own) == 1 else group
        return self._excerpt(chosen, _OF_A_DIGEST - _of_little(len(self._room.news(chosen))))

    def _excerpt(self, chosen: Sequence[Sentence], value: float) -> Excerpt:
        places = tuple(one.place for one in chosen)
        return Excerpt(self._room.written(chosen), places, self._room.how(chosen), value)

    def _contiguous(self, own: Sequence[Sentence]) -> tuple[Sentence, ...]:
        """As many of the first sentences as fit, and not half of a procedure."""
        group: tuple[Sentence, ...] = ()
        for one in own[: self._most]:
            most = MILD_TRIM if group else math.inf
            forms = (one, *(version.sentence for version in self._room.versions(one) if version.cost <= most))
            longer = ((*group, form) for form in forms if one.score is not None)
            if not (fitting := next((each for each in longer if self._room.fits(self._room.written(each))), None)):
                break
            group = fitting
        while len(group) > 1 and group[-1].wants_its_next:
            group = group[:-1]
        return group

    def _best(self) -> Excerpt:
        """The excerpt that is worth most as a whole, of the first kind of openings that has any."""
        best = NOTHING
        for least, openings in self._openings.kinds():
            for opening in openings:
                best = self._better(best, opening, least)
            if best is not NOTHING:
                break
        return best

    def _better(self, best: Excerpt, opening: Opening, least: float) -> Excerpt:
        """The best so far or what begins with an opening: as it is, with half of its next sentence, or with less of it,
        so that another sentence may have room beside it."""
        if opening.value + _WITHIN <= best.value:
            return best
        excerpt = self._from(opening, least) or NOTHING
        best = max(best, excerpt, key=lambda one: one.value)
        sentence = opening.group[0]
        if (
            opening.shortened is not None
            or len(opening.group) > 1
            or sentence is not self._room.sentences[sentence.place]
        ):
            return best
        if sentence.place + 1 not in excerpt.places and (half := self._openings.with_half_of_its_next(opening)):
            best = self._better(best, half, least)
        for version in self._room.versions(sentence) if len(excerpt.places) == 1 else ():
            if version.cost <= MILD_TRIM:
                best = self._better(best, Opening(opening.value - version.cost, (version.sentence,)), least)
        return best

    def _from(self, opening: Opening, least: float) -> Excerpt | None:
        """The excerpt that begins with an opening; None if it says so little that it is worth no more than `least`."""
        own, how = opening.group, ""
        if opening.shortened is not None:
            chosen, text, how = own, opening.shortened.text, opening.shortened.how
            news = len(self._room.news_in(text))
        else:
            introduction = self._following.introduced(own)
            chosen = self._following.filled((*introduction, *own))
            own = chosen[len(introduction) :]
            text, how, news = self._room.written(chosen), self._room.how(chosen), len(self._room.news(own))
        missing = knowledge.missing_words(text, self._room.known) if news < _ENOUGH_NEWS else 0
        worth = opening.value - (_COUNTERED_COSTS if _is_countered(opening.group, chosen) else 0.0)
        if worth - _MISSING_WORD_COSTS * missing <= least:
            return None
        others = [one for one in chosen if all(one.place != each.place for each in opening.group)]
        value = _together(worth, others) - _of_little(news) + _as_a_group(own)
        return Excerpt(text, tuple(one.place for one in chosen), how, value)


def _is_countered(opening: Sequence[Sentence], chosen: Sequence[Sentence]) -> bool:
    """Whether the sentence that speaks against the opening is not there."""
    return opening[-1].countered and all(one.place != opening[-1].place + 1 for one in chosen)


def _together(opening: float, others: Sequence[Sentence]) -> float:
    """What sentences are worth that stand together: by the chance that at least one of them says what the reader must
    know of the paper."""
    missed = _missed(opening)
    for one in others:
        missed *= _missed(score(one) + one.alone)
    return _EVEN_ODDS - _E_TIMES * math.log(missed / (1 - missed))


def _missed(points: float) -> float:
    """The chance that a sentence worth so much is not the best."""
    return 1 / (1 + math.exp(max(-_MOST_ODDS, min(_MOST_ODDS, (points - _EVEN_ODDS) / _E_TIMES))))


def _as_a_group(chosen: Sequence[Sentence]) -> float:
    """What it adds that sentences go on from each other, or takes off that none makes a claim of the paper."""
    if not any(one.claims or one.named or one.titled for one in chosen):
        return -_NO_CLAIM_COSTS
    goes_on = any(after.place == one.place + 1 and after.follows for one, after in pairwise(chosen))
    return _COHERENT if goes_on else 0.0


def _of_little(news: int) -> float:
    """What it takes off a post to say so little that the title does not."""
    return _LITTLE_NEWS[news] if news < len(_LITTLE_NEWS) else 0.0
