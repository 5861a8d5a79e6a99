"""What is thought of each sentence of a summary, before any room is known.

The text is taken apart into blocks, the blocks into sentences. What no post should say is unfit; the rest is scored
by what it says of the paper (`signals`) and where it stands. No prose at all: the same with the paper's own abstract.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.formatter import sentences, shorten, signals
from bot.formatter.characters import TIGHT
from bot.formatter.text import Block, Image, read
from bot.source.base import Summary

# Below this a sentence is not sent, and the abstract comes in.
WORTH_SENDING = -0.4
# A post is made of what comes first; the rest of a very long text costs time and changes nothing.
_MOST_JUDGED = 80

_ENDED = re.compile(r"[.!?…。！？][\"”’')\]]*$")
_WORD = re.compile(r"\w{3,}")
_STOP_WORDS = frozenset(
    (
        "the",
        "and",
        "for",
        "with",
        "from",
        "that",
        "this",
        "are",
        "was",
        "were",
        "its",
        "their",
        "has",
        "have",
        "not",
        "but",
        "can",
        "which",
        "using",
        "via",
        "our",
        "into",
    )
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the text and what was thought of it.

    place    its number in the text
    text     with a capital and a full stop, as the items of a list often lack them
    score    higher is better; None if it is unfit
    reasons  what raised or lowered the score, or why it is unfit
    leans    it can only stand behind its predecessor
    follows  it stands in the same paragraph as its predecessor, or in the next item of the same list
    """

    place: int
    text: str
    score: float | None
    reasons: tuple[str, ...]
    leans: bool
    follows: bool

    @property
    def usable(self) -> bool:
        return self.score is not None and self.score >= WORTH_SENDING


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that is known of a text. origin: where the sentences are from: "summary", "abstract", or "none" is of use."""

    sentences: tuple[Sentence, ...]
    images: tuple[Image, ...]
    origin: str


@lru_cache(maxsize=64)
def analyse(summary: Summary) -> Analysis:
    """The sentences of a summary with their scores. Kept, so that a second account does not pay again."""
    document = read(summary.text)
    judged = _judged(document.blocks, summary.title)
    if any(sentence.usable for sentence in judged):
        return Analysis(judged, document.images, "summary")
    abstract = _judged(read(_unwrapped(summary.abstract)).blocks, summary.title)
    if any(sentence.usable for sentence in abstract):
        return Analysis(abstract, document.images, "abstract")
    return Analysis(judged, document.images, "none")


def _unwrapped(abstract: str) -> str:
    """An abstract is one paragraph, broken at column 80: a line that begins with "1." or "-" is no list."""
    return " ".join(abstract.split())


def _judged(blocks: Sequence[Block], title: str) -> tuple[Sentence, ...]:
    judged: list[Sentence] = []
    titled = _content(title)
    previous: Block | None = None
    for block in blocks:
        together = previous is not None and block.kind == previous.kind == "item" and block.section == previous.section
        for number, text in enumerate(sentences.split(block.text)):
            judged.append(_judge(len(judged), text, block, titled, number > 0 or together))
        if len(judged) >= _MOST_JUDGED:
            break
        previous = block
    return tuple(judged)


def _judge(place: int, text: str, block: Block, titled: frozenset[str], follows: bool) -> Sentence:
    opened = signals.standing_alone(text)
    lower = opened.lower()
    if reason := _malformed(opened, block, titled) or signals.unfit(lower):
        return Sentence(place, _finished(text), None, (reason,), False, follows)
    found = [*signals.signs(lower), *_circumstances(place, text, lower, block, titled)]
    score = round(sum(weight for _, weight in found), 2)
    named = tuple(f"{name} {weight:+.1f}" for name, weight in found)
    return Sentence(place, _finished(text), score, named, signals.leans(lower, titled), follows)


def _malformed(text: str, block: Block, titled: frozenset[str]) -> str:
    """Why a sentence is none, by its form, or nothing."""
    words = text.split()
    content = _content(text)
    latin = text.isascii()
    checks = (
        ("too short", latin and (len(text) < 25 or len(words) < 4)),
        ("no verb", latin and block.kind == "item" and not signals.has_verb(text)),
        ("brackets do not match", _unmatched(text)),
        ("a fragment", latin and text[:1].islower() and block.kind == "paragraph"),
        ("starts with a sign", text[:1] in "⇒→-–—*+=<>|/\\,;:.)&~•·"),
        ("repeats the title", bool(content) and len(content & titled) >= 0.8 * len(content | titled)),
        ("too long", len(text) > 900),
    )
    return next((reason for reason, holds in checks if holds), "")


def _unmatched(text: str) -> bool:
    """A bracket is closed that was never opened, or one that is open cannot be left out."""
    bare = re.sub(r"(?:^|(?<=\s))\(?\w{1,2}\)", "", shorten.without_asides(text).replace(TIGHT, " "))
    return bare.count("(") != bare.count(")") or bare.count("“") != bare.count("”") or bare.count('"') % 2 == 1


def _circumstances(place: int, text: str, lower: str, block: Block, titled: frozenset[str]) -> list[tuple[str, float]]:
    """What counts beside the words: where the sentence stands, its form, and what it shares with the title."""
    named = bool(_content(" ".join(lower.split()[:4])) & titled)
    sign = signals.section_sign(block.section)
    checks = (
        ("comes early", 1.6 * math.exp(-place / 5), True),
        (*(sign or ("", 0.0)), sign is not None),
        ("shares words with the title", 0.9 * len(_content(lower) & titled) / max(1, len(titled)), bool(titled)),
        ("speaks of what the title names", 1.0, named),
        ("no verb that is known", -1.2, block.kind == "paragraph" and text.isascii() and not signals.has_verb(text)),
        ("a noun with a clause", -2.5, block.kind == "item" and signals.is_headless(text)),
        ("has no subject", -2.6, signals.has_no_subject(lower)),
        ("defines a term", -1.2, not named and signals.defines_a_term(lower)),
        ("leans on the sentence before", -0.5, signals.leans(lower, titled)),
        ("has no full stop", -1.0, block.kind == "paragraph" and not _ENDED.search(text)),
        ("an item of a list", -0.3, block.kind == "item"),
        ("says little", -1.2, len(lower) < 50),
        ("hard to read", -0.8, len(lower) > 330),
    )
    return [(name, round(weight, 2)) for name, weight, holds in checks if holds]


def _content(text: str) -> frozenset[str]:
    """The words that carry what a text says."""
    return frozenset(_WORD.findall(text.lower())) - _STOP_WORDS


def _finished(text: str) -> str:
    text = text.strip(" ")
    if text[:1].islower() and re.match(r"[a-z]{2,}\b(?![\d-])", text):
        text = text[:1].upper() + text[1:]
    return text if _ENDED.search(text) else text.rstrip(",;:") + "."
