"""What a sentence's words say about it: whether it can stand in a post, and how much it says of the paper.

Every rule has a name, which `show` prints beside the sentence. The weights were set by reading posts of real summaries,
not learnt: see docs/formatting.md.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_AUTHOR_VERBS = (
    r"propos\w+|introduc\w+|present\w*|show\w*|demonstrat\w+|argu\w+|suggest\w*|find|found|claim\w*|report\w*|evaluat\w+"
    r"|investigat\w+|develop\w*|describ\w+|stud(?:y|ies|ied)|explor\w+|extend\w*|analy[sz]\w+|address\w*|tackl\w+|examin\w+"
    r"|prov(?:e|es|ed)|deriv\w+|design\w*|combin\w+|model(?:s|ed)?|formulat\w+|conclud\w+|establish\w*|appl(?:y|ies|ied)"
    r"|compar\w+|train\w*|use|uses|used|learn\w*|improv\w+|achiev\w+|provid\w+|give|gives|offers?|observ\w+|discuss\w*"
    r"|replac\w+|generat\w+|aim\w*|deals?|focus\w*|build\w*|create\w*|describes?|considers?|defines?|performs?|tries|tested"
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|can|could|may|might|will|would|should|must|isn't|aren't|doesn't|don't|can't"
    r"|it's|that's|they're|cannot|makes?|made|works?|worked|needs?|needed|gets?|allows?|allowed|requires?|required|helps?|leads?|led|takes?"
    r"|took|becomes?|outperforms?|outperformed|beats?|reduc\w+|increas\w+|enables?|predicts?|results?|depends?|contains?|consists?"
    r"|operates?|maps?|adds?|removes?|outputs?|produces?|converges?|fits?|runs?|ran|yields?|relies|rely|exploits?|captures?"
    r"|encodes?|decodes?|retains?|fixes|solves?|lets?|keeps?|seems?|tends?|suffers?|fails?|performs?|performed|samples?|minimi[sz]es?"
    r"|maximi[sz]es?|optimi[sz]es?|selects?|computes?|estimates?|encourages?|forces?|ensures?|follows?|starts?|represents?|transfers?"
    r"|generali[sz]es?|scales?|means|acts?|serves?|splits?|updates?|takes off|expands?|remains?|came|comes?|goes|includes?|varies"
    rf"|{_AUTHOR_VERBS})\b",
    re.IGNORECASE,
)
_PAPER = r"(?:paper|work|article|study|publication|authors?|thesis|survey|researchers)"


class Rule(NamedTuple):
    """What a rule is called, what it is worth, and what it looks for."""

    name: str
    weight: float
    pattern: re.Pattern[str]


def _rule(name: str, weight: float, pattern: str, flags: int = 0) -> Rule:
    return Rule(name, weight, re.compile(pattern, flags))


_I = re.IGNORECASE

# A sentence with one of these never stands in a post.
UNFIT = (
    _rule("part of it cannot be written", 0, "\ue000"),
    _rule("a question", 0, r"\?[\"”)]?$"),
    _rule(
        "leads into a list or formula",
        0,
        r":$|\bas follows\b|\bthe following\b|\blooks like (?:this|so)\b|\b(?:such as|given by|defined as|namely)\W?$",
        _I,
    ),
    _rule(
        "cut off",
        0,
        r"(?:,|;|–|-| and| or| but| also|=|\bthat)(?: ?\(?\d{1,2}[.)]?)?[.…]?$|[:;,] ?\(?\d[.)]$|\balso \d\.$",
    ),
    _rule("ends in dots", 0, r"(?:\.\.\.|…)$"),
    _rule(
        "points at a figure, table or section",
        0,
        r"\b(?:fig(?:ure|s)?|tab(?:le)?|sec(?:tion)?|eq(?:uation|n)?|appendix|chapter)s?\b\.? ?\(?(?:\d|[A-Z]\b)|\b(?:figure|image|diagram|plot|picture|table|equation|formula|graph|chart)s? (?:above|below|on the)|\b(?:see|shown|described|mentioned|listed|explained|discussed|seen) (?:above|below|earlier|previously|here)\b|^(?:above|below|left|right|top|bottom)\b[:,]",
        _I,
    ),
    _rule(
        "points elsewhere",
        0,
        r"^\(?(?:see|cf\.?|check out|note that i|link|source|code|slides|video|demo|paper|read|more (?:info|details)|for (?:more|further)|details)\b(?: also|:| here| in| the| at|$)|\bdetails? (?:are|is|can be found|available)\b|\b(?:available|found) (?:at|here|on|in the)\b|\b(?:this|the) (?:link|post|blog|tutorial|video|talk)\b",
        _I,
    ),
    _rule(
        "chatter about the review",
        0,
        r"\bI(?:[’']\w+)? (?:\w+ly |also |really |still |just )?(?:think|thought|find|found|believe|like|liked|guess|am|was|would|do|don|did|have|had|feel|felt|wonder|suspect|assume|can|could|will|hope|see|saw|read|know|understand|personally|enjoyed|recommend|added|wish|learned|mean|tried|wrote|list|summarize|expect|bet|agree|doubt|am)\b|\bI[’'](?:m|d|ve|ll)\b|^I\b|\bmy (?:own|opinion|view|understanding|notes?|thoughts?|take|guess|summary|review|favou?rite|impression|intuition|question|concern|main|model|biggest|only)\b|\bmyself\b|\bim[h]?o\b|\bto me\b|\bthis (?:review|summary|post|note)\b|\b(?:nice|great|cool|neat|fun|solid|interesting|interestingly|pragmatic|awesome|good|well.written|must.read|seminal|influential) (?:\w+ )?(?:paper|read|work|article)\b|\b(?:worth|easy to|enjoyable to) read|\bbaffling\b|\bcrazy\b|\bkind of (?:weird|cool|neat)|\bpretty (?:cool|neat|much)\b",
        _I,
    ),
    _rule(
        "a caption",
        0,
        r"^(?:fig(?:ure)?|tab(?:le)?|image|algorithm|eq(?:uation)?|left|right|top|bottom|image source|from left)\b\.?\s*\(?\d*[:.)]",
        _I,
    ),
    _rule("a note in brackets", 0, r"^[(\[].*[)\]]\.?$"),
    _rule("a quotation", 0, r"^[“\"][^“”\"]*[”\"]\W*$|^\s*>"),
    _rule(
        "explains a formula",
        0,
        r"^[Ww](?:here|ith)\b (?:the )?\S{1,12} (?:is|are|denotes?|being|=)|^Where\b|^[Hh]ere,? \S{1,8} (?:is|are|denotes?)|^Let \S{1,8} |\bdenotes?\b",
    ),
    _rule(
        "a bare label",
        0,
        r"^(?:titles?|authors?|links?|tags?|year|venue|pdf|code|arxiv|conference|keywords?|doi|date|journal|affiliations?|cited by|github|project page|published|url|reviewer|score|rating)\s*[:(]",
        _I,
    ),
)

# Leans on the sentence before: can only stand behind it.
_LEANING = re.compile(
    r"^(?:it|its|it's|they|their|them|he|she|his|her|these|those|that|such|both|each|another|others?|either|neither|some of (?:these|them|those)|one of (?:these|them|those)|here|this"
    r"|the (?:latter|former|same|other|second|third|next|last|first|resulting|rest|above|remaining|reason|idea here|difference|problem here|result is)|doing (?:so|this)|to (?:do|achieve|solve|fix|address|avoid|overcome|tackle|get) (?:so|this|that|it|these)"
    r"|(?:because|instead|as a (?:way|result)|given|with|for|in|by|using|after|due to|based on|from|despite|like|unlike|on) (?:of )?(?:this|that|these|those|it|them|such|both|here)|then|next|afterwards?|again|otherwise|and|or|nor|yet|still|meanwhile|thereby|hence|likewise|similarly|e\.g\.|i\.e\."
    r"|but|rather|so,? (?:this|that|it|they|the idea|what|now)|for (?:example|instance)|that is|in other words|on the other hand|in contrast|conversely|in comparison|alternatively|to that end|to this end|this (?:means|way|is|was|can|also)|second(?:ly)?|third(?:ly)?|finally|lastly|first(?:ly)?,|moreover|at (?:test|train)\w* time|here)\b",
    re.IGNORECASE,
)
_THIS_PAPER = re.compile(rf"^(?:in )?(?:this|their|these|the) (?:\w+ )?{_PAPER}\b", re.IGNORECASE)
_AUTHORS_DO = re.compile(
    r"^They (?:also |then |further |thus |therefore |empirically |experimentally |first )?"
    r"(?:propose|introduce|present|show|demonstrate|argue|suggest|find|found|claim|report|evaluate|investigate|develop|describe|study|explore"
    r"|extend|analy[sz]e|prove|conclude|hypothesi[sz]e|observe|replace|design|compare|test|apply|derive|train|experiment|manage|built?|create)\b"
)
_CONNECTIVE = re.compile(
    r"^(?:So|Thus|Therefore|Hence|Also|Moreover|Furthermore|Additionally|In addition|Overall|In summary|In short|To summari[sz]e|Basically"
    r"|Essentially|Specifically|In particular|Concretely|However|In conclusion|In general|Note that|Summary|Hence|As a result|Consequently|Nevertheless|Finally|TL;?DR|Importantly|Interestingly|Surprisingly|Notably|Unsurprisingly|In essence|More specifically|More precisely),?:? (?=\w)"
)
_WEAK_REFERENCE = re.compile(
    r"\b(?:this|these|those|that) (?!paper|work|article|study|the|is|are|can|a\b|an\b|it|they|we|may|each|has|have|was|were)[a-z]+|\bthe (?:latter|former|above|other|second|third|first one)\b|\b(?:them|it)\b(?=[^,]{0,12}[.,])",
    re.IGNORECASE,
)

WORTH = (
    _rule(
        "says what the paper does",
        3.0,
        rf"\b(?:this|the|their) (?:\w+ )?{_PAPER}(?:’s|'s)? (?:\w+ ){{0,2}}?(?:{_AUTHOR_VERBS})\b|^(?:the )?authors (?:\w+ )?(?:{_AUTHOR_VERBS})\b|^(?:They|We) (?:\w+ )?(?:propose|introduce|present|show|demonstrate|develop|describe)\b|^In this (?:paper|work)",
        _I,
    ),
    _rule(
        "says what it contributes",
        2.2,
        r"\b(?:main|key|core|central|primary|major) (?:contribution|idea|insight|result|finding|novelty|difference|claim|point|trick|innovation|intuition|message)s?\b|\bcontributions? (?:of|is|are)\b|\b(?:the|basic) idea (?:is|of|behind)\b",
        _I,
    ),
    _rule("proposes", 1.2, r"\b(?:propos|introduc)(?:e|es|ed|ing)\b|\bnovel\b|\ba new \w+|\bpresents?\b", _I),
    _rule(
        "finds",
        1.4,
        r"\b(?:show(?:s|n|ed)?|finds?|found|demonstrat\w+|prove[sdn]?|conclude[sd]?|observe[sd]?|reveal\w*|suggests?|establish\w*) (?:that|how|empirically)\b|\bexperiments (?:show|demonstrate|suggest)",
        _I,
    ),
    _rule(
        "gives a result",
        1.3,
        r"\boutperform\w*|state[- ]of[- ]the[- ]art|\bSOTA\b|\b(?:significantly|much|substantially|remarkably|considerably) (?:better|faster|fewer|less|more|higher|lower|improve\w*)|\bachiev\w+|\bimprov(?:e|es|ed|ement|ements|ing)\b|\bfaster\b|\bspeed[- ]?up\b|\bbetter than\b|\bsurpass\w*|\bbeats?\b|\bfewer\b|\bwithout (?:the )?(?:need|any)\b|\b\d+(?:\.\d+)?x\b|\bcompetitive\b|\brobust\b",
        _I,
    ),
    _rule(
        "says what it is about",
        1.6,
        rf"\b{_PAPER} (?:is about|deals? with|looks at|focuses on|tackles|addresses|aims|tries|attempts|expands|extends|builds)\b|\bgoal (?:of|is)\b|\baims? (?:to|at)\b",
        _I,
    ),
    _rule(
        "says how it works",
        0.7,
        r"\b(?:by|via|through) (?:\w+ing|the use of)\b|\binstead of\b|\bin place of\b|\breplac\w+|\bconsists? of\b|\bcombin\w+\b",
        _I,
    ),
)
DOUBTS = (
    _rule(
        "background",
        -2.2,
        r"^(?:often|typically|usually|traditional(?:ly)?|recent(?:ly)?|current(?:ly)?|conventional(?:ly)?|existing|previous(?:ly)?|prior|standard|in recent years|many|most|until|historically|common(?:ly)?|over the (?:past|last)|in general|generally|normally|earlier|past|the usual|it is well|it is (?:common|known)|it(?:'s|’s| has) (?:been|well)|a (?:common|popular|typical|standard))\b|\bis (?:the|a) (?:task|problem|process|technique) (?:of|that|where|in which)\b|\bis (?:a|an) (?:well[- ]known|popular|common|important|fundamental|challenging)\b|\b(?:is|are) (?:usually|typically|often|commonly|traditionally|normally)\b|\bthe (?:usual|standard|typical|common|traditional|classical) (?:way|approach|procedure|practice|method)\b|\bhas been (?:dubbed|shown|observed|known|used)\b|\bhave (?:been|become|recently)\b|\bpractice is\b",
        _I,
    ),
    _rule(
        "about other work",
        -1.4,
        r"\boriginal \w+ paper\b|\bprevious (?:work|methods|approaches|papers?|state)\b|\bprior work\b|\bearlier work\b|\bexisting (?:methods|approaches|models|work)\b|\bet al\b|\bother (?:methods|papers|approaches|works)\b|\bsimilar to\b|\b(?:19|20)\d\d\)",
        _I,
    ),
    _rule(
        "a detail of training",
        -1.8,
        r"\blearning rate|\bbatch(?:es)? (?:size|of)|\bmini-?batch|\bmomentum of|\bweight decay|\bepochs?\b|\bGPUs?\b|\bAdam\b|\bSGD\b|\bhyper-?param|\binitiali[sz]ed (?:with|at|to)|\bdropout (?:of|rate|with)|\bkernel size|\bstride\b|\bfilters? of|\b\d+ (?:layers|filters|neurons|units)\b|\bReLU (?:was|is|after)|\bfc layers?\b|\bpretrained on\b|\b\d+x\d+ (?:conv|filter)",
        _I,
    ),
    _rule(
        "a doubt or complaint",
        -2.0,
        r"\b(?:unfortunately|unclear|not clear|hard to (?:say|judge|tell|evaluate)|seems? (?:like|to me|that|odd|strange)|weird|strange|disappointing|lacks?|missing|it would be|would have been|should have|could have|fails? to|fall short|not (?:really|very|entirely|sure|super)|questionable|weak(?:ness)?|limitation|drawback|criticism|however, (?:the|it)|don't|doesn't|does not|do not|no (?:comparison|code|details)|performs worse|only (?:evaluated|tested)|minor|probably|presumably|might be|may be|maybe|somehow|confus\w+|sadly|a (?:bit|little)|arguably|annoying|hopefully)\b",
        _I,
    ),
    _rule(
        "speaks to the reader",
        -0.9,
        r"\b(?:you|your|let's|let us|imagine|suppose|consider|recall|remember|note that|notice|look at|think of|want)\b",
        _I,
    ),
    _rule(
        "sets the scene",
        -0.8,
        r"\b(?:the need for|the problem (?:is|with|of)|is called|the reasoning|the premise|the motivation|motivated by|is needed|is difficult|is hard|challenge is|is expensive|suffers?|the observation|we would like|in theory|in practice|theoretically|in the worst case|intuitively)\b",
        _I,
    ),
    _rule("an example", -1.2, r"\bfor (?:example|instance)\b|^(?:e\.g|i\.e|ex)\b|\be\.g\.,? [^)]*$", _I),
    _rule(
        "praise",
        -0.6,
        r"\b(?:interesting(?:ly)?|impressive|clever|elegant|simple idea|surprisingly|amazing|exciting|beautiful|remarkabl[ey] (?:simple|well)|super|funny|neat|cool|nice)\b",
        _I,
    ),
)

_GOOD_SECTION = re.compile(
    r"contribution|key (?:idea|point|insight|result|take)|main (?:idea|point|result)|summary|overview|abstract|tl;?dr|^what$|idea|conclusion|finding|proposed|in short|takeaway|introduction|problem addressed|novelty|highlights",
    re.IGNORECASE,
)
_RESULT_SECTION = re.compile(
    r"result|evaluation|performance|observation|strength|gain|advantage|pros\b|benefit", re.IGNORECASE
)
_BAD_SECTION = re.compile(
    r"see also|related|reference|link|^notes?\b|question|comment|critici|weakness|dislike|^cons\b|funny|background|motivation|prior|training|implementation|dataset|data set|^data\b|hyper|setup|set-up|settings|notation|prelimin|future|chapter|\bmy\b|\bi\b|resources|code|limitation|drawback|rating|opinion|thoughts|appendix|baseline|example|definition|terminolog|glossary|discussion|intuition|details|history|context|acknowledg|experiment|metrics|tasks?$|why",
    re.IGNORECASE,
)


def unfit(text: str) -> Iterator[str]:
    """Names of the rules that keep a sentence out of every post."""
    return (rule.name for rule in UNFIT if rule.pattern.search(text))


def signs(text: str) -> Iterator[tuple[str, float]]:
    """Names and weights of what speaks for and against a sentence."""
    return ((rule.name, rule.weight) for rule in (*WORTH, *DOUBTS) if rule.pattern.search(text))


def section_sign(section: tuple[str, ...]) -> tuple[str, float] | None:
    """What the headings above a sentence say about it; the innermost that says anything counts."""
    for heading in reversed(section):
        if _BAD_SECTION.search(heading):
            return f"stands under “{heading}”", -1.6
        if _GOOD_SECTION.search(heading):
            return f"stands under “{heading}”", 1.0
        if _RESULT_SECTION.search(heading):
            return f"stands under “{heading}”", 0.2
    return None


def leans(text: str) -> bool:
    """Whether the sentence needs the one before it: a pronoun whose noun stands there, a "then", a "for example"."""
    return _LEANING.match(text) is not None and not _THIS_PAPER.match(text) and not _AUTHORS_DO.match(text)


def refers_back(text: str) -> bool:
    """Whether words inside the sentence point back: "those weights", "this cost"."""
    return _WEAK_REFERENCE.search(_THIS_PAPER.sub("", text)) is not None


def has_verb(text: str) -> bool:
    """Whether anything in `text` looks like a finite verb: fragments of lists have none."""
    return _VERB.search(text) is not None


def standing_alone(text: str) -> str:
    """The sentence as it opens a text: without its "However, ", and with "The authors" for an authors' "They"."""
    bare = _CONNECTIVE.sub("", text)
    if bare != text:
        bare = bare[:1].upper() + bare[1:]
    return "The authors" + bare[4:] if _AUTHORS_DO.match(bare) else bare
