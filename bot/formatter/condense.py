"""Which sentences of a summary make its post.

1. Take the text apart into blocks, and the blocks into sentences.
2. Leave out what no post should say, score the rest by what it says of the paper (`signals`).
3. For a given room take the best sentence, whole or shortened, and add more in the text's order while there is room.

No prose at all: the same with the paper's own abstract.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.formatter import sentences, shorten, signals
from bot.formatter.characters import TIGHT
from bot.formatter.text import Block, Image, read
from bot.source.base import Summary

_WORTH_SENDING = -1.0
_WORTH_ADDING = 0.6
_ENDED = re.compile(r"[.!?…。！？][\"”’')\]]*$")
_WORD = re.compile(r"\w{3,}")
_STOP_WORDS = frozenset(
    "the and for with from that this are was were its their has have not but can which using via our into".split()
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the text and what was thought of it.

    place   its number in the text; the next one stands right behind it if `follows` of that is true
    score   higher is better; None if it is unfit
    reasons what raised or lowered the score, or why it is unfit
    leans   it can only stand behind its predecessor
    follows it stands in the same block as its predecessor, or in the next item of the same list
    """

    place: int
    text: str
    score: float | None
    reasons: tuple[str, ...]
    leans: bool
    follows: bool


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that is known of a text before any room is known. origin: "summary", "abstract" or "none"."""

    sentences: tuple[Sentence, ...]
    images: tuple[Image, ...]
    origin: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What stands in the post. places: of the sentences used. how: what was done to make it fit, in words."""

    text: str
    places: tuple[int, ...] = ()
    how: str = ""


NOTHING = Excerpt("")


@lru_cache(maxsize=64)
def analyse(summary: Summary) -> Analysis:
    """The sentences of a summary with their scores. Kept, so that a second account does not pay again."""
    document = read(summary.text)
    judged = _judge(document.blocks, summary.title)
    if any(sentence.score is not None and sentence.score >= _WORTH_SENDING for sentence in judged):
        return Analysis(judged, document.images, "summary")
    abstract = _judge(read(_unwrapped(summary.abstract)).blocks, summary.title)
    if any(sentence.score is not None for sentence in abstract):
        return Analysis(abstract, document.images, "abstract")
    return Analysis(judged, document.images, "none")


def _unwrapped(abstract: str) -> str:
    """An abstract has line breaks at column 80, and its numbers at line starts are no list."""
    return re.sub(r"\s*\n\s*(?=\S)", " ", abstract)


def _judge(blocks: Sequence[Block], title: str) -> tuple[Sentence, ...]:
    judged: list[Sentence] = []
    titled = _content(title)
    previous: Block | None = None
    for block in blocks:
        together = previous is not None and block.kind == previous.kind == "item" and block.section == previous.section
        for number, text in enumerate(sentences.split(block.text)):
            judged.append(_sentence(len(judged), text, block, titled, number > 0 or together))
        previous = block
    return tuple(judged)


def _sentence(place: int, text: str, block: Block, titled: frozenset[str], follows: bool) -> Sentence:
    reasons = list(signals.unfit(text)) + _malformed(text, block, titled)
    if reasons:
        return Sentence(place, _finished(text), None, tuple(reasons), False, follows)
    found = [*signals.signs(text), *_circumstances(place, text, block, titled)]
    score = round(sum(weight for _, weight in found), 2)
    named = tuple(f"{name} {weight:+.1f}" for name, weight in found)
    return Sentence(place, _finished(text), score, named, signals.leans(text), follows)


def _malformed(text: str, block: Block, titled: frozenset[str]) -> list[str]:
    """Why a sentence is none, by its form."""
    words = text.split()
    content = _content(text)
    checks = (
        ("too short", len(text) < 25 and text.isascii() or len(words) < 4 and text.isascii()),
        ("no verb", text.isascii() and not signals.has_verb(text)),
        ("brackets do not match", _unmatched(text)),
        (
            "a fragment",
            not text[:1].isupper() and text[:1].isascii() and text[:1].isalpha() and block.kind == "paragraph",
        ),
        ("starts with a sign", text[:1] in "⇒→-–—*+=<>|/\\,;:.)&~•·"),
        ("repeats the title", bool(content) and len(content & titled) >= 0.8 * len(content | titled)),
        ("too long", len(text) > 900),
    )
    return [reason for reason, holds in checks if holds]


def _unmatched(text: str) -> bool:
    """A bracket is closed that was never opened, or one that is open cannot be left out."""
    bare = re.sub(r"(?:^|(?<=\s))\(?\w{1,2}\)", "", shorten.without_asides(text).replace(TIGHT, " "))
    return bare.count("(") != bare.count(")") or bare.count("“") != bare.count("”") or bare.count('"') % 2 == 1


def _circumstances(place: int, text: str, block: Block, titled: frozenset[str]) -> list[tuple[str, float]]:
    found = [("comes early", round(1.6 * math.exp(-place / 5), 2))]
    if sign := signals.section_sign(block.section):
        found.append(sign)
    if titled:
        found.append(("shares words with the title", round(0.9 * len(_content(text) & titled) / len(titled), 2)))
    if signals.refers_back(text):
        found.append(("points back", -0.8))
    if signals.leans(text):
        found.append(("leans on the sentence before", -0.5))
    if not _ENDED.search(text) and block.kind == "paragraph":
        found.append(("has no full stop", -1.0))
    if block.kind == "item":
        found.append(("an item of a list", -0.3))
    if len(text) < 45:
        found.append(("says little", -1.0))
    return found


def _content(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower())) - _STOP_WORDS


def _finished(text: str) -> str:
    """The sentence with a capital and a full stop, as a list's items often lack them."""
    text = text.strip(" ")
    if text[:1].islower() and re.match(r"[a-z]{2,}\b(?![\d-])", text):
        text = text[:1].upper() + text[1:]
    return text if _ENDED.search(text) else text.rstrip(",;:") + "."


def choose(analysis: Analysis, fits: Callable[[str], bool], *, most: int, paragraphs: bool) -> Excerpt:
    """The excerpt for the room that `fits` describes: at most `most` sentences, in paragraphs or in one."""
    usable = [
        sentence for sentence in analysis.sentences if sentence.score is not None and sentence.score >= _WORTH_SENDING
    ]
    best: tuple[float, tuple[Sentence, ...], shorten.Shortened | None] | None = None
    for sentence in sorted(usable, key=_by_score):
        if best is not None and _score(sentence) <= best[0]:
            break
        group = _with_support(sentence, analysis)
        if not group:
            continue
        option = _first_choice(sentence, group, fits, paragraphs)
        if option is not None and (best is None or option[0] > best[0]):
            best = option
    if best is None:
        return NOTHING
    if best[2] is not None:
        return Excerpt(best[2].text, (best[1][0].place,), best[2].how)
    return _filled(list(best[1]), usable, analysis, fits, most, paragraphs)


def _score(sentence: Sentence) -> float:
    return sentence.score if sentence.score is not None else -math.inf


def _by_score(sentence: Sentence) -> tuple[float, int]:
    return -_score(sentence), sentence.place


def _with_support(sentence: Sentence, analysis: Analysis) -> tuple[Sentence, ...]:
    """The sentence, behind those it leans on; empty if one of them is unfit."""
    group = [sentence]
    while group[0].leans:
        place = group[0].place - 1
        before = analysis.sentences[place] if place >= 0 and group[0].follows else None
        if before is None or before.score is None or len(group) > 2:
            return ()
        group.insert(0, before)
    return tuple(group)


def _first_choice(
    sentence: Sentence, group: tuple[Sentence, ...], fits: Callable[[str], bool], paragraphs: bool
) -> tuple[float, tuple[Sentence, ...], shorten.Shortened | None] | None:
    """(score, sentences, shortening) for one sentence with its support, whole or shortened."""
    if fits(_written(group, paragraphs)):
        return _score(sentence) - 0.4 * (len(group) - 1), group, None
    if len(group) > 1:
        return None
    shortened = shorten.closest_fit(_written(group, paragraphs), fits)
    return None if shortened is None else (_score(sentence) - shortened.cost, group, shortened)


def _filled(
    chosen: list[Sentence],
    usable: Sequence[Sentence],
    analysis: Analysis,
    fits: Callable[[str], bool],
    most: int,
    paragraphs: bool,
) -> Excerpt:
    """More sentences in the text's order, while there is room: the best first, those beside a chosen one before others."""
    while len(chosen) < most:
        places = {sentence.place for sentence in chosen}
        for sentence in sorted(usable, key=lambda candidate: -_score(candidate) - _beside(candidate, places)):
            if sentence.place in places or _score(sentence) + _beside(sentence, places) < _WORTH_ADDING:
                continue
            group = [member for member in _with_support(sentence, analysis) if member.place not in places]
            enlarged = sorted([*chosen, *group], key=lambda member: member.place)
            if group and len(enlarged) <= most and fits(_written(enlarged, paragraphs)):
                chosen = enlarged
                break
        else:
            break
    return Excerpt(_written(chosen, paragraphs), tuple(sentence.place for sentence in chosen))


def _beside(sentence: Sentence, places: set[int]) -> float:
    return 0.8 if sentence.follows and sentence.place - 1 in places else 0.0


def _written(chosen: Sequence[Sentence], paragraphs: bool) -> str:
    """Sentences as text; in paragraphs, a new one begins where the text was left out."""
    written = ""
    for number, sentence in enumerate(chosen):
        adjoining = number > 0 and chosen[number - 1].place == sentence.place - 1
        text = sentence.text if adjoining else signals.standing_alone(sentence.text)
        gap = "" if number == 0 else "\n\n" if paragraphs and not (adjoining and sentence.follows) else " "
        written += gap + shorten.without_asides(text) if _unclosed(text) else gap + text
    return written


def _unclosed(text: str) -> bool:
    return text.count("(") > text.count(")")
