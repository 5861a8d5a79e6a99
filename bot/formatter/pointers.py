"""What only refers - to a figure, a footnote, another paper - and the writer's own remarks: a sentence says the same
without."""

import re

from bot.formatter.characters import LOST

_WIKI_LINK = re.compile(r"(?<!\w)\[\[(?=[^\[\]\n]*[A-Za-z]{2})([^\[\]\n]{2,200})\]\](?!\()")
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
# "(Guu et al., 2020)", "(Seipp and Helmert 2013; Katz, 2012)": who is cited; not "The net from (Katz, 2012)".
_NAME = r"[A-Z][\w'’-]{1,30}"
_WORK = (
    rf"{_NAME}(?:(?:, (?:and |& )?| and | & | ){_NAME}){{0,5}}(?:,? et al\.?)?,? (?:19|20)\d\d[a-z]?(?:, pp?\. ?\d+)?"
)
_CITED_BY_NAME = re.compile(
    r"(?<!\bin)(?<!\bsee)(?<!\bby)(?<!\bfrom)(?<!\bof)(?<!\bto)(?<!\band)(?<!\bwith)(?<!\bas)(?<!\blike)(?<!\bthan) "
    rf"\((?:(?:see|e\.g\.,?|cf\.?) )?{_WORK}(?:[;,] {_WORK}){{0,5}}\)"
)
# "(see 3.2 for the proof)", "(more details in the paper)".
_MORE_ELSEWHERE = re.compile(
    r" \((?:(?:please )?(?:see|read|refer to) (?!if\b|whether\b|how\b|that\b)[^()\n]{1,80}"
    r"|(?:for )?(?:more |further )?details? (?:are )?(?:in|on|at|below|above|here)\b[^()\n]{0,80})\)",
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
# "the ReLU [1], and": one number apart from its word is no index and no interval.
_CITED_APART = re.compile(
    r"(?:(?P<lean>\b(?:in|by|of|from|to|with|see|as|like|than|and|on|per))|(?<=[\w)\"”’.,])) \[[1-9]\d{0,2}\]"
    r"(?=[\s.,;:)]|$)"
)
# Several numbers apart are citations where the text has more of them; not "in [1, 5]".
_SEVERAL_APART = re.compile(
    r"(?<=[\w)\"”’.,])(?<!\bin)(?<!\bof)(?<!\bto)(?<!\bfrom)(?<!\brange)(?<!\binterval)(?<!\bvector)(?<!\bsize)(?<!\bshape)"
    r" \[[1-9]\d{0,2}(?:, ?[1-9]\d{0,2}){1,9}\](?=[\s.,;:)]|$)"
)
_FOOTNOTE = re.compile(r" ?\[\^[\w-]{1,30}\](?!\()")
FOOTNOTE_ITSELF = re.compile(r"^ {0,3}\[\^[\w-]{1,30}\]:.*$", re.MULTILINE)
# What goes with its brackets.
BRACKETS = (_POINTER, _CITED_BY_NAME, _MORE_ELSEWHERE, _OWN_ASIDE)


def has_citations(source: str) -> bool:
    """One `[3]` right behind its word may be an index, several are citations."""
    if "[" not in source:
        return False
    found = {mark.group() for rule in (_CITED, _CITED_APART, _SEVERAL_APART) for mark in rule.finditer(source)}
    return len(found) > 1


def without(words: str, *, cites: bool) -> str:
    """Words without the marks in square brackets that only refer. cites: as `has_citations` says of the whole text."""
    words = _WIKI_LINK.sub(_shown, _FOOTNOTE.sub("", words))
    words = _CITED_APART.sub(lambda found: f"{found['lean']} {LOST}" if found["lean"] else "", words)
    return _SEVERAL_APART.sub("", _CITED.sub("", words)) if cites else words


def _shown(found: re.Match[str]) -> str:
    """What a wiki shows of `[[page|words]]`."""
    return next(part for part in reversed(found[1].split("|")) if part.strip()).replace("_", " ").strip()
