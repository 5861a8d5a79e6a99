"""What only refers - to a figure, a footnote, another paper - and the writer's own remarks: a sentence says the same
without."""

import re
from dataclasses import dataclass

from bot.formatter.characters import LOST
from bot.formatter.words import FINITE_WORDS

_WIKI_LINK = re.compile(r"(?<!\w)\[\[(?=[^\[\]\n]*[A-Za-z])([^\[\]\n]{1,200})\]\](?!\()")
# "(Figure 1)", "(see Table 3, left)", "(figure below)": a sentence says the same without. Not "as in (Eq. 2)".
_POINTER = re.compile(
    r"(?<!\bin)(?<!\bsee)(?<!\bby)(?<!\bfrom)(?<!\bof)(?<!\bto)(?<!\band)(?<!\bwith)(?<!\bas) "
    r"\((?:(?:see|cf\.?|shown in|as in|as shown in|in) )?(?:also |the )?"
    r"(?:(?:fig(?:ure)?|tab(?:le)?|sec(?:tion)?|eqn?|equation|appendix|algorithm|alg|chapter)(?:s|es)?\.? ?"
    r"(?:\d|[a-f]\b)[\w.]{0,4}(?:(?:,| and|, and| &|–|-) ?\d[\w.]{0,4}){0,3}"
    r"(?:,? (?:left|right|top|bottom|above|below))?"
    r"|(?:figure|fig\.?|image|diagram|table|plot|picture) (?:above|below))\)",
    re.IGNORECASE,
)
# "(Guu et al., 2020)", "(Seipp and Helmert 2013; Katz, 2012)", but neither "(Pascal VOC 2012)" nor "(May, 2012)".
_NAME = r"(?!Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sep|Oct|Nov|Dec)[A-Z][\w'’-]{1,30}"
_WORK = (
    rf"{_NAME}(?:(?:, (?:and |& )?| and | & | ){_NAME}){{0,5}}"
    rf"(?:,? et al\.?,? |, | )(?:19|20)\d\d[a-z]?(?:, pp?\. ?\d+)?"
)
_CITED_BY_NAME = re.compile(
    rf" \((?=[^()]*(?:, (?:19|20)|et al| and | & ))(?:(?:see|e\.g\.,?|cf\.?) )?{_WORK}(?:[;,] {_WORK}){{0,5}}\)"
)
# "(see 3.2 for the proof)", "(more details in the paper)".
_ELSEWHERE = (
    r"(?:the )?(?:original |full )?(?:paper|appendix|supplement\w*|section|chapter|report|blog|repo\w*|website)\b"
)
_MORE_ELSEWHERE = re.compile(
    rf" \((?:(?:please )?(?:see|read|refer to) (?:{_ELSEWHERE}|below\b|above\b|here\b|\d)[^()\n]{{0,80}}"
    rf"|(?:for )?(?:more |further )?details? (?:are )?(?:(?:in|on|at) {_ELSEWHERE}|below\b|above\b|here\b)"
    r"[^()\n]{0,80})\)",
    re.IGNORECASE,
)
# "(I think)": the writer's remark goes, the sentence stays.
_OWN_ASIDE = re.compile(
    r" \((?=[^()]{0,160}\b(?:(?<!ype )(?<!art )(?<!hase )I (?!and\b|or\b|is\b|in\b|to\b|of\b|for\b|vs\b)[a-z]{2,}"
    r"|I['’][a-z]|in my (?:opinion|view)\b|my (?:summary|notes?|review|own|understanding|guess)\b|to me\b"
    r"|IMH?O\b))[^()\"“=+]{2,160}\)(?![\w(])"
)
# `[3]` behind a word, `[^3]`, and what they stand for; `[[a page|words]]`.
_CITED = re.compile(r"(?:(?<=[A-Za-z]{3})|(?<=[a-z]{2}[.,]))\[[1-9]\d{0,2}(?:[,–-] ?[1-9]\d{0,2})*\]")
# "the ReLU [1], and" in a text that has several such marks; "layer [3]" is no citation.
_CITED_APART = re.compile(r"(?P<word>[\w’'-]+|[)\"”]) \[[1-9]\d{0,2}\](?=[\s.,;:)]|$)")
_SEVERAL_APART = re.compile(r"(?P<word>[\w’'-]+|[)\"”]) \[[1-9]\d{0,2}(?:, ?[1-9]\d{0,2}){1,9}\](?=[\s.,;:)]|$)")
_FEWEST_APART, _FEWEST_FOR_LISTS = 2, 3
# Behind these a citation is a word of its sentence: "In [3]", "outperforms [3]", "using [3]".
_NEEDS_A_WORD = frozenset(
    "in by of from to with see as like than and or on per upon at via for unlike against between over within across"
    " under that but not is are was were be following using".split()
)
_COUNTED = re.compile(
    r"(?:layer|step|stage|level|class|label|position|index|prefix|element|block|head|token|item|set|range|interval|vector"
    r"|size|shape|rate|width|score|value|unit|channel|filter|dimension|word)s?$",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(r" ?\[\^[\w-]{1,30}\](?!\()")
FOOTNOTE_ITSELF = re.compile(r"^ {0,3}\[\^[\w-]{1,30}\]:.*$", re.MULTILINE)
# What goes with its brackets, whatever stands before it.
BRACKETS = (_POINTER, _MORE_ELSEWHERE, _OWN_ASIDE)


@dataclass(frozen=True, slots=True)
class Citations:
    """How a text cites: whether with `[3]` right behind its word, apart from it, and several at once."""

    tight: bool = False
    apart: bool = False
    several: bool = False


def citations(source: str) -> Citations:
    """One `[3]` may be an index, several are citations."""
    if "[" not in source:
        return Citations()
    apart = {found.group().partition(" ")[2] for found in _CITED_APART.finditer(source)}
    return Citations(
        tight=len(set(_CITED.findall(source)) | apart) > 1,
        apart=len(apart) >= _FEWEST_APART,
        several=len(apart) >= _FEWEST_FOR_LISTS,
    )


def without(words: str, cites: Citations) -> str:
    """Words without the marks in square brackets that only refer."""
    words = _WIKI_LINK.sub(_shown, _FOOTNOTE.sub("", words))
    words = _CITED_APART.sub(lambda found: _without_one(found, sure=cites.apart), words)
    words = _SEVERAL_APART.sub(_without_several, words) if cites.several else words
    return _CITED.sub("", words) if cites.tight else words


def without_names(text: str) -> str:
    """Text without those it cites in round brackets; not where they are a word of the sentence."""
    return _CITED_BY_NAME.sub(_unless_needed, text)


def _without_one(found: re.Match[str], *, sure: bool) -> str:
    """What is left of a word and the mark behind it. sure: whether the text has more of them."""
    word = found["word"]
    if word in ')"”':
        return word
    if _counts(word):
        return found.group()
    if _needs_a_word(word):
        return f"{word} {LOST}"
    return word if sure else found.group()


def _without_several(found: re.Match[str]) -> str:
    word = found["word"]
    return found.group() if _counts(word) or _needs_a_word(word) else word


def _counts(word: str) -> bool:
    """Whether a number behind the word belongs to it: "layer [3]"."""
    return _COUNTED.match(word) is not None or word[-1].isdigit()


def _unless_needed(found: re.Match[str]) -> str:
    before = found.string[: found.start()].rpartition(" ")[2]
    return found.group() if _needs_a_word(before) or before[-1:] in ",.;:-–—" else ""


def _needs_a_word(before: str) -> bool:
    lower = before.lower()
    return lower in _NEEDS_A_WORD or lower in FINITE_WORDS or lower.endswith("ing")


def _shown(found: re.Match[str]) -> str:
    """What a wiki shows of `[[page|words]]`."""
    return next(part for part in reversed(found[1].split("|")) if part.strip()).replace("_", " ").strip()
