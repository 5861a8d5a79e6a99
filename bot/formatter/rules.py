"""What a rule is, and those that keep a sentence out of every post.

Every rule has a name, which `show` prints beside the sentence. Expressions see the sentence in lower case.
"""

import re
import sys
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from bot.formatter.beginnings import alternatives, first_words, words_of


class Rule(NamedTuple):
    """What a rule is called, what it is worth, and what it looks for: at the sentence's opening, at its end, at a
    word, anywhere.

    opens, begins  the words that opening and word can begin with, as `first_words` gives them
    start          an opening that may begin with any word or sign
    """

    name: str
    weight: float
    opening: re.Pattern[str] | None
    start: re.Pattern[str] | None
    ending: re.Pattern[str] | None
    word: re.Pattern[str] | None
    anywhere: re.Pattern[str] | None
    opens: frozenset[str]
    begins: frozenset[str]


# "\b", or "(?<!than )\b"; what is tried at words only can do without the "\b".
_AT_A_WORD = re.compile(r"((?:\(\?<[=!][^()]*\))*)\\b")
# An ending is looked for in the last so many characters.
_LONGEST_ENDING = 50
_NEAR_THE_END = rf"(?=(?s:.){{0,{_LONGEST_ENDING}}}\Z)"


def rule(name: str, weight: float, *alternatives: str) -> Rule:
    """A rule from expressions, none with a "|" outside brackets; apart by their anchor, since all in one cost eight
    times as much."""
    openings: dict[str, frozenset[str]] = {}
    words: dict[str, frozenset[str]] = {}
    starts, endings, anywhere = [], [], []
    for one in alternatives:
        bare = one[1:] if one.startswith("^") else _AT_A_WORD.sub(r"\1", one, count=1)
        firsts = first_words(bare) if one.startswith("^") or _AT_A_WORD.match(one) else None
        if one.startswith("^"):
            if firsts is None:
                starts.append(bare)
            else:
                openings[bare] = firsts
        elif firsts is not None:
            words[f"{_NEAR_THE_END}{bare}" if one.endswith("$") else bare] = firsts
        elif one.endswith("$"):
            endings.append(one)
        else:
            anywhere.append(one)
    return Rule(
        name,
        weight,
        opening=_any_of(openings),
        start=_any_of(starts),
        ending=_any_of(endings),
        word=_any_of(words),
        anywhere=_any_of(anywhere),
        opens=frozenset().union(*openings.values()),
        begins=frozenset().union(*words.values()),
    )


def _any_of(alternatives: Collection[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(alternatives)) if alternatives else None


_Numbered = list[tuple[int, Callable[..., re.Match[str] | None]]]


class Rules:
    """Rules that are asked together: the words of a sentence are gone through once, and at each only those rules are
    tried that can begin with it. To search the sentence for one rule after the other took six times as long."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._openings: dict[str, _Numbered] = {}
        self._words: dict[str, _Numbered] = {}
        self._starts: _Numbered = []
        self._endings: _Numbered = []
        self._anywhere: _Numbered = []
        for number, one in enumerate(self._rules):
            self._sort_in(number, one)

    def _sort_in(self, number: int, one: Rule) -> None:
        if one.opening:
            for first in one.opens:
                self._openings.setdefault(first, []).append((number, one.opening.match))
        if one.word:
            for first in one.begins:
                self._words.setdefault(first, []).append((number, one.word.match))
        if one.start:
            self._starts.append((number, one.start.match))
        if one.ending:
            self._endings.append((number, one.ending.search))
        if one.anywhere:
            self._anywhere.append((number, one.anywhere.search))

    def hold(self, lower: str, end: int = sys.maxsize) -> bool:
        """Whether any of them holds of a sentence, or of what it says before `end`; a word cut there is none."""
        return bool(self._numbers(lower, end))

    def holding(self, lower: str) -> list[Rule]:
        """The rules that hold of a sentence, in their order."""
        return [self._rules[number] for number in self.numbers(lower)]

    def numbers(self, lower: str) -> list[int]:
        """The same by their numbers."""
        return sorted(self._numbers(lower, sys.maxsize))

    def _numbers(self, lower: str, stop: int) -> set[int]:
        words = words_of(lower)
        held: set[int] = set()
        first = next(iter(words), "")
        if first in self._openings and words[first][0] == 0:
            for number, matches in self._openings[first]:
                if matches(lower, 0, stop):
                    held.add(number)
        for number, matches in self._starts:
            if matches(lower, 0, stop):
                held.add(number)
        end = max(0, min(len(lower), stop) - _LONGEST_ENDING)
        for number, finds in self._endings:
            if finds(lower, end, stop):
                held.add(number)
        for number, finds in self._anywhere:
            if finds(lower, 0, stop):
                held.add(number)
        at = self._words
        for first in at.keys() & words.keys():
            places = words[first]
            for number, matches in at[first]:
                for place in places:
                    if matches(lower, place, stop):
                        held.add(number)
        return held


def looked_for(expression: str) -> Rules:
    """An expression as one rule without a name: what is found only at a few words is found sooner so."""
    return Rules([rule("", 0, *alternatives(expression))])


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
        r"\bthe following\b(?!.*: )",
        r"\blooks? like (?:this|so)\b",
        r"\b(?:makes?|has|have|gives?|lists?|offers?) (?:\w+ )?(?:two|three|four|five|six|several|many|a few)"
        r" (?:\w+ ){0,2}(?:contributions|observations|points|claims|findings|takeaways|suggestions)\W*$",
        r"\b(?:such as|given by|defined as|namely|written as|expressed as|formulated as)\W*$",
    ),
    rule(
        "cut off",
        0,
        r"[,–](?: ?\(?\d{1,2}[.)])?\.?$",
        r"; ?\(?\d{1,2}[.)]\.?$",
        r" (?:and|or)(?: ?\(?\d{1,2}[.)])?\.?$",
        r" (?:-|but|also)\.?$",
        r"=\.?$",
        r"\W(?:the|of|by)\.?$",
        r"\W(?:that|is|to)$",
        r"\bimportant are\.?$",
        r"\b(?:using|into|via|including|includes|(?:used|designed|meant|intended) for)\.?$",
        r"^(?!.*\b(?:that|which|what|how|where)\b).*\b(?:methods|models|approaches|systems) use\.?$",
        r":\s*\(?1[.)](?!.*\W2[.)])",
        r"\b(?:for|in) (?:two|three|four|\d|several|many|different) (?:\w+ )?(?:reasons|ways|steps|parts|stages)\W*$",
        r"[:;,] ?\(?\d[.)]$",
    ),
    rule("names of people", 0, r"[a-z]{2} (?:\* )?[¹²³⁴⁵⁶] (?:[¹²³⁴⁵⁶]|[a-z]{2})", r"(?:[a-z]{3}[¹²³][^¹²³]*){3}"),
    rule(
        "a reference",
        0,
        r"\barxiv preprint\b",
        r"\bet al\.?,? ?[\"“]",
        r"\bet al\.?,? (?:\d{1,2} )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{4}\b",
        r"\bsubmitted on (?:\d{1,2} )?[a-z]{3,9} \d{4}",
        r"^reviewed by\b",
        r"^(?:advances in neural|proceedings of|ieee (?:international|transactions|conference)"
        r"|acm (?:sigmod|transactions)|in proceedings|journal of|international (?:conference|journal))\b",
        r"^authors? ?[:：]",
    ),
    rule(
        "still to be written",
        0,
        r"\b(?:summary|notes?|review|section|post)(?: is| are)?(?: yet| still)? to be (?:added|written)[.!)]*$",
        r"\b(?:yet|still) to be (?:added|written|filled in)[.!)]*$",
        r"^(?:to be continued|todo|wip)\b",
        r"^.{0,40}\b(?:coming soon|work in progress)[.!)]*$",
    ),
    rule("half of a sentence", 0, r"^(?:whereas|whereby|wherein)\b(?!.*, )", r"^(?:leading|resulting) (?:to|in)\b"),
    rule("ends in dots", 0, r"(?:\.\.\.|…)\W?$"),
    rule(
        "points at a figure, table or section",
        0,
        rf"\b{_KINDS}\b\.? ?\(?(?:\d|[a-f]\b|[ivx]+\b)",
        rf"\b(?:first|second|third|next|last|below|above) {_PICTURES}\b",
        rf"\b{_PICTURES} (?:above|below|on the|shows?|illustrat\w+|depicts?)\b",
        r"\b(?:see|shown|described|mentioned|listed|explained|discussed|(?<!never )seen|stated|introduced|defined"
        r"|noted|enumerated|given|summari[sz]ed|outlined|detailed|presented)"
        r" (?:above|below|earlier|previously|before|here|in the (?:figure|table|image))\b",
        r"^(?!.*\(1\).*\(2\)).*\((?<![\w)]\()\d\)",
        r"\([a-e]\) (?:and|or) \([b-f]\)",
        r"\b(?:afore)?mentioned\b",
        r"^(?:above|below|left|right|top|bottom)\b[:,]",
        r"\b(?:this|following) (?:figure|plot|diagram|table|image|picture|graph|chart|video)\b",
    ),
    rule(
        "points elsewhere",
        0,
        r"^\(?(?:see|cf\.?|check out|source|code|slides|video|demo|read|more (?:info|details)|for (?:more"
        r"|further)|details)\b(?: also|:| here| in| the| at|$)",
        r"^see (?!how\b|that\b|if\b|whether\b)",
        r"\bdetails? (?:are|is|can be found|available)\b",
        r"\b(?:code|dataset|data|models?|implementation) (?:is|are|can be) (?:publicly |also |now |freely )?"
        r"(?:available|found)(?= (?:at|here|on|online|under|from)\b|[\W]*$)",
        r"\b(?:this|the) (?:link|blog(?: ?post)?|tutorial|talk|repo|repository)\b(?!-| prediction)",
        r"\b(?:see|watch|read) (?:\w+ )?(?:post|video)\b",
        r"^(?:link|paper|official|github|notes) ",
        r"^code (?:samples?|snippets?|examples?) (?:(?:is|are|can be) )?(?:used from|taken|found|available|provided"
        r"|from|at|here|below)\b",
        r"\b(?:from|at|found|available) here\b",
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
        r"\b(?:nice|great|excellent|cool|neat|fun|solid|interesting|interestingly|pragmatic|awesome|good"
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
        r"\ba review of the (?:paper|article)\b",
        r"\b(?:wanted to (?:know|read|understand|learn)|(?:we|i) chose (?:this|to read))\b",
        r"\(\?\)",
        r"^(?:written|noted|listed|summari[sz]ed) (?:are|is|below|here)\b",
        r"\bworth (?:mentioning|noting)\b",
        r"\b(?:last|this) week[’']s (?:\w+ )?(?:paper|post|review|reading|summary)\b",
        r"\btoday[’']s (?:paper|post|summary)\b",
        r"^we saw last time that\b",
        r"^today,? we(?:[’']ll| will| are going to)? (?:see|read|look|discuss|review|cover|talk)\b",
        r"^this (?:post )?is (?:the )?(?:first|second|third|fourth|last|\w+ post)\b.{0,30}\bseries\b",
        r"^the (?:first|second|third|last|next) part of (?:the|this|our|my) series\b",
    ),
    rule(
        "a caption",
        0,
        r"^(?:fig(?:ure)?|tab(?:le)?|image|algorithm|eq(?:uation)?|left|right|top|bottom|image source"
        r"|from left)\b\.?\s*\(?\d*[:.)]",
        r"^(?:top|bottom|left|right) (?:shows?|is|are|row|panel)\b",
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
