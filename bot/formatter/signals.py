"""What a sentence's words say about it: whether it can stand in a post, and how much it says of the paper."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import zip_longest

from bot.formatter.doubts import DOUBTS, NEVER_ALONE
from bot.formatter.merits import WORTH
from bot.formatter.rules import UNFIT, Rule, Rules
from bot.formatter.words import FINITE_WORDS, METHOD, PAPER

_DEFINES = re.compile(
    r"^(?:an? |the )?(?:[\w/()’'-]+ ){1,6}?(?:is|are|means|refers to) (?:an? |the |those |phases|when|if"
    r"|defined|methods|models)"
)
_OWN = re.compile(
    rf"^(?:the |their |our |this )?(?:\w+ )?(?:{PAPER}|{METHOD}|contributions?|goal|result|aim|insight"
    rf"|difference|main|key|basic|core|central)\b"
)

_CLAUSE = re.compile(r"((?:\S+ ){1,12}?)(?:which|that|where|who) ")
# "Unlike earlier models, which …, this one reads twice": the sentence comes behind the clause.
_UNLIKE = re.compile(r"(?:Unlike|Like|In|For|With|As|Compared (?:to|with)|In contrast to)\b")
_PREPOSITIONS = frozenset(
    ("by", "with", "from", "to", "in", "on", "using", "as", "at", "for", "into", "down", "via", "of")
)
_GOOD_SECTION = re.compile(
    r"contribution|key (?:idea|point|insight|result|take)|main (?:idea|point|result)|summary|overview"
    r"|abstract|tl;?dr|^what$|idea|conclusion|finding|proposed|in short|takeaway|introduction|novelty"
    r"|highlights|problem addressed|problem statement|^(?:our |the |proposed )?solution|^proposal"
)
_RESULT_SECTION = re.compile(r"result|evaluation|performance|observation|strength|gain|advantage|pros\b|benefit")
_BAD_SECTION = re.compile(
    r"^(?:the )?problem:?$"
    r"|see also|related|reference|link|^notes?\b|question|comment|critici|weakness|dislike|^cons\b|funny"
    r"|background|motivation|prior|training|implementation|dataset|data set|^data\b|hyper|setup|set-up"
    r"|settings?\b|notation|prelimin"
    r"|future|chapter|\bmy\b|\bi\b|resources|code|limitation|drawback|rating|opinion|thoughts|appendix"
    r"|baseline|example|definition|terminolog|glossary|discussion|intuition|details|history|context"
    r"|acknowledg|experiment|metrics|tasks?$|^why|open problem|caveat"
)


_SAID_TWICE = 0.4
_HALVED = ("a detail of training", "a doubt or complaint", "denies")
_LATIN_WORD = re.compile(r"[a-z][a-z']*")
# A verb of no list gives itself away: "They rolled …", "controls the magnitude".
_SUBJECT_AND_VERB = re.compile(
    r"^(?:they|it|we|he|she|the authors) [a-z]+\b|s (?:use|model|test|study|design)\b|\bresults? in\b"
    r"|^(?!(?:many|some|other|its|their|the|several) uses)[^,;:]*\w uses (?!of\b|for\b|in\b|and\b|or\b)\w"
    r"|\b[a-z]{3,}(?:[^s\W]s|ed) (?:the|an?|its|their|all|each|every|both)\b"
)

_UNFIT = Rules(UNFIT)
# Asked together, once a sentence is fit.
_OTHERS = Rules((*WORTH, *DOUBTS, *NEVER_ALONE))
_OF_THE_AUTHORS = Rules(WORTH[:2])


def unfit(lower: str) -> str:
    """The name of the first rule that keeps a sentence out of every post, or nothing."""
    return next((rule.name for rule in _UNFIT.holding(lower)), "")


def merits(lower: str) -> list[tuple[str, float]]:
    """Names and weights of what speaks for a sentence, the strongest in full: the others say the same once more."""
    found = sorted(((rule.name, rule.weight) for rule in _holding(lower)[0]), key=lambda sign: -sign[1])
    return [*found[:1], *((name, round(weight * _SAID_TWICE, 2)) for name, weight in found[1:])]


def doubts(lower: str, *, of_the_paper: bool) -> Iterator[tuple[str, float]]:
    """Names and weights of what speaks against it. A detail or a "not" counts half in what the paper is said to do."""
    for rule in _holding(lower)[1]:
        yield rule.name, rule.weight / 2 if of_the_paper and rule.name in _HALVED else rule.weight


def never_alone(lower: str) -> list[tuple[str, float]]:
    """Names and weights of what keeps a sentence from opening a post, and from standing far from its neighbours."""
    return [(rule.name, rule.weight) for rule in _holding(lower)[2]]


@lru_cache(maxsize=16)
def _holding(lower: str) -> tuple[list[Rule], list[Rule], list[Rule]]:
    """Of each kind the rules that hold of a sentence."""
    held = _OTHERS.numbers(lower)
    first_doubt, first_never = len(WORTH), len(WORTH) + len(DOUBTS)
    return (
        [WORTH[number] for number in held if number < first_doubt],
        [DOUBTS[number - first_doubt] for number in held if first_doubt <= number < first_never],
        [NEVER_ALONE[number - first_never] for number in held if number >= first_never],
    )


@lru_cache(maxsize=64)
def section_sign(section: tuple[str, ...]) -> tuple[str, float] | None:
    """What the headings above a sentence say about it; the innermost that says anything counts."""
    for heading in reversed(section):
        lower = heading.lower()
        if _BAD_SECTION.search(lower):
            return f"stands under “{heading}”", -1.6
        if _GOOD_SECTION.search(lower):
            return f"stands under “{heading}”", 1.0
        if _RESULT_SECTION.search(lower):
            return f"stands under “{heading}”", 0.2
    return None


@lru_cache(maxsize=64)
def of_results(heading: str) -> bool:
    """Whether a heading is of results, conclusions or contributions, which are the whole paper's."""
    lower = heading.lower()
    return _RESULT_SECTION.search(lower) is not None or _GOOD_SECTION.search(lower) is not None


def defines_a_term(lower: str) -> bool:
    """Whether the sentence says what some word means, not what the paper does."""
    return _DEFINES.match(lower) is not None and _OWN.match(lower) is None


def has_verb(text: str) -> bool:
    """Whether anything in `text` looks like a finite verb: fragments of lists have none."""
    lower = text.lower()
    words = _LATIN_WORD.findall(lower.replace("’", "'"))
    if not FINITE_WORDS.isdisjoint(words):
        for word, after in zip_longest(words, words[1:], fillvalue=""):
            if word in FINITE_WORDS and not _is_participle(word, after):
                return True
    return _SUBJECT_AND_VERB.search(lower) is not None or _OF_THE_AUTHORS.hold(lower)


def _is_participle(word: str, after: str) -> bool:
    """`followed by`, `trained on`: no finite verb, as far as one can tell."""
    return word.endswith("ed") and after in _PREPOSITIONS


def is_headless(text: str) -> bool:
    """Whether the sentence is only a noun with a clause: "A model which learns to count"."""
    head = _CLAUSE.match(text)
    if head is not None and _UNLIKE.match(text) and head[1].endswith(", "):
        return not has_verb(text[head.end() :].partition(", ")[2])
    return head is not None and not has_verb(head[1])


def has_no_subject(text: str) -> bool:
    """Whether the sentence begins with its verb: "Makes training faster", "Use the features"; "DRAW" is a name."""
    first = text.split(" ", 1)[0].strip(",.:")
    return first.lower() in FINITE_WORDS and not first.isupper()
