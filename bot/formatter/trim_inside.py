"""What may go inside a sentence: a connecting word, "significantly", an insertion between commas or dashes."""

import re
from collections.abc import Iterator

from bot.formatter.clauses import begins_with_an_introduction, finite, has_a_subordinate, has_its_verb_next, whole
from bot.formatter.cuts import DASHES, DENIES, LIMITS, Cut, cost

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
_CONDITION = re.compile(r"\b(?:if|when|once|after|first|not|only|since|assume|suppose|given|let)\b", re.IGNORECASE)
_BETWEEN = re.compile(
    r", (?P<clause>(?P<which>(?:which|who)\b[^,;:]{4,120})|(?:such as|e\.g\.) [^;:]{3,80}?|similar to [^,;:]{3,60}"
    r"|(?P<name>an? [^,;:]{5,90})), "
    r"(?=(?P<next>(?P<who>which|that|who)|(?:(?:also|either|then|thus|therefore|hence|still) )?[a-z]+) )"
)
_DASHED = re.compile(r"(?<=[\w)]) [–—-] (?P<clause>[A-Za-z][^–—;:()]{5,110}?) [–—-] (?=[a-z])")
_A_NAME = re.compile(r"(?:[A-Z][\w-]*[A-Z][\w-]*|[A-Z][a-z]+(?: [A-Z][\w-]+)+)(?: ?\([^()]*\))?$")


def cuts(sentence: str) -> Iterator[Cut]:
    if (found := _CONNECTING_ASIDE.search(sentence)) and _goes_on(sentence, found):
        yield Cut(found.start(), found.end() - 1, 0.2, "without a connecting word")
    if (found := _THEN.search(sentence)) and not _CONDITION.search(sentence):
        yield Cut(*found.span(1), 0.15, "without a connecting word")
    if (found := _INTENSIFIES.search(sentence)) and not _needs_it(sentence, found):
        yield Cut(found.start(), found.end(), 0.35, f"without “{found.group().strip()}”")
    if sentence.count(", ") > 1:
        yield from _between_commas(sentence)
    yield from _between_dashes(sentence)


def _needs_it(sentence: str, found: re.Match[str]) -> bool:
    """Whether a sentence says something else without "significantly"."""
    return DENIES.search(sentence) is not None or _NEEDS_IT.search(sentence[: found.start()]) is not None


def _goes_on(sentence: str, found: re.Match[str]) -> bool:
    """Whether the clause before a word between commas is the one behind it: "Tuning, however, helps"."""
    return sentence[found.end() :].startswith(("to ", "that ")) or not finite(sentence[: found.start()])


def _between_commas(sentence: str) -> Iterator[Cut]:
    for found in _BETWEEN.finditer(sentence):
        if not LIMITS.search(found["clause"]) and _is_an_insertion(sentence, found):
            yield Cut(found.start(), found.end() - 1, cost(0.6, 1.0, found), "without what stood between commas")


def _between_dashes(sentence: str) -> Iterator[Cut]:
    found = _DASHED.search(sentence)
    if (
        found
        and " " in sentence[: found.start()]
        and not LIMITS.search(found["clause"])
        and len(DASHES.findall(sentence)) == 2
    ):
        yield Cut(found.start(), found.end() - 1, cost(0.5, 1.0, found), "without what stood between dashes")


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
