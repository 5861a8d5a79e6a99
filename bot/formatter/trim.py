"""Shorter whole versions of a sentence: something inside or at its end is left out, as a good editor would.

What is left is what the author wrote, word for word, and as true: nothing goes that a claim depends on ("if", "only",
"not", "on MNIST"). Where words alone cannot tell the grammar, nothing is offered. Two parts may go: each version is
asked again, as if it were the sentence.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from bot.formatter.clauses import (
    begins_with_a_verb,
    begins_with_an_introduction,
    dangles,
    ends_in_a_verb,
    finite,
    has_a_subordinate,
    has_its_verb_next,
    list_is_open,
    whole,
)
from bot.formatter.words import AUTHORS_DO, AUTHORS_SAY


@dataclass(frozen=True, slots=True)
class Trimmed:
    """A sentence made shorter that is still a whole one. cost: in points, what that takes off its score. how: in
    words, for the operator."""

    text: str
    cost: float
    how: str


@dataclass(frozen=True, slots=True)
class _Cut:
    """What may go: sentence[start:end]."""

    start: int
    end: int
    cost: float
    how: str


# Versions that are offered, parts of one kind that are looked at.
_MOST = 8
_SHORTEST = 25
# With fewer words a version says little: what each word costs that is missing, and how many may.
_FEW_WORDS, _MISSING_COSTS, _MOST_MISSING, _A_LOSS = 8, 0.15, 4, 0.3
_ENDED = re.compile(r"[.!][\"”’')\]]*$")
_CAN_BEGIN = re.compile(r"[a-z]{2,}\b(?![\d-])|[^a-z]")


def trimmed(sentence: str) -> list[Trimmed]:
    """Shorter versions of a plain-text sentence, each whole, the one that loses least first."""
    if len(sentence) < _SHORTEST or not _ENDED.search(sentence):
        return []
    found: dict[str, Trimmed] = {}
    for first in islice(_once(sentence), _MOST):
        _keep(found, first)
        for second in _once(first.text):
            _keep(found, _both(first, second))
    versions = sorted(found.values(), key=lambda one: (one.cost, len(one.text)))
    return versions if len(versions) <= _MOST else list(_no_worse(versions))[:_MOST]


def _once(sentence: str) -> Iterator[Trimmed]:
    """The versions without one part, and the one without all that stands in brackets."""
    asides = list(_asides(sentence)) if "(" in sentence else []
    if len(asides) > 1:
        yield _without_all(sentence, asides)
    for cut in (*asides, *_cuts(sentence)):
        before, after = sentence[: cut.start], sentence[cut.end :]
        if _torn(before, sentence[cut.start : cut.end]):
            continue
        text = _finished(before, after)
        missing = _FEW_WORDS - 1 - text.count(" ") if cut.cost >= _A_LOSS else 0
        if _SHORTEST <= len(text) < len(sentence) and missing <= _MOST_MISSING and _CAN_BEGIN.match(text):
            yield Trimmed(text, round(cut.cost + _MISSING_COSTS * max(0, missing), 2), cut.how)


def _without_all(sentence: str, asides: list[_Cut]) -> Trimmed:
    text = sentence
    for cut in reversed(asides):
        text = text[: cut.start] + text[cut.end :]
    return Trimmed(text, round(sum(cut.cost for cut in asides), 2), asides[0].how)


def _both(first: Trimmed, second: Trimmed) -> Trimmed:
    how = first.how if first.how == second.how else f"{first.how}, {second.how}"
    return Trimmed(second.text, round(first.cost + second.cost, 2), how)


def _keep(found: dict[str, Trimmed], version: Trimmed) -> None:
    if version.text not in found or version.cost < found[version.text].cost:
        found[version.text] = version


def _no_worse(versions: list[Trimmed]) -> Iterator[Trimmed]:
    """Those for which no shorter one costs less."""
    shortest = len(versions[0].text) + 1
    for one in versions:
        if len(one.text) < shortest:
            shortest = len(one.text)
            yield one


def _torn(before: str, gone: str) -> bool:
    """Whether a bracket or quotation would lose one of its ends, or a part of a quotation goes."""
    return (
        gone.count("(") != gone.count(")")
        or gone.count("[") != gone.count("]")
        or gone.count("“") != gone.count("”")
        or before.count("“") != before.count("”")
        or gone.count('"') % 2 == 1
        or before.count('"') % 2 == 1
    )


def _finished(before: str, after: str) -> str:
    """What is left, as a sentence: with a capital and a full stop."""
    if not before.strip():
        text = after.lstrip(" ,;:–—-")
        return text[:1].upper() + text[1:] if re.match(r"[a-z]{2,}\b(?![\d-])|a ", text) else text
    if not after.strip(" .!\"”’')"):
        text = before.rstrip(" ,;:–—-")
        return text if text.endswith((".", "!")) else text + "."
    return before + after


# What a claim depends on. A part that says one of these stays.
_LIMITS = re.compile(
    r"\b(?:if|when|whenever|unless|except|only|not|never|no|none|nor|neither|without|but|however|although|though"
    r"|despite|assuming|provided|given|until|limited|limitations?|as long as|at least|at most|may|might|could|perhaps"
    r"|probably|possibly|likely|seems?|otherwise|yet|fails?|cannot|respectively)\b|n['’]t\b",
    re.IGNORECASE,
)
# The same for a part that makes a claim of its own: what limits that one is no matter.
_LIMITS_FROM_OUTSIDE = re.compile(
    r"\b(?:unless|except|only|but|however|although|though|despite|assuming|provided|until|limited|limitations?"
    r"|as long as|otherwise|yet|fails?|holds?|respectively)\b",
    re.IGNORECASE,
)


def _cuts(sentence: str) -> Iterator[_Cut]:
    """All that could go by itself."""
    yield from _at_the_beginning(sentence)
    yield from _inside(sentence)
    yield from _at_the_end(sentence)


# Beginnings: (cost, how, expression). What follows an expression is a clause by its grammar.
_NO_REFERENCE = (
    r"(?!(?:they|them|this|these|those|that|he|she|its|their|his|her|such|both|each|neither|either|ones?|another"
    r"|others?|doing|so|the (?:same|latter|former|other)|it(?! is (?:possible|hard|harder|easy|easier|difficult"
    r"|better|important|necessary|sufficient|beneficial|useful)\b))\b)(?=\w)"
)
_FINDING = (
    r"(?:shows?|showed|demonstrates?|demonstrated|finds?|found|observed?|observes|proves?|proved|discovers?|discovered"
    r"|concludes?|concluded|notes?|noted|notices?|noticed|points? out|pointed out|reveals?|revealed|confirms?|confirmed"
    r"|establish(?:es)?|established|see|saw)"
)
_FOUND = re.compile(
    r"(?:(?:[Ff]inally|[Aa]lso|[Mm]oreover|[Ff]urthermore|[Ii]n addition|[Aa]dditionally|[Oo]verall|[Ii]nterestingly"
    r"|[Ss]urprisingly), )?"
    r"(?:(?P<finders>(?:[Tt]he )?(?:[Aa]uthors?|[Rr]esearchers)|[Tt]hey)|[Ww]e"
    r"|[Tt]h(?:is|e) (?:paper|article|study|work)"
    r"|(?:[Tt]he |(?P<theirs>[Tt]heir )|[Oo]ur |[Tt]hese )?(?:[Ee]xperimental |[Ee]mpirical |[Ee]valuation )?"
    r"(?:[Rr]esults|[Ee]xperiments|[Ff]indings))"
    rf" (?:(?:also|then|further|finally|clearly|successfully|can|could) )?{_FINDING} that,? {_NO_REFERENCE}"
)
_TAKEAWAY = re.compile(
    r"(?:The|One|Another|Their|Its)(?: (?:key|main|major|central|most \w+|interesting|surprising|important|other"
    r"|general|overall|final|first|second|core|basic|takeaway))*"
    r" (?:takeaway|take-away|finding|conclusion|insight|observation|result|message)"
    rf"(?: here| of (?:the|this) (?:paper|work|article|study))? (?:is|was),? that,? {_NO_REFERENCE}"
)
_WORTH_NOTING = re.compile(
    r"(?:\w+, )?(?:(?:[Ii]t is|[Ii]t['’]s|[Ii]t should be) (?:also )?(?:(?:crucial|important|worth|interesting|useful"
    r"|essential|good|necessary|notable) )?(?:to note|noting|noted|to mention|mentioning|to realize|to observe|to know"
    r"|to remember)|[Nn]ote|[Ii]t turns out|(?:[Ww]e|[Oo]ne|[Yy]ou) can (?:also )?see|[Tt]his shows)"
    rf",? that,? {_NO_REFERENCE}"
)
# The finding may be followed by what else its finders do.
_GOES_ON = re.compile(
    rf"(?:,|\band|\bbut|\bor|;)(?: (?:also|then|thus|further|finally|hence|additionally|they|we))*"
    rf" (?:that|{AUTHORS_SAY}|{AUTHORS_DO}|evaluates?|compares?|tests?|discuss(?:es)?|how|why)\b"
)
_OF_THE_FINDERS = re.compile(r"\b(?:they|their|them|themselves)\b", re.IGNORECASE)
_TLDR = re.compile(r"TL;? ?DR\b ?[;:,.–—-]* *(?=\w)", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:Problems?|(?:Proposed |The )?[Ss]olutions?|Approach|Methods?|Summary|Abstract|Notes?|In short|In summary"
    r"|To summarize|In a nutshell|Background|Motivation|(?:Key |Main )?(?:[Ii]deas?|[Rr]esults?|[Cc]onclusions?"
    r"|[Cc]ontributions?|[Ff]indings?|[Ii]nsights?|[Tt]ake-?aways?|[Oo]bservations?))"
    r"(?: \d)?(?:: | ?[–—-] (?=[A-Z]))(?=\w)"
)
_CONNECTS = re.compile(
    r"(?:However|Moreover|Furthermore|In addition|Additionally|Also|Besides|Finally|Therefore|Thus|Hence|Hereby|Thereby"
    r"|Consequently|Accordingly|As a result|Next|Then|Here|Interestingly|Notably|Importantly|Surprisingly|Remarkably"
    r"|Unfortunately|Fortunately|Specifically|In particular|More specifically|More precisely|Concretely|In other words"
    r"|That is|Similarly|Likewise|Overall|In fact|Indeed|Nevertheless|Nonetheless|In short|In summary|To summarize"
    r"|In conclusion|To conclude|Of course|Obviously|Again|Lastly|Secondly|Thirdly|Still|Yet|To this end"
    r"|For this purpose|To do (?:this|so|that)|On the other hand|In contrast|By contrast|Conversely"
    r"|So|Of note|As expected|As mentioned (?:above|before|earlier)), (?!if\b|when\b|and\b|but\b|or\b)(?=\w)"
    r"|(?:So|But|And|Thus|Hence|Therefore|Yet) (?=(?:the|they|we|it|this|these|an?|in|each|our|their|its|there) )"
)
_IN_THIS_PAPER = re.compile(
    r"(?:In|With) (?:this|the|their|our) (?:paper|work|article|study|thesis|publication|report)"
    r"(?:, (?!they\b|it\b)(?=\w)| (?=(?:the authors?|we|an?) ))"
)
_PURPOSE_FIRST = re.compile(
    r"(?:In order to|To) (?!the\b|our\b|this\b|my\b)[^,;:()]{5,90}, "
    r"(?=(?:the (?:authors?|paper)|they|we|this (?:paper|work))"
    rf" (?:also |then |first )?(?:{AUTHORS_SAY}|{AUTHORS_DO})\b)"
)
_NEEDS = re.compile(
    r"\b(?:need|needs|necessary|must|should|requires?|required|ha(?:s|ve) to|essential|enough|sufficient)\b"
)
_ORDER = re.compile(r"\b(?:then|second(?:ly)?|next|afterwards|later)\b")
_HEADLESS = re.compile(r"(?:[\w-]+ ){0,4}?(?:which|that|where|who|to|of|for|with)\b")


def _at_the_beginning(sentence: str) -> Iterator[_Cut]:
    if found := _TLDR.match(sentence):
        yield _Cut(0, found.end(), 0.0, "without its label")
        return
    if found := _LABEL.match(sentence):
        rest = sentence[found.end() :]
        if rest[:1].isupper() and not begins_with_a_verb(rest) and whole(rest):
            yield _Cut(0, found.end(), 0.2, "without its label")
        return
    if found := _IN_THIS_PAPER.match(sentence):
        yield _Cut(0, found.end(), 0.05, "without “In this paper”")
    elif (found := _CONNECTS.match(sentence)) and not _begins_a_series(sentence):
        yield _Cut(0, found.end(), 0.15, "without its connecting word")
    elif (found := _PURPOSE_FIRST.match(sentence)) and not _is_a_condition(sentence, found):
        yield _Cut(0, found.end(), 0.9, "without its purpose")
    if found := _FOUND.match(sentence) or _TAKEAWAY.match(sentence) or _WORTH_NOTING.match(sentence):
        spoken_of = found.re is _FOUND and (found["finders"] or found["theirs"])
        if not _GOES_ON.search(sentence, found.end()) and not (
            spoken_of and _OF_THE_FINDERS.search(sentence, found.end())
        ):
            yield _Cut(0, found.end(), 0.25, "without its lead-in")


def _begins_a_series(sentence: str) -> bool:
    return sentence.startswith("First") and _ORDER.search(sentence) is not None


def _is_a_condition(sentence: str, found: re.Match[str]) -> bool:
    """Whether a purpose says when something holds: "To converge, they need …"."""
    return _NEEDS.search(sentence, found.end()) is not None or _LIMITS.search(found.group()) is not None


_ASIDE = re.compile(r"[ \u00a0]\(((?:[^()]|\([^()]*\)){3,})\)(?=[ ,.;:!]|$)")
# What limits a claim, is a part of a formula, or is no aside: an acronym, the number of an item.
_NO_ASIDE = re.compile(
    r"[A-Z][\w-]{0,9}s?$|[ivx]+$|and not|\(?[\w-]{1,2}(?:, ?[\w-]{1,2})+\)?$"
    r"|(?:or|on|in|for|under|with|by|at|up to|about|approximately|roughly|nearly|almost|mostly|sometimes|usually"
    r"|often|typically|partially|some|optional(?:ly)?|as|to|of|from|over|per|during|where|along|depending|between|across|among|within|against|before"
    r"|after|relative|compared|w\.r\.t|\+|-|~|≈|<|>|\w+ly$)(?:\b|$|(?<=\W))"
    r"|.*(?:[=^|·∑∏∫∈≤≥→∞∂√]|\b(?:worse|behind|slightly|somewhat|a bit)\b)",
    re.DOTALL,
)
_ONE_WORD = re.compile(r"[a-z-]+$")
_AND = re.compile(r"and .*", re.DOTALL)
_BEHIND_AN_AND = re.compile(r"[,.;:!]|$| (?:of|in|for|as|on|to|with|by|from|at|that|which)\b")
_ACRONYM = re.compile(r"([A-Z]{2,9})s?$")
_INITIAL = re.compile(r"(?<![A-Za-z])[A-Za-z]")
_CONNECTING_ASIDE = re.compile(
    r", (?:however|therefore|thus|hence|of course|in turn|indeed|in fact|moreover|furthermore|in contrast|by contrast"
    r"|on the other hand|then|also|too|consequently|as a result|for their part), (?=[a-z])"
)
_THEN = re.compile(
    r"\b(?:is|are|was|were|can|be|[Tt]hey|authors|paper)( (?:then|also|thus|therefore|hence|furthermore|additionally"
    r"|further))(?= \w)"
)
_INTENSIFIES = re.compile(
    r" (?:significantly|substantially|considerably|drastically|dramatically|greatly|vastly)"
    r"(?= (?!and\b|or\b|but\b)[a-z])"
)
# Behind these it cannot go: "a significantly older" would be "a older".
_NEEDS_IT = re.compile(r"(?:^|\b(?:more|most|too|as|so|how|not|less|an?|\w+ly))$")
_DENIES = re.compile(
    r"\b(?:not|no|without|never|less|fewer|few|hardly|if|when|nor|cannot|whether|neither|unless|only)\b|n['’]t\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if|when|once|after|first|not|only|since|assume|suppose|given|let)\b", re.IGNORECASE)


def _inside(sentence: str) -> Iterator[_Cut]:
    if (found := _CONNECTING_ASIDE.search(sentence)) and _goes_on(sentence, found):
        yield _Cut(found.start(), found.end() - 1, 0.2, "without a connecting word")
    if (found := _THEN.search(sentence)) and not _CONDITION.search(sentence):
        yield _Cut(*found.span(1), 0.15, "without a connecting word")
    if (found := _INTENSIFIES.search(sentence)) and not _needs_it(sentence, found):
        yield _Cut(found.start(), found.end(), 0.35, f"without “{found.group().strip()}”")
    if sentence.count(", ") > 1:
        yield from _between_commas(sentence)
    yield from _between_dashes(sentence)


def _needs_it(sentence: str, found: re.Match[str]) -> bool:
    """Whether a sentence says something else without "significantly"."""
    return _DENIES.search(sentence) is not None or _NEEDS_IT.search(sentence[: found.start()]) is not None


def _asides(sentence: str) -> Iterator[_Cut]:
    """What stands in brackets and only explains."""
    for found in _ASIDE.finditer(sentence):
        if _is_a_short_form(sentence, found):
            yield _Cut(found.start(), found.end(), 0.8, "without a short form")
        elif _only_explains(sentence, found):
            yield _Cut(found.start(), found.end(), _cost(0.25, 0.6, found), "without what stood in brackets")


def _is_a_short_form(sentence: str, found: re.Match[str]) -> bool:
    """Whether it is an acronym of the words before it, and not used later on."""
    acronym = _ACRONYM.match(found[1])
    return (
        acronym is not None
        and sentence.count(acronym[1]) == 1
        and acronym[1] in "".join(_INITIAL.findall(sentence[: found.start()])).upper()
    )


def _only_explains(sentence: str, found: re.Match[str]) -> bool:
    inner, behind = found[1], sentence[found.end() : found.end() + 3]
    if _NO_ASIDE.match(inner) or _LIMITS.search(inner) or not sentence[found.start() - 1].isalnum():
        return False
    if _AND.match(inner) and not _BEHIND_AN_AND.match(sentence, found.end()):
        return False
    is_an_adjective = _ONE_WORD.match(inner) is not None and behind[:1] == " " and behind[1:2].islower()
    return not is_an_adjective and not behind.rstrip().endswith("(") and not dangles(sentence[: found.start()])


def _cost(least: float, most_more: float, found: re.Match[str]) -> float:
    """What a loss costs: the more, the more of the sentence goes."""
    return round(least + most_more * (found.end() - found.start()) / len(found.string), 2)


_BETWEEN = re.compile(
    r", (?P<clause>(?P<which>(?:which|who)\b[^,;:]{4,120})|(?:such as|e\.g\.) [^;:]{3,80}?|similar to [^,;:]{3,60}"
    r"|(?P<name>an? [^,;:]{5,90})), "
    r"(?=(?P<next>(?P<who>which|that|who)|(?:(?:also|either|then|thus|therefore|hence|still) )?[a-z]+) )"
)
_DASHED = re.compile(r"(?<=[\w)]) [–—-] (?P<clause>[A-Za-z][^–—;:()]{5,110}?) [–—-] (?=[a-z])")
_DASHES = re.compile(r" [–—-] ")
_A_NAME = re.compile(r"(?:[A-Z][\w-]*[A-Z][\w-]*|[A-Z][a-z]+(?: [A-Z][\w-]+)+)(?: ?\([^()]*\))?$")


def _goes_on(sentence: str, found: re.Match[str]) -> bool:
    """Whether the clause before a word between commas is the one behind it: "Tuning, however, helps"."""
    return sentence[found.end() :].startswith(("to ", "that ")) or not finite(sentence[: found.start()])


def _between_commas(sentence: str) -> Iterator[_Cut]:
    for found in _BETWEEN.finditer(sentence):
        if not _LIMITS.search(found["clause"]) and _is_an_insertion(sentence, found):
            yield _Cut(found.start(), found.end() - 1, _cost(0.6, 1.0, found), "without what stood between commas")


def _between_dashes(sentence: str) -> Iterator[_Cut]:
    found = _DASHED.search(sentence)
    if (
        found
        and " " in sentence[: found.start()]
        and not _LIMITS.search(found["clause"])
        and len(_DASHES.findall(sentence)) == 2
    ):
        yield _Cut(found.start(), found.end() - 1, _cost(0.5, 1.0, found), "without what stood between dashes")


def _is_an_insertion(sentence: str, found: re.Match[str]) -> bool:
    """Whether what stands between two commas comes between a subject and its verb, or a name and what it does."""
    before, word = sentence[: found.start()], found["next"].split(" ")[-1]
    if ", " in before or has_a_subordinate(before) or begins_with_an_introduction(before):
        return False
    if found["name"] and not _A_NAME.search(before):
        return False
    if found["who"]:
        return found["name"] is not None and whole(before)
    following = sentence[found.end("next") + 1 :].split(" ", 1)[0].strip(",.")
    return has_its_verb_next(before, word, following) and (not found["which"] or finite(found["which"]))


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
    rf"|,? and {_THUS}(?P<finding>{_FINDING} (?:that|how)\b|(?:{AUTHORS_SAY}|{AUTHORS_DO}|evaluates?|compares?|tests?)"
    r" (?:the|an?|its|their|it|them|that|how|several|two|three|both|new|this|these)\b)"
    r"|, (?P<reason>because|since|so that|so(?= the| they| it| we| that| this)"
    r"|as(?= (?:it|they|this|these|we|there) (?:is|are|was|were|can|has|have|does|do|did|will)\b))(?= )"
    r"| (?P<way>by (?:\w+ly )?\w+ing)(?= )"
    r"| (?P<instead>instead of|rather than|as opposed to)(?= )"
    r"|(?<=[a-z)\"”]) [–—-] (?P<dash>(?=[A-Za-z][\w-]))"
)
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


def _at_the_end(sentence: str) -> Iterator[_Cut]:
    for found in islice(_TAILS.finditer(sentence), _MOST):
        kind = found.lastgroup or ""
        head, tail = sentence[: found.start()], sentence[found.start() :]
        limits = _LIMITS_FROM_OUTSIDE if kind in _CLAIMS_BY_THEMSELVES else _LIMITS
        if len(head) < _SHORTEST or limits.search(tail) or not _ends_there(kind, head, tail):
            continue
        base, more, how = _TAIL_COSTS[kind]
        yield _Cut(found.start(), len(sentence), round(base + more * len(tail) / len(sentence), 2), how)


def _ends_there(kind: str, head: str, tail: str) -> bool:
    """Whether the sentence can end before a part of this kind."""
    return (
        not _OPEN_PAIR.search(head)
        and not _NEW_SENTENCE.search(tail)
        and not list_is_open(head)
        and whole(head)
        and (kind not in _OF_THE_VERB or not _DENIES.search(head))
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
    "purpose": lambda head, _: not _NEEDS.search(head) and not has_a_subordinate(head),
    "instead": lambda head, _: not _COMPARES.search(head),
    "dash": lambda head, tail: len(_DASHES.findall(head + tail)) == 1 and not _POINTS_AT.search(head),
}
