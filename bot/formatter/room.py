"""The room there is for sentences of a text: how they are written there, and whether they fit."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.formatter import knowledge, shorten, trim
from bot.formatter.analysis import Analysis, Sentence


@dataclass(frozen=True, slots=True)
class Version:
    """A sentence made shorter that is still a whole one. cost: what that takes off its score. how: in words."""

    sentence: Sentence
    cost: float
    how: str


class Room:
    """The sentences of one text, and the room for some of them.

    fits        whether a text has room
    paragraphs  whether what does not adjoin is set off
    known       stems that a reader of the title knows
    fit         the sentences that could stand in a post, the best first
    usable      those of them that are worth it anywhere
    """

    def __init__(self, analysis: Analysis, fits: Callable[[str], bool], *, paragraphs: bool) -> None:
        self.sentences, self.known = analysis.sentences, analysis.known
        fit = (one for one in self.sentences if one.score is not None)
        self.fit = sorted(fit, key=lambda one: (-score(one), one.place))
        self.usable = [one for one in self.fit if one.usable]
        self.fits, self.paragraphs = fits, paragraphs
        self._stems: dict[str, frozenset[str]] = {}
        self._roots = frozenset(map(knowledge.root, self.known))
        self._news: dict[str, frozenset[str]] = {}
        self._versions: dict[int, list[Version]] = {}

    def stems(self, sentence: Sentence) -> frozenset[str]:
        if sentence.text not in self._stems:
            self._stems[sentence.text] = frozenset(knowledge.stems(sentence.text))
        return self._stems[sentence.text]

    def news(self, chosen: Sequence[Sentence]) -> frozenset[str]:
        """What sentences say beside the title and what any paper says, in roots."""
        return frozenset().union(*(self.news_in(one.opened) for one in chosen))

    def news_in(self, text: str) -> frozenset[str]:
        if text not in self._news:
            self._news[text] = knowledge.news(text, self._roots)
        return self._news[text]

    def versions(self, sentence: Sentence) -> list[Version]:
        """Shorter whole versions of a sentence, the one that loses least first; none takes as known what the whole
        one does not."""
        if sentence.place not in self._versions:
            shorter = _trimmed(sentence.opened)
            unmet = set(knowledge.unmet(sentence.opened, self.known)) if shorter and sentence.lost else set()
            self._versions[sentence.place] = [
                Version(replace(sentence, text=one.text, opened=one.text, spelled=one.text), one.cost, one.how)
                for one in shorter
                if unmet.issuperset(knowledge.unmet(one.text, self.known))
            ]
        return self._versions[sentence.place]

    def how(self, chosen: Sequence[Sentence]) -> str:
        """What was left out of sentences to make them fit, in words."""
        found = [
            version.how
            for one in chosen
            if one.text != self.sentences[one.place].text
            for version in self._versions.get(one.place, ())
            if version.sentence is one
        ]
        return ", ".join(dict.fromkeys(found))

    def written(self, chosen: Sequence[Sentence]) -> str:
        """Sentences as text; in paragraphs, a new one begins where the text was left out."""
        parts: list[str] = []
        for before, sentence in zip((None, *chosen), chosen, strict=False):
            adjoining = before is not None and before.place == sentence.place - 1 and sentence.follows
            if before is not None:
                parts.append("\n\n" if self.paragraphs and not adjoining else " ")
            parts.append(_closed(self._as_it_stands(before, sentence, adjoining=adjoining)))
        return "".join(parts)

    def _as_it_stands(self, before: Sentence | None, sentence: Sentence, *, adjoining: bool) -> str:
        """The sentence behind `before`: an authors' "They" stays only where the authors were spoken of last."""
        if before is None or not (adjoining or not self.paragraphs):
            return sentence.opened
        if _OF_THE_AUTHORS.match(before.opened):
            return sentence.text if adjoining or sentence.spelled != sentence.text else sentence.opened
        # "To hear more, they add an ear" is "The authors add an ear" behind a sentence whose "they" would be others.
        if adjoining and not (", they " in sentence.text and sentence.opened.startswith("The authors")):
            return sentence.spelled
        return sentence.opened

    def shortened(self, group: tuple[Sentence, ...]) -> shorten.Shortened | None:
        """The group with its last sentence shortened so that it fits and says more than the title; or nothing."""
        *before, last = group
        if last.score is None or (before and last.unfinished):
            return None
        head = f"{self.written(before)} " if before else ""
        short = shorten.closest_fit(
            last.text if before else last.opened,
            lambda text: self.fits(head + text) and not knowledge.says_little(head + text, self.known),
        )
        return None if short is None else replace(short, text=head + short.text)


@lru_cache(maxsize=128)
def _trimmed(sentence: str) -> list[trim.Trimmed]:
    """Kept, since each room asks again."""
    return trim.trimmed(sentence)


_OF_THE_AUTHORS = re.compile(r"(?:The authors|They|The paper|In this paper|This paper|Their)\b")


def score(sentence: Sentence) -> float:
    """What a sentence is worth, whatever stands beside it; very little if it is unfit."""
    return -100.0 if sentence.score is None else sentence.score


def _closed(text: str) -> str:
    """The sentence without a bracket that is never closed."""
    return shorten.without_asides(text) if text.count("(") > text.count(")") else text
