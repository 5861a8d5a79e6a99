"""What a rule is, and those that keep a sentence out of every post.

Every rule has a name, which `show` prints beside the sentence. Expressions see the sentence in lower case.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.formatter.beginnings import first_words, words_of


class Rule(NamedTuple):
    """What a rule is called, what it is worth, and what it looks for: at the sentence's opening, at its end, at a
    word, anywhere.

    firsts  the words that opening and word begin with, as `first_words` gives them; none: anything may stand there
    """

    name: str
    weight: float
    opening: re.Pattern[str] | None
    ending: re.Pattern[str] | None
    word: re.Pattern[str] | None
    anywhere: re.Pattern[str] | None
    firsts: tuple[frozenset[str] | None, frozenset[str]]


# "\b", or "(?<!than )\b".
_AT_A_WORD = re.compile(r"(\(\?<[=!][^()]*\))?\\b")


def rule(name: str, weight: float, *alternatives: str) -> Rule:
    """A rule from expressions, none with a "|" outside brackets; apart by their anchor, since all in one cost eight
    times as much."""
    openings = [one[1:] for one in alternatives if one.startswith("^")]
    endings = [one for one in alternatives if one.endswith("$") and not one.startswith("^")]
    rest = [one for one in alternatives if not one.startswith("^") and one not in endings]
    words = {one: first for one in rest if _AT_A_WORD.match(one) and (first := first_words(_bare(one))) is not None}
    return Rule(
        name,
        weight,
        opening=_any_of(openings),
        ending=_any_of(endings),
        word=_any_of([_bare(one) for one in words]),
        anywhere=_any_of([one for one in rest if one not in words]),
        firsts=(first_words("|".join(openings)), frozenset().union(*words.values())),
    )


def _bare(alternative: str) -> str:
    """An alternative without the "\\b" before it, for it is tried at words only."""
    return _AT_A_WORD.sub(r"\1", alternative, count=1)


def _any_of(alternatives: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(alternatives)) if alternatives else None


_LONGEST_ENDING = 50
_Numbered = list[tuple[int, re.Pattern[str]]]


class Rules:
    """Rules that are asked together: the words of a sentence are gone through once, and at each only those rules are
    tried that can begin with it. To search the sentence for one rule after the other took six times as long."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._openings: dict[str, _Numbered] = {}
        self._words: dict[str, _Numbered] = {}
        self._any_opening: _Numbered = []
        self._endings = [(number, one.ending) for number, one in enumerate(self._rules) if one.ending]
        self._anywhere = [(number, one.anywhere) for number, one in enumerate(self._rules) if one.anywhere]
        for number, one in enumerate(self._rules):
            opens, begins = one.firsts
            if one.opening and opens is None:
                self._any_opening.append((number, one.opening))
            elif one.opening:
                _sort_in(self._openings, opens or (), (number, one.opening))
            if one.word:
                _sort_in(self._words, begins, (number, one.word))

    def holding(self, lower: str) -> list[Rule]:
        """The rules that hold of a sentence, in their order."""
        words = words_of(lower)
        openings = self._openings.get(words[0][0], ()) if words and not words[0][1] else ()
        held = {number for number, one in (*self._any_opening, *openings) if one.match(lower)}
        end = max(0, len(lower) - _LONGEST_ENDING)
        held.update(number for number, one in self._endings if one.search(lower, end))
        held.update(number for number, one in self._anywhere if number not in held and one.search(lower))
        for first, place in words:
            for number, one in self._words.get(first, ()):
                if number not in held and one.match(lower, place):
                    held.add(number)
        return [self._rules[number] for number in sorted(held)]


def _sort_in(by_first: dict[str, _Numbered], firsts: Iterable[str], one: tuple[int, re.Pattern[str]]) -> None:
    for first in firsts:
        by_first.setdefault(first, []).append(one)


_KINDS = r"(?:fig|figures?|tab|tables?|sec|sections?|eq|eqn|equations?|appendix|chapter|algorithm|alg)"
_PICTURES = r"(?:figure|image|diagram|plot|picture|table|equation|formula|graph|chart|screenshot|video|slide)s?"

# A sentence with one of these never stands in a post.
UNFIT = (
    rule("part of it cannot be written", 0, "\ue000"),
    rule("a question", 0, r"\?[\"”’)]*$", r"^(?:what if|why|how (?:to|do|does|did|can|could|should))\b"),
    rule(
        "leads into a list or formula",
        0,
        r":$",
        r"\bas follows\b",
        r"\bfollowing\W*$",
        r"\bthe following\b",
        r"\blooks? like (?:this|so)\b",
        r"\b(?:such as|given by|defined as|namely|written as|expressed as|formulated as)\W*$",
    ),
    rule(
        "cut off",
        0,
        r"(?:[,;–]| and| or)(?: ?\(?\d{1,2}[.)])?\.?$",
        r"(?: -| but| also|=|\bthe|\bof|\bby)\.?$",
        r"\b(?:that|is|to)$",
        r"[:;,] ?\(?\d[.)]$",
    ),
    rule("ends in dots", 0, r"(?:\.\.\.|…)\W?$"),
    rule(
        "points at a figure, table or section",
        0,
        rf"\b{_KINDS}\b\.? ?\(?(?:\d|[a-f]\b|[ivx]+\b)",
        rf"\b{_PICTURES} (?:above|below|on the|shows?|illustrat\w+|depicts?)\b",
        r"\b(?:see|shown|described|mentioned|listed|explained|discussed|seen|stated|introduced|defined"
        r"|noted) (?:above|below|earlier|previously|before|here|in the (?:figure|table|image))\b",
        r"(?<![\w)])\(\d\)",
        r"\b(?:afore)?mentioned\b",
        r"^(?:above|below|left|right|top|bottom)\b[:,]",
        r"\b(?:this|following) (?:figure|plot|diagram|table|image|picture|graph|chart|video)\b",
    ),
    rule(
        "points elsewhere",
        0,
        r"^\(?(?:see|cf\.?|check out|source|code|slides|video|demo|read|more (?:info|details)|for (?:more"
        r"|further)|details)\b(?: also|:| here| in| the| at|$)",
        r"\bdetails? (?:are|is|can be found|available)\b",
        r"\b(?:code|dataset|data|models?|implementation) (?:is|are|can be) (?:publicly |also |now |freely )?"
        r"(?:available|found)(?= (?:at|here|on|online|under|from)\b|[\W]*$)",
        r"\b(?:this|the) (?:link|blog(?: ?post)?|tutorial|talk|repo|repository)\b(?!-| prediction)",
        r"\b(?:see|watch|read) (?:\w+ )?(?:post|video)\b",
        r"^(?:link|paper|official|github|notes) ",
        r"\bappendix\b",
        r"\bread the paper\b",
        r"\bis explained\b",
        r"\b(?:see|on) wikipedia\W*$",
    ),
    rule(
        "chatter about the review",
        0,
        r"\bi(?:[’'](?:m|d|ve|ll))? (?:\w+ly |also |really |still |just )?(?:think|thought|find|found"
        r"|believe|like|liked|guess|am|was|would|do|don|did|have|had|feel|felt|wonder|suspect|assume|can"
        r"|could|will|hope|see|saw|read|know|understand|enjoyed|recommend|add|added|wish|learned|mean"
        r"|tried|wrote|list|summarize|expect|bet|agree|doubt|want|give|use|assume|skip|leave"
        r"|personally)\b",
        r"\bi[’'](?:m|d|ve|ll)\b",
        r"^i\b",
        r"\bmy (?:own|opinion|view|understanding|notes?|thoughts?|take|guess|summary|review|favou?rite"
        r"|impression|intuition|question|concern|main|biggest|only|mind|knowledge)\b",
        r"\bmyself\b",
        r"\bim[h]?o\b",
        r"\bto me\b",
        r"\bthis (?:review|summary|post|note)\b",
        r"\breviewers?\b",
        r"\b(?:nice|great|cool|neat|fun|solid|interesting|interestingly|pragmatic|awesome|good"
        r"|well[- ]written|must[- ]read|seminal|influential|classic|exciting|clever"
        r"|cute) (?:\w+ ){0,2}(?:paper|read|work|article|idea)\b",
        r"\b(?:worth|easy to|enjoyable to|fun to) (?:read|note)",
        r"\b(?:baffling|crazy|burying the lede|tl;dr$)\b",
        r"\bkind of (?:weird|cool|neat)",
        r"\bpretty (?:cool|neat|much)\b",
        r"\bthe summary\b",
        r"\bpaper is (?:very |really |quite |well |clearly |nicely )",
        r"\bstill (?:very )?relevant\b",
        r"\bwell[- ]written\b",
        r"\bnot (?:entirely |really )?sure\b",
        r"\bworth (?:mentioning|noting)\b",
    ),
    rule(
        "a caption",
        0,
        r"^(?:fig(?:ure)?|tab(?:le)?|image|algorithm|eq(?:uation)?|left|right|top|bottom|image source"
        r"|from left)\b\.?\s*\(?\d*[:.)]",
    ),
    rule("a note in brackets", 0, r"^[(\[].*[)\]]\.?$"),
    rule("a quotation", 0, r"^[“\"'‘][^“”\"]*[”\"'’]\W*$", r"^\s*>"),
    rule(
        "a step of an enumeration",
        0,
        r"^\(?(?:\d{1,2}|[a-e]|i{1,3}|iv|v)[.)]",
        r"^(?:step|stage|phase|option|case) ?\d",
    ),
    rule(
        "explains a formula",
        0,
        r"^(?:here|with)\b,? (?:the )?\S{1,12} (?:is|are|denotes?|being|=)",
        r"^where\b",
        r"^(?:\S{1,3}_\S{1,6}|[b-hj-z]) (?:is|are|denotes?|means?)\b",
        r"^let \S{1,8} ",
        r"\bdenotes?\b",
        r"^(?:given|suppose|assume) (?:an? )?(?!an? |the )\S{1,3} ",
    ),
    rule(
        "a bare label",
        0,
        r"^(?:titles?|authors?|links?|tags?|year|venue|pdf|code|arxiv|conference|keywords?|doi|date"
        r"|journal|affiliations?|cited by|github|project page|published|url|reviewer|score|rating)\s*[:(]",
        r"^(?:examples?|notes?|caveats?|questions?|drawbacks?|advantages?|disadvantages?|figure|todo"
        r"|update|edit|warning|pros?|cons?|dataset|data|metrics?|baselines?|setup|input|output"
        r"|environments?|loss|architecture|training|inference|test|notation)(?: \w+)?: ",
    ),
)
