"""Sentences of a block. `sentencex` finds the boundaries; what it splits at an abbreviation or inside a bracket is
joined."""

import re
from collections.abc import Iterator

import sentencex

from bot.formatter.characters import BREAK

_OPEN_ENDED = re.compile(
    r"(?:\b(?:Eq|Eqs|Fig|Figs|Sec|Sect|Tab|Ref|Refs|Thm|Alg|App|Ch|approx|resp|incl|esp|conv|deconv|corresp|orig|init|comm|params?"
    r"|et al|i\.e|e\.g|cf|vs|viz|prev|w\.r\.t|s\.t|a\.k\.a|etc|no|No)"
    r"|(?<![\w.])[A-Z])\.\s*$"
)
# A word that may be an abbreviation of no list; behind a longer one, a sentence began without its capital.
_MAYBE_SHORT = re.compile(r"(?:^|\W)\w{0,3}\.\s*$|[^\w.)\]\"”’]\.\s*$")
# Two sentences whose full stop was lost with a line break: "… of the expansion This way, we still …".
_RUN_ON = re.compile(
    r" (?=(?:This|These|The|They|We|It|In|However|So|Here|To me|Given that|Overall|Finally"
    r"|Also|Note|There|Thus|But|If|For)\b,? [a-z])(?<=[a-z0-9)] )"
)
_ENUMERATOR = re.compile(
    r" (?=(?:\(?\d{1,2}\)|\(?[a-e]\)|\d{1,2}\.) [A-Z])"
    r"(?<=[:;,.a-z] )(?<! and )(?<! of )(?<! to )(?<! by )(?<! is )(?<! or )(?<! at )(?<! in )(?<! than )"
)
_ITEM = re.compile(r"(?:^|[:;,.] )1[.)] ")
_ONLY_ENUMERATOR = re.compile(r"\(?\d{1,2}[.)]\s*")

_BRACKET = re.compile(r"[()]")
_LONE = "\ue006"
_LONGEST_ASIDE = 300
# Longer than any abbreviation with the space behind it.
_LONGEST_ENDING = 40


def split(text: str) -> list[str]:
    """The sentences of one block, in their order, without white space around them."""
    found: list[str] = []
    for part in _without_enumerators(text).split(BREAK):
        for piece in _joined(sentencex.segment("en", _without_lone_brackets(part))):
            found.extend(_RUN_ON.split(piece.replace(_LONE, "(")))
    return [sentence for sentence in (word.strip() for word in found) if sentence]


def _without_enumerators(text: str) -> str:
    """`text` with a break before each item of an enumeration; "from net 1 to net 2. This" is none."""
    if _ENUMERATOR.search(text) is None:
        return text
    listed = _ITEM.search(text) is not None

    def broken(found: re.Match[str]) -> str:
        is_number = text[found.end()].isdigit() and text[found.start() - 1].isalpha()
        return BREAK if listed or not is_number else found.group()

    return _ENUMERATOR.sub(broken, text)


def _without_lone_brackets(text: str) -> str:
    """`text` with each bracket that is not closed soon replaced: sentencex ends no sentence inside brackets."""
    if "(" not in text:
        return text
    opened: list[int] = []
    lone: set[int] = set()
    for found in _BRACKET.finditer(text):
        if found.group() == "(":
            opened.append(found.start())
        elif opened:
            start = opened.pop()
            if found.start() - start > _LONGEST_ASIDE:
                lone.add(start)
    lone.update(opened)
    return "".join(_LONE if place in lone else character for place, character in enumerate(text)) if lone else text


def _joined(pieces: list[str]) -> Iterator[str]:
    whole = ""
    for piece in pieces:
        if whole and not _continues(whole, piece):
            yield whole
            whole = ""
        whole += piece
    if whole:
        yield whole


def _continues(whole: str, piece: str) -> bool:
    """Whether the sentence so far goes on with `piece`."""
    following = piece.lstrip()[:1]
    if not following or _ONLY_ENUMERATOR.fullmatch(whole):
        return True
    end = max(0, len(whole) - _LONGEST_ENDING)
    if whole.count("(") == whole.count(")") + 1 and piece.count(")") > piece.count("(") and len(whole) < 400:
        return True
    if _OPEN_ENDED.search(whole, end):
        return (
            following.islower()
            or following.isdigit()
            or following in "(["
            or bool(re.search(r"(?<![\w.])[A-Z]\.\s*$", whole))
        )
    return following.islower() and _MAYBE_SHORT.search(whole, end) is not None
