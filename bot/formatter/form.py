"""The form of a sentence: whether it is one at all, how it ends, which of its words carry what it says."""

import re
from functools import lru_cache

from bot.formatter import shorten, signals
from bot.formatter.characters import TIGHT
from bot.formatter.text import Block

_ENDED = re.compile(r"[.!?…。！？][\"”’')\]]*$")
WORD = re.compile(r"\w{3,}")
_ENUMERATOR = re.compile(r"(?:^|(?<=\s))\(?\w{1,2}\)")
# Written so by those who gave it: "t-SNE", "iGPT".
_A_NAME = re.compile(r"[a-z][\w-]*[A-Z]")
_PERSON = r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){1,3}"
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_BYLINE = re.compile(
    rf"{_PERSON}(?:(?:, and |, ?| and ){_PERSON})*(?:,? et al\.?)?, "
    rf"(?:(?:\d{{1,2}} )?(?:{_MONTHS})[a-z]* \d{{4}}\b|[A-Z][\w&’' -]{{1,40}} (?:19|20)\d\d\.?$)"
)
_PEOPLE = re.compile(rf"{_PERSON}(?:(?:, and |, ?| and ){_PERSON})+[.,]?")
_PAIRED = re.compile(r"[()\"“”]")
# What an item of a list says that is of no paper, and what it is written with.
_OF_NO_PAPER = re.compile(
    r"(?:an? |the )?(?:need|lack|problem|task|challenge|difficult|example|comparison|discussion|list|notes?|review"
    r"|overview|most|many|some|other|all|more|less|no|not|good|great|nice|better|same|similar|additional)\b"
)
_A_SKETCH = re.compile(r"[;=<>|/→⇒]| - ")
# From Cyrillic on; between them stand the signs that all scripts use, and Latin ligatures.
_OTHER_SCRIPT = re.compile(
    "[\u0400-\u1cff\u2e80-\ud7ff\uf900-\ufaff\ufb1d-\ufdff\ufe70-\ufeff\uff66-\uffdc\U00020000-\U0003ffff]"
)
_FEWEST_WORDS = 7
# Share of its words with a capital from which on it is a name.
_CAPITALS = 0.7
_STOP_WORDS = frozenset(
    "the and for with from that this are was were its their has have not but can which using via our into".split()
)


def malformed(text: str, lower: str, block: Block, titled: frozenset[str]) -> str:
    """Why a sentence is none, by its form, or nothing."""
    latin, words = _is_latin(text), content(lower)
    if latin and (len(text) < 25 or len(text.split(None, 3)) < 4):
        return "too short"
    if _unmatched(text):
        return "brackets do not match"
    if text[:1] in "⇒→-–—*+=<>|/\\,;:.)&~•·":
        return "starts with a sign"
    if words and len(words & titled) >= 0.8 * len(words | titled):
        return "repeats the title"
    if _PEOPLE.fullmatch(text) or _BYLINE.match(text):
        return "names of people"
    if len(text) > 900:
        return "too long"
    # Last, since these two may be forgiven.
    if block.kind == "item" and not block.digest and lacks_a_verb(text):
        return "no verb"
    if latin and "a" <= text[:1] <= "z" and block.kind == "paragraph" and not _A_NAME.match(text):
        return "a fragment"
    return ""


def lacks_a_verb(text: str) -> bool:
    """Whether nothing in it looks like a finite verb, as far as the rules know its words."""
    return _is_latin(text) and not signals.has_verb(text)


def _is_latin(text: str) -> bool:
    """Whether it has letters of no script but Latin and, in formulas, Greek."""
    return text.isascii() or _OTHER_SCRIPT.search(text) is None


def says_something(fragment: str) -> bool:
    """Whether an item of a list that is no sentence may say what the paper has: "A network that counts birds"."""
    return (
        fragment.count(" ") >= _FEWEST_WORDS - 1
        and not _OF_NO_PAPER.match(fragment.lower())
        and not _A_SKETCH.search(fragment)
        and not _is_a_name(fragment)
    )


def _is_a_name(fragment: str) -> bool:
    """Whether it is written as the title of something is: "Counting Birds with Small Networks"."""
    words: list[str] = [word for word in WORD.findall(fragment) if word not in _STOP_WORDS]
    return bool(sum(word[0].isupper() for word in words) > _CAPITALS * len(words))


def _unmatched(text: str) -> bool:
    """A bracket is closed that was never opened, or one that is open cannot be left out."""
    if not _PAIRED.search(text):
        return False
    bare = _ENUMERATOR.sub(_without_enumerator, shorten.without_asides(text).replace(TIGHT, " "))
    straight, curly = bare.count('"'), bare.count("“") - bare.count("”")
    return bare.count("(") != bare.count(")") or ((straight + curly) % 2 == 1 if straight else curly != 0)


def _without_enumerator(found: re.Match[str]) -> str:
    """Nothing for the "a)" of a list, but what closes "p(x, y)" stays."""
    before = found.string[: found.start()]
    return found.group() if before.count("(") > before.count(")") and found.group()[0] != "(" else ""


@lru_cache(maxsize=256)
def content(text: str) -> frozenset[str]:
    """The words that carry what a text says."""
    return frozenset(WORD.findall(text.lower())) - _STOP_WORDS


def finished(text: str) -> str:
    """The sentence with a capital, unless it begins with code, and a full stop."""
    text = text.strip(" ")
    if text[:1].islower() and re.match(r"a(?= [a-z])|[a-z]{2,}\b(?![\d(\[=-]|[./]\w)", text):
        text = text[:1].upper() + text[1:]
    return text if is_ended(text) else text.rstrip(",;:") + "."


def is_ended(text: str) -> bool:
    return text.endswith((".", "!", "?", "…")) or _ENDED.search(text) is not None
