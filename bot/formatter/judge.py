"""What is thought of each sentence of a summary, before any room is known.

The text is taken apart into blocks, the blocks into sentences. What no post should say is unfit; the rest is scored
by what it says of the paper (`signals`) and where it stands. No prose at all: the same with the paper's own abstract.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, pairwise

from bot.formatter import form, knowledge, lists, readers, references, sentences, signals
from bot.formatter.analysis import Analysis, Sentence
from bot.formatter.text import MOST_BLOCKS, Block, read
from bot.source.base import Summary

_ACRONYM = re.compile(r"\b[A-Z][A-Z\d]+s?\b")
_ARTICLE = re.compile(r"(?:The|An?) ")
_PREPOSITION = re.compile(r"(?:With|In|For|On|At|By|From|To|Of|As|When|While|If|Under|Without|Since|Because)\b")
_OF_THE_PAPER = ("says what the paper does", "says what it is about", "says what it is for")
_ACTS = (
    *_OF_THE_PAPER,
    "says what it contributes",
    "says what the authors do",
    "speaks of the method",
    "says what the paper's method is",
)
_OF_THE_AUTHORS = ("says what the paper does", "says what the authors do", "says what it is about")
# Of the whole paper, wherever it stands.
_OF_THE_WHOLE = ("proposes", "says what it contributes")
_FINDS = ("gives a result", "finds")
_COMPLAINT = "a doubt or complaint"
# No whole sentences, but a note may have no others.
_FRAGMENTS, _INCOMPLETE = ("no verb", "a fragment"), -3.0
# Doubts that make a sentence less worth sending, but no worse than the title alone; nor is "denies"
# where it claims something: "The authors did not observe …".
_NO_FAULT = ("sets the scene", "denies what one might expect")
_FIRST_STATEMENT, _LATEST_STATEMENT = 1.2, 6
_WHAT_IT_IS = 1.8
_IS_A = re.compile(
    r"(.{2,80}?) (?:\([^()]*\) )?(?:is|are) an? (?!well|popular|common|important|challeng|hard|difficult)"
)
# The least weight of a rule that makes a claim, not a remark on how it works.
_A_CLAIM = 1.0
_OFTEN = 3
# What a sentence that begins "However, …" is unfit for, if it says nothing of the paper.
_OF_ANOTHER_MATTER = (
    "a question",
    "chatter about the review",
    "points at a figure, table or section",
    "points elsewhere",
)


@lru_cache(maxsize=64)
def analyse(summary: Summary) -> Analysis:
    """The sentences of a summary with their scores. Kept, so that a second account does not pay again."""
    document = read(summary.text)
    known = known_below(summary.title, document.blocks)
    judged = _judged(document.blocks, summary.title, known)
    if any(sentence.opens for sentence in judged):
        return Analysis(judged, document.images, "summary", known)
    abstract = _judged(read(_unwrapped(summary.abstract)).blocks, summary.title, known)
    if any(sentence.opens for sentence in abstract):
        return Analysis(abstract, document.images, "abstract", known)
    return Analysis(judged, document.images, "none", known)


def known_below(title: str, blocks: Sequence[Block]) -> frozenset[str]:
    """Stems of the words that a reader of the title knows, and of what the text begins by naming."""
    known = frozenset(knowledge.known_from(title))
    return known | frozenset(knowledge.introduced_by(blocks[0].text)) if blocks else known


def _unwrapped(abstract: str) -> str:
    """An abstract is one paragraph, broken at column 80: a line that begins with "1." or "-" is no list."""
    return " ".join(abstract.split())


@dataclass(frozen=True, slots=True)
class _Text:
    """What the judging of a sentence needs to know of the text around it. name: what the paper is called before its
    colon, in lower case. names: those it gives. they: the text calls its authors so."""

    title: str
    name: str
    titled: frozenset[str]
    known: frozenset[str]
    names: frozenset[str]
    they: bool


def _judged(blocks: Sequence[Block], title: str, known: frozenset[str]) -> tuple[Sentence, ...]:
    return tuple(readers.judged(one, title) for one in by_the_rules(blocks, title, known))


def by_the_rules(blocks: Sequence[Block], title: str, known: frozenset[str]) -> tuple[Sentence, ...]:
    """The sentences of a text, before readers are asked."""
    found = list(islice(_placed(blocks), MOST_BLOCKS))
    lowers = [text.lower() for text, _, _ in found]
    they = (
        any(map(references.calls_its_authors_they, lowers))
        or sum(map(references.does_what_authors_do, lowers)) >= _OFTEN
    )
    around = _Text(
        title.lower(),
        title.partition(":")[0].strip().lower(),
        form.content(title),
        known,
        knowledge.names_in(title),
        they,
    )
    judged = [_judge(place, text, block, around, follows) for place, (text, block, follows) in enumerate(found)]
    for one, after in pairwise(judged):
        if after.follows and (references.begins_a_series(one.text) or references.takes_the_next_step(after.text)):
            judged[one.place] = replace(one, unfinished=True)
        elif after.follows and not one.of_authors and _takes_back(after):
            judged[one.place] = replace(one, countered=True)
    first = next((one for one in judged if one.states), None)
    if first is not None and first.place <= _LATEST_STATEMENT:
        judged[first.place] = replace(
            judged[first.place],
            alone=round(first.alone + _FIRST_STATEMENT, 2),
            signs=(*first.signs, ("alone: the first thing the authors do", _FIRST_STATEMENT)),
        )
    return tuple(judged)


def _takes_back(sentence: Sentence) -> bool:
    """Whether it speaks against the one before it, of the same matter."""
    return references.contrasts(sentence.text) and sentence.signs[0][0] not in _OF_ANOTHER_MATTER


def _placed(blocks: Sequence[Block]) -> Iterator[tuple[str, Block, bool]]:
    """The sentences in their order, each with its block and whether it follows its predecessor."""
    previous: Block | None = None
    for block in lists.joined(blocks):
        together = previous is not None and block.section == previous.section and not _leaves_a_list(previous, block)
        for number, text in enumerate(sentences.split(block.text)):
            yield text, block, number > 0 or together
        previous = block


def _leaves_a_list(previous: Block, block: Block) -> bool:
    return previous.kind == "item" and block.kind == "paragraph"


def _judge(place: int, text: str, block: Block, around: _Text, follows: bool) -> Sentence:
    text = references.with_they(text)
    opened = references.standing_alone(text, they=around.they or (place == 0))
    lower = opened.lower()
    malformed = form.malformed(opened, lower, block, around.titled)
    incomplete = [(malformed, _INCOMPLETE)] if malformed in _FRAGMENTS and _may_stand(opened, block) else []
    if reason := ("" if incomplete else malformed) or signals.unfit(lower):
        return _unfit(place, text, opened, reason, follows=follows)
    leans = references.leans(lower, around.known)
    unmet = knowledge.unmet(opened, around.known)
    merits = _merits(lower, around)
    names = {name for name, _ in merits}
    of_the_paper = not names.isdisjoint(_OF_THE_PAPER)
    doubts = list(signals.doubts(lower, of_the_paper=of_the_paper))
    named = _speaks_of_the_title(text, around)
    circumstances = _circumstances(place, text, lower, block, around, leans=leans, named=named)
    found = [*incomplete, *merits, *doubts, *circumstances]
    claims = any(weight >= _A_CLAIM for _, weight in merits)
    barred = _barred(text, opened, place, claims=claims)
    deep = names.isdisjoint(_OF_THE_WHOLE) and _is_of_a_part(block)
    if opened != text:
        named = _speaks_of_the_title(opened, around)
    alone = [
        *barred,
        *_alone(
            opened,
            place,
            unmet,
            claims=claims,
            of_the_paper=of_the_paper,
            deep=deep,
            doubted=bool(doubts),
            named=named,
        ),
    ]
    finished = form.finished(text)
    spelled = references.with_authors(text, they=around.they)
    return Sentence(
        place=place,
        text=finished,
        score=_total(found),
        signs=(*found, *((f"alone: {name}", weight) for name, weight in alone)),
        leans=leans,
        follows=follows,
        lost=bool(unmet),
        opened=finished if opened == text else form.finished(opened),
        alone=_total(alone),
        claims=claims,
        barred=bool(barred),
        spelled=finished if spelled == text else form.finished(spelled),
        # With fewer words it speaks of it only if it does with more.
        named=named and _speaks_of_the_title(opened, around, words=1),
        digest=block.digest,
        deep=deep,
        titled=knowledge.begins_with_one_of(around.names, opened),
        fragment=bool(incomplete),
        complains=not claims and any(name == _COMPLAINT for name, _ in doubts),
        doubted=_shows_a_fault(doubts, claims=claims, begins=named and place == 0),
        **_deeds(names),
    )


def _may_stand(fragment: str, block: Block) -> bool:
    sign = signals.section_sign(block.section)
    return form.says_something(fragment) and (sign is None or sign[1] > 0)


def _unfit(place: int, text: str, opened: str, reason: str, *, follows: bool) -> Sentence:
    whole, begun = form.finished(text), form.finished(opened)
    return Sentence(place, whole, None, ((reason, None),), leans=False, follows=follows, opened=begun)


def _merits(lower: str, around: _Text) -> list[tuple[str, float]]:
    merits = signals.merits(lower)
    return [("says what the paper's method is", _WHAT_IT_IS), *merits] if _says_what_it_is(lower, around) else merits


def _is_of_a_part(block: Block) -> bool:
    return len(block.section) > 1 and not any(map(signals.of_results, block.section))


def _deeds(merits: set[str]) -> dict[str, bool]:
    """What is done in a sentence, by the names of its merits, and by whom."""
    of_authors = not merits.isdisjoint(_OF_THE_AUTHORS)
    return {
        "acts": not merits.isdisjoint(_ACTS),
        "of_authors": of_authors,
        "motive": "says what it is for" in merits,
        "finds": not merits.isdisjoint(_FINDS),
        "proposes": of_authors and "proposes" in merits,
    }


def _shows_a_fault(doubts: Sequence[tuple[str, float]], *, claims: bool, begins: bool) -> bool:
    """claims: a claim of the paper may deny. begins: what the text begins with, about what its title names, may be a
    detail."""
    harmless = {*_NO_FAULT, *(["denies"] if claims else []), *(["a detail of training"] if begins else [])}
    return any(name not in harmless for name, _ in doubts)


def _total(found: Sequence[tuple[str, float]]) -> float:
    return round(sum(weight for _, weight in found), 2)


def _alone(
    opened: str,
    place: int,
    unmet: Sequence[str],
    *,
    claims: bool,
    of_the_paper: bool,
    deep: bool,
    doubted: bool,
    named: bool,
) -> list[tuple[str, float]]:
    """What speaks for and against a sentence that opens a post or has no neighbours there."""
    checks = (
        ("what the paper does comes early", 1.2 * math.exp(-place / 3), of_the_paper),
        ("comes late", -1.2 * (1 - math.exp(-place / 8)), not of_the_paper),
        ("the text begins with it", 0.8, place == 0 and not claims and not doubted),
        ("speaks of a method not named", -0.5, knowledge.speaks_of_an_unnamed_method(opened.lower())),
        ("says nothing of the paper", -0.7 if named else -1.7, not claims),
        (f"takes as known: {', '.join(unmet)}", -readers.EACH_UNMET_COSTS * min(3, len(unmet)), bool(unmet)),
        ("of a part", -0.6, deep),
        ("letters of a formula", -0.8, knowledge.symbols(opened) > 0),
    )
    return [(name, round(weight, 2)) for name, weight, holds in checks if holds]


def _barred(text: str, opened: str, place: int, *, claims: bool) -> list[tuple[str, float]]:
    """What keeps a sentence from opening even a group of several."""
    lower = opened.lower()
    checks = (
        ("a noun with a clause", -2.0, signals.is_headless(opened)),
        ("has no subject", -2.0, signals.has_no_subject(opened)),
        ("speaks against what is not there", -1.5, references.contrasts(text)),
        (
            "nothing but a method not named",
            -0.5,
            not claims and knowledge.speaks_of_an_unnamed_method(lower),
        ),
    )
    found = (sign for sign in signals.never_alone(lower) if place or sign[0] != "one of the experiments")
    return [*found, *((name, weight) for name, weight, holds in checks if holds)]


def _speaks_of_the_title(opened: str, around: _Text, *, words: int = 4) -> bool:
    """Whether one of its first words is of the title, or its short form."""
    opening = " ".join(_ARTICLE.sub("", opened).split(None, words)[:words])
    if _PREPOSITION.match(opening):
        return False
    if not around.titled.isdisjoint(form.WORD.findall(opening.lower())):
        return True
    return any(word.lower().rstrip("s") in around.known for word in _ACRONYM.findall(opening))


def _says_what_it_is(lower: str, around: _Text) -> bool:
    """Whether it is "DRAW is a network that …" below the title "DRAW: …", or with its short form."""
    found = _IS_A.match(lower)
    if found is None:
        return False
    subject = _ARTICLE.sub("", found[1])
    if f"{subject} (" in lower and any(part.startswith(subject) for part in re.split(r": +| [-–—] +", around.title)):
        return True
    return subject == around.name or (subject == subject.split()[0] and subject in around.title.split())


def _circumstances(
    place: int, text: str, lower: str, block: Block, around: _Text, *, leans: bool, named: bool
) -> list[tuple[str, float]]:
    """What counts beside the words: where the sentence stands, its form, and what it shares with the title."""
    titled = around.titled
    sign = signals.section_sign(block.section)
    checks = (
        ("comes early", 1.9 * math.exp(-place / 5), True),
        (*(sign or ("", 0.0)), sign is not None),
        ("shares words with the title", 0.9 * len(form.content(lower) & titled) / max(1, len(titled)), bool(titled)),
        ("speaks of what the title names", 1.0, named),
        ("no verb that is known", -1.2, block.kind == "paragraph" and form.lacks_a_verb(text)),
        ("a noun with a clause", -2.5, block.kind == "item" and signals.is_headless(text)),
        ("has no subject", -2.6, signals.has_no_subject(text)),
        ("defines a term", -1.2, not named and signals.defines_a_term(lower)),
        ("leans on the sentence before", -0.5, leans),
        ("has no full stop", -1.0, block.kind == "paragraph" and not form.is_ended(text)),
        ("an item of a list", -0.3, block.kind == "item"),
        ("says little", -1.2, len(lower) < 50),
        ("hard to read", -0.8, len(lower) > 330),
    )
    return [(name, round(weight, 2)) for name, weight, holds in checks if holds]
