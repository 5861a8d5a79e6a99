"""What may go at the beginning of a sentence: a label, "In this paper", a connecting word, a purpose, a lead-in ("The
authors show that …")."""

import re
from collections.abc import Iterator

from bot.formatter.clauses import begins_with_a_verb, whole
from bot.formatter.cuts import LIMITS, NEEDS, Cut
from bot.formatter.words import AUTHORS_DO, AUTHORS_SAY, FINDING

# What follows a lead-in is a clause by its grammar, and speaks of nothing before it.
_NO_REFERENCE = (
    r"(?!(?:they|them|this|these|those|that|he|she|its|their|his|her|such|both|each|neither|either|ones?|another"
    r"|others?|doing|so|the (?:same|latter|former|other)|it(?! is (?:possible|hard|harder|easy|easier|difficult"
    r"|better|important|necessary|sufficient|beneficial|useful)\b))\b)(?=\w)"
)
_FOUND = re.compile(
    r"(?:(?:[Ff]inally|[Aa]lso|[Mm]oreover|[Ff]urthermore|[Ii]n addition|[Aa]dditionally|[Oo]verall|[Ii]nterestingly"
    r"|[Ss]urprisingly), )?"
    r"(?:(?P<finders>(?:[Tt]he )?(?:[Aa]uthors?|[Rr]esearchers)|[Tt]hey)|[Ww]e"
    r"|[Tt]h(?:is|e) (?:paper|article|study|work)"
    r"|(?:[Tt]he |(?P<theirs>[Tt]heir )|[Oo]ur |[Tt]hese )?(?:[Ee]xperimental |[Ee]mpirical |[Ee]valuation )?"
    r"(?:[Rr]esults|[Ee]xperiments|[Ff]indings))"
    rf" (?:(?:also|then|further|finally|clearly|successfully|can|could) )?{FINDING} that,? {_NO_REFERENCE}"
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
_ORDER = re.compile(r"\b(?:then|second(?:ly)?|next|afterwards|later)\b")


def cuts(sentence: str) -> Iterator[Cut]:
    if found := _TLDR.match(sentence):
        yield Cut(0, found.end(), 0.0, "without its label")
        return
    if found := _LABEL.match(sentence):
        rest = sentence[found.end() :]
        if rest[:1].isupper() and not begins_with_a_verb(rest) and whole(rest):
            yield Cut(0, found.end(), 0.2, "without its label")
        return
    if found := _IN_THIS_PAPER.match(sentence):
        yield Cut(0, found.end(), 0.05, "without “In this paper”")
    elif (found := _CONNECTS.match(sentence)) and not _begins_a_series(sentence):
        yield Cut(0, found.end(), 0.15, "without its connecting word")
    elif (found := _PURPOSE_FIRST.match(sentence)) and not _is_a_condition(sentence, found):
        yield Cut(0, found.end(), 0.9, "without its purpose")
    if found := _FOUND.match(sentence) or _TAKEAWAY.match(sentence) or _WORTH_NOTING.match(sentence):
        spoken_of = found.re is _FOUND and (found["finders"] or found["theirs"])
        if not _GOES_ON.search(sentence, found.end()) and not (
            spoken_of and _OF_THE_FINDERS.search(sentence, found.end())
        ):
            yield Cut(0, found.end(), 0.25, "without its lead-in")


def _begins_a_series(sentence: str) -> bool:
    return sentence.startswith("First") and _ORDER.search(sentence) is not None


def _is_a_condition(sentence: str, found: re.Match[str]) -> bool:
    """Whether a purpose says when something holds: "To converge, they need …"."""
    return NEEDS.search(sentence, found.end()) is not None or LIMITS.search(found.group()) is not None
