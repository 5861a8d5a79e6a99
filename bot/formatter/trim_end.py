"""What may go at the end of a sentence: a last clause, a consequence, examples, a purpose, a reason, a way, an
alternative, what follows a semicolon or a dash."""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from bot.formatter.clauses import ends_in_a_verb, finite, has_a_subordinate, list_is_open, whole
from bot.formatter.cuts import DASHES, DENIES, LIMITS, LIMITS_FROM_OUTSIDE, NEEDS, SHORTEST, Cut
from bot.formatter.words import AUTHORS_DO, AUTHORS_SAY, FINDING

# How many ends are looked at.
_MOST = 8
_CONSEQUENCES = (
    r"making|leading to|allowing|resulting in|enabling|thereby|(?:thus|hence) \w+ing|showing|achieving|improving"
    r"|reducing|outperforming|giving|yielding|providing|demonstrating|causing|helping|ensuring|preventing|avoiding"
    r"|eliminating|increasing|forcing|suggesting|indicating|beating|surpassing|saving|meaning|creating|encouraging"
)
_BE_OR_CAN = r"(?:is|are|was|were|has|have|can|could|will|does|do|did)\b"
_NO_NOUN = r"(?!(?:that|which|we|they|it|who|where|is|are|of)\b)"
_SUBJECT = (
    rf"(?:they|we|it|the authors|this|(?:the|its|their|these|this|each|all|an?) (?:{_NO_NOUN}[\w-]+ ){{0,2}}"
    rf"{_NO_NOUN}[\w-]+)"
)
_THUS = r"(?:also |thus |then |hence |therefore |so |finally )?"
_TAILS = re.compile(
    r", (?P<which>(?:(?:in|for|of|by|with|from|on|at|to|through|during|(?:most|some|each|all|both|one) of) )?"
    r"(?:which|whom|who)\b|where\b(?! \w\b))"
    rf"|, (?P<consequence>(?:{_CONSEQUENCES})\b)"
    r"|,? (?P<example>such as|e\.g\.,?|i\.e\.,?|for example,?|for instance,?|especially|similar to|including)(?= )"
    r"|; (?P<semicolon>(?=\w))"
    r"|,? (?P<purpose>(?:in order|so as) to )"
    rf"|, (?:and|so) {_THUS}(?P<clause>{_SUBJECT} (?:also )?{_BE_OR_CAN})"
    rf"|, (?:and|so) {_THUS}(?P<deed>(?:they|we|the authors) (?:also |then )?(?:{AUTHORS_SAY}|{AUTHORS_DO})\b)"
    rf"|, and {_THUS}(?P<predicate>{_BE_OR_CAN})"
    rf"|,? and {_THUS}(?P<finding>{FINDING} (?:that|how)\b|(?:{AUTHORS_SAY}|{AUTHORS_DO}|evaluates?|compares?|tests?)"
    r" (?:the|an?|its|their|it|them|that|how|several|two|three|both|new|this|these)\b)"
    r"|, (?P<reason>because|since|so that|so(?= the| they| it| we| that| this)"
    r"|as(?= (?:it|they|this|these|we|there) (?:is|are|was|were|can|has|have|does|do|did|will)\b))(?= )"
    r"| (?P<way>by (?:\w+ly )?\w+ing)(?= )"
    r"| (?P<instead>instead of|rather than|as opposed to)(?= )"
    r"|(?<=[a-z)\"”]) [–—-] (?P<dash>(?=[A-Za-z][\w-]))"
)
# By kind: what losing it costs, what losing nearly all of the sentence with it would cost beside, and how.
_TAIL_COSTS = {
    "which": (0.7, 1.0, "without its last clause"),
    "consequence": (0.7, 1.0, "without the consequence"),
    "example": (0.5, 0.8, "without its examples"),
    "semicolon": (0.8, 1.0, "without what follows the semicolon"),
    "purpose": (0.9, 1.0, "without its purpose"),
    "clause": (0.9, 1.0, "without its last clause"),
    "deed": (0.9, 1.0, "without its last clause"),
    "predicate": (0.9, 1.0, "without its last clause"),
    "finding": (0.9, 1.0, "without its last clause"),
    "reason": (1.0, 1.0, "without the reason"),
    "way": (1.2, 1.2, "without the way"),
    "instead": (0.9, 1.0, "without the alternative"),
    "dash": (0.9, 1.0, "without what follows the dash"),
}
# Parts with a claim of their own: what that depends on may go with it.
_CLAIMS_BY_THEMSELVES = frozenset(("which", "semicolon", "clause", "deed", "finding"))
_AUTHORS_FIRST = re.compile(
    r"(?:Authors|The (?:authors?|paper|article|study|work)|They|We|This (?:paper|work|article|study)|It)\b"
)
_OPEN_PAIR = re.compile(
    r"\bboth\b(?!.* and )|\beither\b(?!.* or )"
    r"|\b(?:neither|not only|between|whether|if|when|once|the more|so|such)\b(?!.*,)",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"\b(?:various|several|many|other|different|range of|multiple|number of|variety of|kinds? of|types of)\b[^,]*$"
)
# "… as networks, which learn": the comma is one too many, and the clause says which ones.
_OF_A_KIND = re.compile(r"\b(?:as|are|many|those) (?:(?!than\b|in\b|of\b|on\b|by\b)[\w-]+ ){0,2}[\w-]+s$")
_NEW_CLAUSE = re.compile(r", (?:the|they|it|we|this|one|an?) ")
_NEW_SENTENCE = re.compile(r"(?<!e\.g)(?<!i\.e)(?<! al)(?<! vs)(?<!etc)\. \w")
_POINTS_AT = re.compile(r"\b(?:this|these|following|two|three|four|five)\b")
_COMPARES = re.compile(r"\b(?:better|worse|more|less|prefer\w*|easier|faster)\b")
_GERUND_LIST = re.compile(r"\b\w+ing\b.*, (?:and|or) \w+ing\b")


def cuts(sentence: str) -> Iterator[Cut]:
    for found in islice(_TAILS.finditer(sentence), _MOST):
        kind = found.lastgroup or ""
        head, tail = sentence[: found.start()], sentence[found.start() :]
        limits = LIMITS_FROM_OUTSIDE if kind in _CLAIMS_BY_THEMSELVES else LIMITS
        if len(head) < SHORTEST or limits.search(tail) or not _ends_there(kind, head, tail):
            continue
        base, more, how = _TAIL_COSTS[kind]
        yield Cut(found.start(), len(sentence), round(base + more * len(tail) / len(sentence), 2), how)


def _ends_there(kind: str, head: str, tail: str) -> bool:
    """Whether the sentence can end before a part of this kind."""
    return (
        not _OPEN_PAIR.search(head)
        and not _NEW_SENTENCE.search(tail)
        and not list_is_open(head)
        and whole(head)
        and (kind not in _OF_THE_VERB or not DENIES.search(head))
        and (kind not in _MAY_END or _MAY_END[kind](head, tail))
    )


def _ends_before_examples(head: str, tail: str) -> bool:
    if tail.startswith(","):
        return not _NEW_CLAUSE.search(tail)
    return not tail.startswith(" similar") and _MANY.search(head) is not None and not _NEW_CLAUSE.search(tail)


def _is_of_the_authors(head: str, _: str) -> bool:
    return _AUTHORS_FIRST.match(head) is not None and not ends_in_a_verb(head)


# Parts that belong to the verb: "not" before it is about them, too.
_OF_THE_VERB = frozenset(("purpose", "way", "instead"))
_MAY_END: dict[str, Callable[[str, str], bool]] = {
    "which": lambda head, tail: tail.count(", which") < 2 and not _OF_A_KIND.search(head),
    "example": _ends_before_examples,
    "consequence": lambda head, tail: not _GERUND_LIST.search(head + tail),
    "finding": _is_of_the_authors,
    "way": lambda head, tail: _is_of_the_authors(head, tail) and not has_a_subordinate(head),
    "semicolon": lambda head, tail: tail.count(";") == 1 and ":" not in head and finite(tail),
    "purpose": lambda head, _: not NEEDS.search(head) and not has_a_subordinate(head),
    "instead": lambda head, _: not _COMPARES.search(head),
    "dash": lambda head, tail: len(DASHES.findall(head + tail)) == 1 and not _POINTS_AT.search(head),
}
