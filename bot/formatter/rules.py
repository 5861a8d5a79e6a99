"""What a rule is, and those that keep a sentence out of every post.

Every rule has a name, which `show` prints beside the sentence. Expressions see the sentence in lower case.
"""

import re
from typing import NamedTuple


class Rule(NamedTuple):
    """What a rule is called, what it is worth, and what it looks for: at the sentence's opening, at its end, at the
    beginning of any word, anywhere."""

    name: str
    weight: float
    opening: re.Pattern[str] | None
    ending: re.Pattern[str] | None
    word: re.Pattern[str] | None
    anywhere: re.Pattern[str] | None

    def holds(self, lower: str) -> bool:
        if self.opening is not None and self.opening.match(lower):
            return True
        if self.ending is not None and self.ending.search(lower, max(0, len(lower) - _LONGEST_ENDING)):
            return True
        if self.word is not None and self.word.search(lower):
            return True
        return self.anywhere is not None and self.anywhere.search(lower) is not None


_LONGEST_ENDING = 50


def rule(name: str, weight: float, *alternatives: str) -> Rule:
    """A rule from expressions, none with a "|" outside brackets; apart by their anchor, since all in one cost eight
    times as much."""
    kinds: tuple[list[str], list[str], list[str], list[str]] = ([], [], [], [])
    for one in alternatives:
        kinds[0 if one.startswith("^") else 1 if one.endswith("$") else 2 if one.startswith(r"\b") else 3].append(one)
    # The boundary is looked for once, not once for each alternative.
    if kinds[2]:
        kinds[2][:] = ["".join((r"\b(?:", "|".join(one[2:] for one in kinds[2]), ")"))]
    return Rule(name, weight, *(re.compile("|".join(kind)) if kind else None for kind in kinds))


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
