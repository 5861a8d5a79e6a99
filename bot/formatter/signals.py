"""What a sentence's words say about it: whether it can stand in a post, and how much it says of the paper."""

import re
from collections.abc import Collection, Iterator

from bot.formatter.rules import DOUBTS, UNFIT, WORTH
from bot.formatter.words import FINITE_WORDS, METHOD, PAPER

_DEFINES = re.compile(
    r"^(?:an? |the )?(?:[\w/()’'-]+ ){1,6}?(?:is|are|means|refers to) (?:an? |the |those |phases|when|if"
    r"|defined|methods|models)"
)
_OWN = re.compile(
    rf"^(?:the |their |our |this )?(?:\w+ )?(?:{PAPER}|{METHOD}|contributions?|goal|result|aim|insight"
    rf"|difference|main|key|basic|core|central)\b"
)

# Leans on the sentence before: can only stand behind it.
_LEANING = re.compile(
    r"^(?:eg|e\.g\.?|(?:like|unlike|in|with|for|as|by|on) [\w -]{3,40},? (?:it|they) |first,? |it|its|it's"
    r"|their|them|they|he|she|his|her|these|those|that|such|both|each|another|others?|either|neither|this"
    r"|here|one|two|three|all|some|only|same|there"
    r"|the (?:latter|former|same|other|second|third|next|last|first|resulting|rest|remaining|difference"
    r"|two|three|above|reason|whole|final|effect of this|result is|key difference)"
    r"|to (?:do|achieve|solve|fix|address|avoid|overcome|tackle|get|lessen|reduce|handle|deal with"
    r"|alleviate|remedy) (?:so|this|that|it|these|the)"
    r"|doing (?:so|this)|(?:some|one|all|each|both|many|most|none) of (?:these|them|those|the)"
    r"|(?:because|instead|as a (?:way|result)|given|with|for|in|by|using|after|due to|based on|from"
    r"|despite|like|unlike|on|at|during|within|under|through|of) (?:of )?(?:this|that|these|those|it|them"
    r"|such|both|here|each)"
    r"|then|next|after(?:wards?|ward)?,|again|otherwise|and|or|nor|yet|still|meanwhile|thereby|hence"
    r"|likewise|similarly|e\.g\.|i\.e\.|but|rather|so,? (?:this|that|it|they|what|now)"
    r"|for (?:example|instance)|that is|in other words|on the other hand|in contrast|conversely"
    r"|in comparison|alternatively|to (?:that|this) end|(?:first|second|third|final|last)(?:ly)?,"
    r"|moreover|at (?:test|train)\w* time|instead,?|therefore|thus|once|even|not only|while|when|if|since"
    r"|because|although|besides)\b"
)
_POINTS_BACK = re.compile(
    r"^(?:they|the authors|authors|we|the paper|this paper) (?:\w+ ){1,2}(?:(?:it|them)\b|(?:this"
    r"|these|those)(?:$|[.,;]| (?:with|by|to|in|on|for|as|using|via)\b))"
    r"|\b(?:fix|solve|address|handle|achieve|overcome|tackle|avoid|resolve|mitigate|change|improve|extend)(?:s|es|ed)?"
    r" (?:that|this|these|those|it|them)\b"
    r"|\bthat (?:this|these|it) (?:is|are|was|were|can|would|helps?|leads?|makes?|allows?)\b"
    r"|\bsuch (?!as\b|that\b)"
    rf"|[a-z,] (?:this|these|those) (?!{PAPER}|ways?\b|is\b|are\b|setting|works?\b|can\b)[a-z]+"
)
_POINTS_FAR_BACK = re.compile(
    r"\b(?:the )?(?:aforementioned|above|former|latter|said|mentioned) (?!works?\b|methods?\b|papers?\b"
    r"|state|approaches|best)[a-z]+|(?<!each )(?<!the )\bother (?:two|three) "
)
_POINTER = re.compile(r"(?<=[a-z,] )(?:such|this|these|those) ([\w-]+)")
_THIS_PAPER = re.compile(rf"^(?:in )?(?:this|their|the) (?:\w+ )?{PAPER}\b")
_CLAUSE = re.compile(r"((?:\S+ ){1,12}?)(?:which|that|where|who) ")
_THEY_DO = re.compile(
    r"^they (?:also |then |further |thus |therefore |empirically |experimentally |first |additionally )?"
    r"(?:propose|introduce|present|show|demonstrate|argue|suggest|find|found|claim|report|evaluate"
    r"|investigate|develop|describe|study|explore"
    r"|extend|analy[sz]e|prove|conclude|hypothesi[sz]e|observe|design|compare|test|derive|experiment"
    r"|manage|built?|create)\b"
)
_PREPOSITIONS = frozenset(
    ("by", "with", "from", "to", "in", "on", "using", "as", "at", "for", "into", "down", "via", "of")
)
_CONNECTIVE = re.compile(
    r"^(?:(?:So|Thus|Therefore|Hence|Also|Moreover|Furthermore|Additionally|In addition|Overall"
    r"|In summary|In short|To summari[sz]e|Basically"
    r"|Essentially|Specifically|In particular|Concretely|However|In conclusion|As a result|Consequently"
    r"|Nevertheless|Finally|Importantly"
    r"|Interestingly|Surprisingly|Notably|Unsurprisingly|In essence|More specifically|More precisely|Here"
    r"|Instead|Now|Further|That is|Then"
    r"|Thereby|In general|All in all|Lastly|In other words|To this end|In this way), (?=\w)"
    r"|(?:So|Thus|Therefore|Hence|Also|TL;?DR:?|Note that) (?=(?:the|this|they|we|a|an|it)\b)"
    r"|(?:The )?(?:basic |main |key |core |general )?(?:idea|contributions?|findings?|conclusions?|goal"
    r"|insight|results?|approach|summary|takeaway|tl;?dr): (?=\w))",
    re.IGNORECASE,
)
# An introduction that leans on what came before, in front of a main clause that does not.
_INTRODUCTION = re.compile(
    r"^(?:Given|As an? way|To|Using|With|In order|Based on|For|By|Because|Since|Motivated|Inspired|Due to"
    r"|Building on|In contrast|Unlike|After|On top)\b[^.;]{3,160}?(?:,| [-–—]) (?=(?:the"
    r"|this) (?:authors?|paper|article) )"
)

_GOOD_SECTION = re.compile(
    r"contribution|key (?:idea|point|insight|result|take)|main (?:idea|point|result)|summary|overview"
    r"|abstract|tl;?dr|^what$|idea|conclusion|finding|proposed|in short|takeaway|introduction|novelty"
    r"|highlights|problem addressed"
)
_RESULT_SECTION = re.compile(r"result|evaluation|performance|observation|strength|gain|advantage|pros\b|benefit")
_BAD_SECTION = re.compile(
    r"see also|related|reference|link|^notes?\b|question|comment|critici|weakness|dislike|^cons\b|funny"
    r"|background|motivation|prior|training|implementation|dataset|data set|^data\b|hyper|setup|set-up"
    r"|settings?\b|notation|prelimin"
    r"|future|chapter|\bmy\b|\bi\b|resources|code|limitation|drawback|rating|opinion|thoughts|appendix"
    r"|baseline|example|definition|terminolog|glossary|discussion|intuition|details|history|context"
    r"|acknowledg|experiment|metrics|tasks?$|why|open problem|caveat"
)


def unfit(lower: str) -> str:
    """The name of the first rule that keeps a sentence out of every post, or nothing."""
    return next((rule.name for rule in UNFIT if rule.holds(lower)), "")


def signs(lower: str) -> Iterator[tuple[str, float]]:
    """Names and weights of what speaks for and against a sentence."""
    return ((rule.name, rule.weight) for rule in (*WORTH, *DOUBTS) if rule.holds(lower))


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


def defines_a_term(lower: str) -> bool:
    """Whether the sentence says what some word means, not what the paper does."""
    return _DEFINES.match(lower) is not None and _OWN.match(lower) is None


def leans(lower: str, known: Collection[str] = ()) -> bool:
    """Whether the sentence needs the one before it: a pronoun whose noun stands there, a "then", a "for example".

    known: words that the reader has seen already, those of the title; "such graphs" points at nothing else then.
    """
    lower = _POINTER.sub(
        lambda found: "" if any(word in known for word in re.findall(r"\w+", found[1])) else found.group(), lower
    )
    return _opens_leaning(lower) or points_back(lower)


def points_back(lower: str) -> bool:
    """Whether words inside the sentence point at an earlier one: "those weights", "such an approach"."""
    return _POINTS_BACK.search(lower[:80]) is not None or _POINTS_FAR_BACK.search(lower) is not None


def _opens_leaning(lower: str) -> bool:
    return _LEANING.match(lower) is not None and not _THIS_PAPER.match(lower) and not _THEY_DO.match(lower)


def has_verb(text: str) -> bool:
    """Whether anything in `text` looks like a finite verb: fragments of lists have none."""
    if any(rule.holds(text.lower()) for rule in WORTH[:2]):
        return True
    words = re.findall(r"[a-z][a-z']*", text.lower().replace("’", "'"))
    return any(
        word in FINITE_WORDS and not _is_participle(word, after)
        for word, after in zip(words, [*words[1:], ""], strict=False)
    )


def _is_participle(word: str, after: str) -> bool:
    """`followed by`, `trained on`: no finite verb, as far as one can tell."""
    return word.endswith("ed") and after in _PREPOSITIONS


def is_headless(text: str) -> bool:
    """Whether the sentence is only a noun with a clause: "A model which learns to count"."""
    head = _CLAUSE.match(text)
    return head is not None and not has_verb(head[1])


def has_no_subject(lower: str) -> bool:
    """Whether the sentence begins with its verb: "Makes training faster", "Use the features"."""
    return lower.split(" ", 1)[0].strip(",.:") in FINITE_WORDS


def standing_alone(text: str) -> str:
    """The sentence as it opens a text: without its "However, ", and with "The authors" for an authors' "They"."""
    bare = _INTRODUCTION.sub("", text, count=1)
    bare = _CONNECTIVE.sub("", bare, count=1)
    if bare != text:
        bare = bare[:1].upper() + bare[1:]
    return "The authors" + bare[4:] if _THEY_DO.match(bare.lower()) else bare
