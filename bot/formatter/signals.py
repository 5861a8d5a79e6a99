"""What a sentence's words say about it: whether it can stand in a post, and how much it says of the paper.

Every rule has a name, which `show` prints beside the sentence. The weights were set by reading the posts of real summaries,
not learnt: docs/formatting.md says how and why. Expressions see the sentence in lower case unless they say otherwise.
"""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from bot.formatter.words import AUTHORS_DO, AUTHORS_SAY, FINITE_WORDS, METHOD, PAPER


class Rule(NamedTuple):
    """What a rule is called, what it is worth, and what it looks for: at the sentence's opening, at its end, anywhere."""

    name: str
    weight: float
    opening: re.Pattern[str] | None
    ending: re.Pattern[str] | None
    anywhere: re.Pattern[str] | None

    def holds(self, lower: str) -> bool:
        if self.opening is not None and self.opening.match(lower):
            return True
        if self.ending is not None and self.ending.search(lower, max(0, len(lower) - _LONGEST_ENDING)):
            return True
        return self.anywhere is not None and self.anywhere.search(lower) is not None


_LONGEST_ENDING = 50


def _rule(name: str, weight: float, *alternatives: str) -> Rule:
    """A rule from expressions; apart by their anchor, since all in one cost eight times as much."""
    kinds: tuple[list[str], list[str], list[str]] = ([], [], [])
    for one in alternatives:
        kinds[0 if one.startswith("^") else 1 if one.endswith("$") else 2].append(one)
    return Rule(name, weight, *(re.compile("|".join(kind)) if kind else None for kind in kinds))


_KINDS = r"(?:fig|figure|figures|tab|table|tables|sec|section|sections|eq|eqn|equation|equations|appendix|chapter|algorithm|alg)"
_PICTURES = r"(?:figure|image|diagram|plot|picture|table|equation|formula|graph|chart|screenshot|video|slide)s?"

# A sentence with one of these never stands in a post.
UNFIT = (
    _rule("part of it cannot be written", 0, "\ue000"),
    _rule("a question", 0, r"\?[\"”’)]*$"),
    _rule(
        "leads into a list or formula", 0,
        r":$", r"\bas follows\b", r"\bfollowing\W*$", r"\bthe following\b",
        r"\blooks? like (?:this|so)\b", r"\b(?:such as|given by|defined as|namely|written as|expressed as|formulated as)\W*$",
    ),
    _rule("cut off", 0, r"(?:[,;–]| -| and| or| but| also|=|\bthat|\bthe|\bof|\bby|\bis)(?: ?\(?\d{1,2}[.)])?\.?$", r"[:;,] ?\(?\d[.)]$"),
    _rule("ends in dots", 0, r"(?:\.\.\.|…)\W?$"),
    _rule(
        "points at a figure, table or section", 0,
        rf"\b{_KINDS}\b\.? ?\(?(?:\d|[a-f]\b|[ivx]+\b)", rf"\b{_PICTURES} (?:above|below|on the|shows?|illustrat\w+|depicts?)\b",
        r"\b(?:see|shown|described|mentioned|listed|explained|discussed|seen|stated|introduced|defined|noted) (?:above|below|earlier|previously|before|here|in the (?:figure|table|image))\b",
        r"(?<![\w)])\(\d\)", r"\b(?:afore)?mentioned\b", r"^(?:above|below|left|right|top|bottom)\b[:,]", r"\b(?:this|following) (?:figure|plot|diagram|table|image|picture|graph|chart|video)\b",
    ),
    _rule(
        "points elsewhere", 0,
        r"^\(?(?:see|cf\.?|check out|source|code|slides|video|demo|read|more (?:info|details)|for (?:more|further)|details)\b(?: also|:| here| in| the| at|$)",
        r"\bdetails? (?:are|is|can be found|available)\b", r"\b(?:code|dataset|data|models?|implementation) (?:is|are|can be) (?:publicly |also |now )?(?:available|found)",
        r"\b(?:this|the) (?:link|post|blog|tutorial|video|talk|repo|repository)\b", r"^(?:link|paper|official|github|notes) ",
        r"\bappendix\b", r"\bread the paper\b", r"\bis explained\b", r"\bwikipedia\b",
    ),
    _rule(
        "chatter about the review", 0,
        r"\bi(?:[’'](?:m|d|ve|ll))? (?:\w+ly |also |really |still |just )?(?:think|thought|find|found|believe|like|liked|guess|am|was|would|do|don|did|have|had|feel|felt|wonder|suspect|assume|can|could|will|hope|see|saw|read|know|understand|enjoyed|recommend|add|added|wish|learned|mean|tried|wrote|list|summarize|expect|bet|agree|doubt|want|give|use|assume|skip|leave|personally)\b",
        r"\bi[’'](?:m|d|ve|ll)\b", r"^i\b",
        r"\bmy (?:own|opinion|view|understanding|notes?|thoughts?|take|guess|summary|review|favou?rite|impression|intuition|question|concern|main|biggest|only|mind|knowledge)\b",
        r"\bmyself\b", r"\bim[h]?o\b", r"\bto me\b", r"\bthis (?:review|summary|post|note)\b", r"\breviewers?\b",
        r"\b(?:nice|great|cool|neat|fun|solid|interesting|interestingly|pragmatic|awesome|good|well[- ]written|must[- ]read|seminal|influential|classic|exciting|clever|cute) (?:\w+ ){0,2}(?:paper|read|work|article|idea)\b",
        r"\b(?:worth|easy to|enjoyable to|fun to) (?:read|note)", r"\b(?:baffling|crazy|burying the lede|tl;dr$)\b", r"\bkind of (?:weird|cool|neat)", r"\bpretty (?:cool|neat|much)\b",
        r"\bthe summary\b", r"\bpaper is (?:very |really |quite |well |clearly |nicely )", r"\bwell[- ]written\b", r"\bnot (?:entirely |really )?sure\b", r"\bworth (?:mentioning|noting)\b",
    ),
    _rule("a caption", 0, r"^(?:fig(?:ure)?|tab(?:le)?|image|algorithm|eq(?:uation)?|left|right|top|bottom|image source|from left)\b\.?\s*\(?\d*[:.)]"),
    _rule("a note in brackets", 0, r"^[(\[].*[)\]]\.?$"),
    _rule("a quotation", 0, r"^[“\"'‘][^“”\"]*[”\"'’]\W*$", r"^\s*>"),
    _rule("a step of an enumeration", 0, r"^\(?(?:\d{1,2}|[a-e]|i{1,3}|iv|v)[.)]", r"^(?:step|stage|phase|option|case) ?\d"),
    _rule(
        "explains a formula", 0,
        r"^(?:here|with)\b,? (?:the )?\S{1,12} (?:is|are|denotes?|being|=)", r"^where\b", r"^let \S{1,8} ", r"\bdenotes?\b", r"^(?:given|suppose|assume) (?:an? )?\S{1,3} ",
    ),
    _rule(
        "a bare label", 0,
        r"^(?:titles?|authors?|links?|tags?|year|venue|pdf|code|arxiv|conference|keywords?|doi|date|journal|affiliations?|cited by|github|project page|published|url|reviewer|score|rating)\s*[:(]",
        r"^(?:examples?|notes?|caveats?|questions?|drawbacks?|advantages?|disadvantages?|figure|todo|update|edit|warning|pros?|cons?|dataset|data|metrics?|baselines?|setup|input|output|environments?|loss|architecture|training|inference|test|notation)(?: \w+)?: ",
    ),
)

WORTH = (
    _rule(
        "says what the paper does", 3.0,
        rf"\b(?:this|the|their) (?:\w+ )?{PAPER}(?:[’']s)? (?:\w+ ){{0,2}}?(?:{AUTHORS_SAY})\b", rf"^(?:the )?authors (?:\w+ )?(?:{AUTHORS_SAY})\b",
        r"^(?:they|we) (?:\w+ )?(?:propose|introduce|present|show|demonstrate|develop|describe|suggest)\b", r"^in this (?:paper|work)",
    ),
    _rule("says what the authors do", 1.2, rf"\b(?:paper|authors|work) (?:\w+ )?(?:{AUTHORS_DO})\b", rf"\bthey (?:{AUTHORS_DO})\b"),
    _rule(
        "says what it contributes", 2.2,
        r"\b(?:main|key|core|central|primary|major|basic|big|overall|general) (?:contribution|idea|insight|result|finding|novelty|difference|claim|point|trick|innovation|intuition|message|concept)s?\b",
        r"\bcontributions? (?:of|is|are)\b", r"\bthe idea (?:is|of|behind)\b",
    ),
    _rule("proposes", 1.2, r"\b(?:propos|introduc)(?:e|es|ed|ing)\b", r"\bnovel\b", r"\ba new \w+", r"\bpresents?\b"),
    _rule(
        "finds", 1.4,
        r"\b(?:shows?|shown|showed|finds?|found|demonstrate[sd]?|proves?|proved|concludes?|concluded|observes?|observed|reveals?|suggests?|establish\w*) (?:that|how|empirically)\b",
        r"\bexperiments (?:show|demonstrate|suggest)", r"\bit turns out\b",
    ),
    _rule(
        "gives a result", 1.3,
        r"\boutperform\w*", r"\bstate[- ]of[- ](?:the[- ])?(?:the )?art\b", r"\bsota\b",
        r"\b(?:significantly|much|substantially|remarkably|considerably) (?:better|faster|fewer|less|more|higher|lower|improve\w*)",
        r"\bachiev(?:e|es|ed|ing)\b", r"\bimprov(?:e|es|ed|ement|ements|ing)\b", r"\bfaster\b", r"\bspeed[- ]?up\b", r"\bbetter than\b", r"\bsurpass\w*",
        r"\bbeats?\b", r"\bwithout (?:the )?(?:need|any)\b", r"\bcompetitive\b", r"\bthe first (?:to|break|work|method|model|paper|time)", r"\bbreak-?through\b",
    ),
    _rule(
        "says what it is about", 1.6,
        rf"\b{PAPER} (?:is about|deals? with|looks at|focuses on|tackles|addresses|aims|tries|attempts|expands|extends|builds|is on)\b", r"\bgoal (?:of|is)\b", r"\baims? (?:to|at)\b",
    ),
    _rule("says how it works", 0.7, r"\b(?:by|via|through) (?:\w+ing|the use of)\b", r"\binstead of\b", r"\bin place of\b", r"\breplac\w+", r"\bconsists? of\b", r"\bcombin\w+\b", r"\bwhich (?:adds|learns|predicts|uses)\b"),
    _rule("speaks of the method", 0.7, rf"^(?:the|their|our) (?:proposed |new |resulting |suggested )?(?:{METHOD}) "),
)
DOUBTS = (
    _rule(
        "background", -2.2,
        r"^(?:often|typically|usually|traditional(?:ly)?|recent(?:ly)?|current(?:ly)?|conventional(?:ly)?|existing|previous(?:ly)?|prior|standard|in recent years|many|most|until|historically|common(?:ly)?|over the (?:past|last)|in general|generally|normally|earlier|past|the usual|it is well|it is (?:common|known)|it(?:'s|’s| has) (?:been|well)|a (?:common|popular|typical|standard)|several|classical|humans|people)\b",
        r"\bis (?:the|a) (?:task|problem|process) (?:of|that|where|in which)\b", r"\bis (?:a|an) (?:well[- ]known|popular|common|important|fundamental|challenging|hard|difficult|basic)\b",
        r"\b(?:is|are) (?:usually|typically|often|commonly|traditionally|normally)\b", r"\b(?:the|a) (?:usual|standard|typical|common|traditional|classical|conventional|traditionally) (?:\w+ )?(?:way|approach|procedure|practice|method|techniques?|models?)\b",
        r"\bhas been (?:dubbed|shown|observed|known|used)\b", r"\bhave (?:been|become|recently)\b", r"\bpractice is\b", r"\bcurrently operate\b", r"\bone (?:had|has) to\b", r"\b(?:has|have) (?:gained|received|attracted|seen)\b",
    ),
    _rule(
        "about other work", -1.4,
        r"\bthe original\b", r"\bprevious (?:\w+ )?(?:work|methods|approaches|papers?|models)\b", r"\bprior (?:work|methods|approaches)\b", r"\bearlier work\b", r"\bexisting (?:\w+ )?(?:methods|approaches|models|work|techniques)\b",
        r"\bet al\b", r"\bother (?:methods|papers|approaches|works)\b", r"\b(?:same|similar|analogous|identical) (?:to|as in)\b", r"\b(?:19|20)\d\d\)", r"^unlike\b",
    ),
    _rule(
        "a detail of training", -1.8,
        r"\blearning rate", r"\bbatch(?:es)? (?:size|of)\b", r"\bmini-?batch(?:es)? of", r"\bmomentum of", r"\bweight decay", r"\bepochs?\b", r"\bgpus?\b", r"\badam\b(?! is)", r"\bsgd\b(?! is)", r"\bhyper-?param",
        r"\binitiali[sz]ed (?:with|at|to)", r"\bdropout (?:of|rate|with|in)\b", r"\bkernel size", r"\bstride\b", r"\bfilters? of", r"\b\d+ (?:layers|filters|neurons|units)\b", r"\bby default\b",
        r"\brelu\b", r"\bfc layers?\b", r"\bpre-?trained on\b", r"\b\d+ ?x ?\d+ (?:conv|filter|kernel)", r"\btest(?:ed)? on\b", r"\b(?:train|test|training|validation) set\b", r"\bevaluated on\b", r"\btrained (?:on|for|with)\b", r"\bdatasets? (?:used|are|is|contains)\b",
        r"\b(?:gaussian|rbf) kernels\b", r"\blearning_rate\b", r"\b\d+(?:-\d+)?ms\b", r"\baugment(?:ed|ation) (?:by|with|via)\b",
    ),
    _rule(
        "a doubt or complaint", -2.0,
        r"\b(?:unfortunately|unclear|not clear|weird|strange|disappointing|lacks?|lacking|missing|questionable|weak|weakness|limitations?|drawbacks?|criticism|presumably|probably|maybe|somehow|sadly|arguably|annoying|hopefully|confus\w+|minor|ambiguous)\b",
        r"\bhard to (?:say|judge|tell|evaluate|train)", r"\bseems? (?:like|to me|that|odd|strange|as)\b", r"\bit would be\b", r"\b(?:would|should|could|might) have\b", r"\bfails? to\b", r"\bfall short\b",
        r"\bnot (?:really|very|entirely|super|compar\w+|discuss\w*|clear|explain\w*)\b", r"\b(?:don't|doesn't|does not|do not|did not|didn't|cannot|can't)\b", r"\bno (?:comparison|code|details|analysis|ablation)", r"\bperforms? (?:worse|poorly)", r"\bonly (?:evaluated|tested)\b",
        r"\b(?:might|may) be\b", r"\ba (?:bit|little)\b", r"\bit is not\b", r"\bworse\b", r"\bwould be (?:interesting|nice|useful|good)",
    ),
    _rule("speaks to the reader", -0.9, r"\b(?:you|your|let's|let us|imagine|suppose|recall|remember|note that|notice|look at|think of|want|say)\b"),
    _rule(
        "sets the scene", -0.8,
        r"\bthe (?:need for|reasoning|premise|motivation|observation|problem|challenge)\b", r"\bis called\b", r"\bmotivated by\b", r"\bis (?:needed|difficult|hard|expensive|costly|slow|challenging)\b", r"\bsuffers?\b",
        r"\b(?:we would like|in theory|in practice|theoretically|in the worst case|intuitively|problems?)\b", r"\bneeds? to\b", r"\bmust\b", r"\b(?:quite|very|rather|extremely) (?:slow|expensive|hard|difficult|costly)\b",
    ),
    _rule("an example", -1.5, r"\bfor (?:example|instance)\b", r"^(?:e\.?g|i\.?e|ex)\b", r"\be\.g\.,? [^)]*$"),
    _rule("praise", -0.9, r"\b(?:interesting(?:ly)?|impressive|clever|elegant|surprisingly|amazing|exciting|beautiful|super|funny|neat|cool|nice|insightful|really|all in all)\b"),
    _rule(
        "an instruction", -2.0,
        r"^(?:set|initiali[sz]e|pick|feed|run|repeat|update|split|place|put|calculate|normali[sz]e|extract|increase|decrease|pass|measure|don't|simply|just)\b",
    ),
    _rule("a fragment", -2.5, r"^(?!compared|based|inspired|given)[\w-]+ed (?:down|by|to|from|with|using|on|in|at|as)\b", r"^(?:an? |the )?(?:[\w’'-]+ ){1,5}(?:which|that|where) [^,]*$(?<!x)"),
    _rule("opens with a label", -1.3, r"^[a-z][^:.!?]{1,45}: ", r"^[a-z][\w -]{1,40} [-–—] "),
    _rule("adds to what was said", -0.5, r"\balso\b", r"\bas well\.$", r"\badditional(?:ly)?\b", r"\banother\b", r"\bhowever\b", r"\b(?:un)?related\b"),
    _rule("announces a list", -1.6, r"\b(?:two|three|four|five|several|multiple|some|many) (?:\w+ ){0,3}\w+s\W*$", r"\b(?:two|three|four|five|several) (?:\w+ )?(?:contributions|variations|variants|versions|parts|disadvantages|problems|steps|ways)\b"),
    _rule("vague", -0.8, r"\bvarious\b", r"\bsome (?:small )?(?:changes|tricks|details)\b", r"\b(?:the|a) (?:number|lot|couple|bunch) of\b", r"\bdifferent classes\b", r"\betc\b", r"\bthings?\b", r"\bstuff\b"),
)


_DEFINES = re.compile(r"^(?:an? |the )?(?:[\w/()’'-]+ ){1,6}?(?:is|are|means|refers to) (?:an? |the |those |phases|when|if|defined|methods|models)")
_OWN = re.compile(rf"^(?:the |their |our |this )?(?:\w+ )?(?:{PAPER}|{METHOD}|contributions?|goal|result|aim|insight|difference|main|key|basic|core|central)\b")

# Leans on the sentence before: can only stand behind it.
_LEANING = re.compile(
    r"^(?:it|its|it's|their|them|they|he|she|his|her|these|those|that|such|both|each|another|others?|either|neither|this|here|one|two|three|all|some|only|same|there"
    r"|the (?:latter|former|same|other|second|third|next|last|first|resulting|rest|remaining|difference|two|three|above|reason|whole|final|effect of this|result is|key difference)"
    r"|to (?:do|achieve|solve|fix|address|avoid|overcome|tackle|get|lessen|reduce|handle|deal with|alleviate|remedy) (?:so|this|that|it|these|the)"
    r"|doing (?:so|this)|(?:some|one|all|each|both|many|most|none) of (?:these|them|those|the)"
    r"|(?:because|instead|as a (?:way|result)|given|with|for|in|by|using|after|due to|based on|from|despite|like|unlike|on|at|during|within|under|through|of) (?:of )?(?:this|that|these|those|it|them|such|both|here|each)"
    r"|then|next|after(?:wards?|ward)?,|again|otherwise|and|or|nor|yet|still|meanwhile|thereby|hence|likewise|similarly|e\.g\.|i\.e\.|but|rather|so,? (?:this|that|it|they|what|now)"
    r"|for (?:example|instance)|that is|in other words|on the other hand|in contrast|conversely|in comparison|alternatively|to (?:that|this) end|(?:first|second|third|final|last)(?:ly)?,|moreover|at (?:test|train)\w* time|instead,?|therefore|thus|once|even|not only|while|when|if|since|because|although|besides)\b"
)
_POINTS_BACK = re.compile(
    r"^(?:they|the authors|authors|we|the paper|this paper) (?:\w+ ){1,2}(?:it|them|this|that|these|those)(?:$|[.,;]| (?!are|is|can|paper|work|the|an?\b|we|they|there|have|has|in|such|it|with|all|each|most|models?|both)\w)"
    r"|\bsuch (?!as\b|that\b)"
    rf"|[a-z,] (?:this|these|those) (?!{PAPER}|ways?\b|is\b|are\b|setting|works?\b|can\b)[a-z]+"
)
_POINTS_FAR_BACK = re.compile(r"\b(?:the )?(?:aforementioned|above|former|latter|said|mentioned) (?!works?\b|methods?\b|papers?\b|state|approaches|best)[a-z]+|(?<!each )(?<!the )\bother (?:two|three) ")
_POINTER = re.compile(r"(?<=[a-z,] )(?:such|this|these|those) ([\w-]+)")
_THIS_PAPER = re.compile(rf"^(?:in )?(?:this|their|the) (?:\w+ )?{PAPER}\b")
_THEY_DO = re.compile(
    r"^they (?:also |then |further |thus |therefore |empirically |experimentally |first |additionally )?"
    r"(?:propose|introduce|present|show|demonstrate|argue|suggest|find|found|claim|report|evaluate|investigate|develop|describe|study|explore"
    r"|extend|analy[sz]e|prove|conclude|hypothesi[sz]e|observe|design|compare|test|derive|experiment|manage|built?|create)\b"
)
_PREPOSITIONS = frozenset(("by", "with", "from", "to", "in", "on", "using", "as", "at", "for", "into", "down", "via", "of"))
_CONNECTIVE = re.compile(
    r"^(?:(?:So|Thus|Therefore|Hence|Also|Moreover|Furthermore|Additionally|In addition|Overall|In summary|In short|To summari[sz]e|Basically"
    r"|Essentially|Specifically|In particular|Concretely|However|In conclusion|As a result|Consequently|Nevertheless|Finally|Importantly"
    r"|Interestingly|Surprisingly|Notably|Unsurprisingly|In essence|More specifically|More precisely|Here|Instead|Now|Further|That is|Then"
    r"|Thereby|In general|All in all|Lastly|In other words|To this end|In this way), (?=\w)"
    r"|(?:So|Thus|Therefore|Hence|Also|TL;?DR:?|Note that) (?=(?:the|this|they|we|a|an|it)\b)"
    r"|(?:The )?(?:basic |main |key |core |general )?(?:idea|contributions?|findings?|conclusions?|goal|insight|results?|approach|summary|takeaway|tl;?dr): (?=\w))",
    re.IGNORECASE,
)
# An introduction that leans on what came before, in front of a main clause that does not.
_INTRODUCTION = re.compile(r"^(?:Given|As an? way|To|Using|With|In order|Based on|For|By|Because|Since|Motivated|Inspired|Due to|Building on|In contrast|Unlike|After|On top)\b[^.;]{3,160}?(?:,| [-–—]) (?=(?:the|this) (?:authors?|paper|article) )")

_GOOD_SECTION = re.compile(
    r"contribution|key (?:idea|point|insight|result|take)|main (?:idea|point|result)|summary|overview|abstract|tl;?dr|^what$|idea|conclusion|finding|proposed|in short|takeaway|introduction|novelty|highlights|problem addressed"
)
_RESULT_SECTION = re.compile(r"result|evaluation|performance|observation|strength|gain|advantage|pros\b|benefit")
_BAD_SECTION = re.compile(
    r"see also|related|reference|link|^notes?\b|question|comment|critici|weakness|dislike|^cons\b|funny|background|motivation|prior|training|implementation|dataset|data set|^data\b|hyper|setup|set-up|settings?\b|notation|prelimin"
    r"|future|chapter|\bmy\b|\bi\b|resources|code|limitation|drawback|rating|opinion|thoughts|appendix|baseline|example|definition|terminolog|glossary|discussion|intuition|details|history|context|acknowledg|experiment|metrics|tasks?$|why|open problem|caveat"
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
    lower = _POINTER.sub(lambda found: "" if any(word in known for word in re.findall(r"\w+", found[1])) else found.group(), lower)
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
    return any(word in FINITE_WORDS and not _is_participle(word, after) for word, after in zip(words, [*words[1:], ""], strict=False))


def _is_participle(word: str, after: str) -> bool:
    """`followed by`, `trained on`: no finite verb, as far as one can tell."""
    return word.endswith("ed") and after in _PREPOSITIONS


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
