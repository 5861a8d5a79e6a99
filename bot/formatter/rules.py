"""What speaks for and against a sentence, as tables of expressions.

Every rule has a name, which `show` prints beside the sentence. The weights were set by reading the posts of real
summaries, not learnt: docs/formatting.md says how and why. Expressions see the sentence in lower case.
"""

import re
from typing import NamedTuple

from bot.formatter.words import AUTHORS_DO, AUTHORS_SAY, METHOD, PAPER


class Rule(NamedTuple):
    """What a rule is called, what it is worth, and what it looks for: at the sentence's opening, at its end,
    anywhere."""

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


_KINDS = r"(?:fig|figures?|tab|tables?|sec|sections?|eq|eqn|equations?|appendix|chapter|algorithm|alg)"
_PICTURES = r"(?:figure|image|diagram|plot|picture|table|equation|formula|graph|chart|screenshot|video|slide)s?"

# A sentence with one of these never stands in a post.
UNFIT = (
    _rule("part of it cannot be written", 0, "\ue000"),
    _rule("a question", 0, r"\?[\"”’)]*$", r"^(?:what if|why|how (?:to|do|does|did|can|could|should))\b"),
    _rule(
        "leads into a list or formula",
        0,
        r":$",
        r"\bas follows\b",
        r"\bfollowing\W*$",
        r"\bthe following\b",
        r"\blooks? like (?:this|so)\b",
        r"\b(?:such as|given by|defined as|namely|written as|expressed as|formulated as)\W*$",
    ),
    _rule(
        "cut off",
        0,
        r"(?:[,;–]| -| and| or| but| also|=|\bthat|\bthe|\bof|\bby|\bis)(?: ?\(?\d{1,2}[.)])?\.?$",
        r"[:;,] ?\(?\d[.)]$",
    ),
    _rule("ends in dots", 0, r"(?:\.\.\.|…)\W?$"),
    _rule(
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
    _rule(
        "points elsewhere",
        0,
        r"^\(?(?:see|cf\.?|check out|source|code|slides|video|demo|read|more (?:info|details)|for (?:more"
        r"|further)|details)\b(?: also|:| here| in| the| at|$)",
        r"\bdetails? (?:are|is|can be found|available)\b",
        r"\b(?:code|dataset|data|models?|implementation) (?:is|are|can be) (?:publicly |also "
        r"|now )?(?:available|found)",
        r"\b(?:this|the) (?:link|post|blog|tutorial|video|talk|repo|repository)\b(?!-)",
        r"^(?:link|paper|official|github|notes) ",
        r"\bappendix\b",
        r"\bread the paper\b",
        r"\bis explained\b",
        r"\bwikipedia\b",
    ),
    _rule(
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
    _rule(
        "a caption",
        0,
        r"^(?:fig(?:ure)?|tab(?:le)?|image|algorithm|eq(?:uation)?|left|right|top|bottom|image source"
        r"|from left)\b\.?\s*\(?\d*[:.)]",
    ),
    _rule("a note in brackets", 0, r"^[(\[].*[)\]]\.?$"),
    _rule("a quotation", 0, r"^[“\"'‘][^“”\"]*[”\"'’]\W*$", r"^\s*>"),
    _rule(
        "a step of an enumeration",
        0,
        r"^\(?(?:\d{1,2}|[a-e]|i{1,3}|iv|v)[.)]",
        r"^(?:step|stage|phase|option|case) ?\d",
    ),
    _rule(
        "explains a formula",
        0,
        r"^(?:here|with)\b,? (?:the )?\S{1,12} (?:is|are|denotes?|being|=)",
        r"^where\b",
        r"^let \S{1,8} ",
        r"\bdenotes?\b",
        r"^(?:given|suppose|assume) (?:an? )?\S{1,3} ",
    ),
    _rule(
        "a bare label",
        0,
        r"^(?:titles?|authors?|links?|tags?|year|venue|pdf|code|arxiv|conference|keywords?|doi|date"
        r"|journal|affiliations?|cited by|github|project page|published|url|reviewer|score|rating)\s*[:(]",
        r"^(?:examples?|notes?|caveats?|questions?|drawbacks?|advantages?|disadvantages?|figure|todo"
        r"|update|edit|warning|pros?|cons?|dataset|data|metrics?|baselines?|setup|input|output"
        r"|environments?|loss|architecture|training|inference|test|notation)(?: \w+)?: ",
    ),
)

WORTH = (
    _rule(
        "says what the paper does",
        3.0,
        rf"\b(?:this|the|their) (?:\w+ )?{PAPER}(?:[’']s)? (?:\w+ ){{0,2}}?(?:{AUTHORS_SAY})\b",
        rf"^(?:the )?authors (?:\w+ )?(?:{AUTHORS_SAY})\b",
        r"^(?:they|we) (?:\w+ )?(?:propose|introduce|present|show|demonstrate|develop|describe|suggest)\b",
        r"^in this (?:paper|work)",
    ),
    _rule(
        "says what the authors do",
        1.2,
        rf"\b(?:paper|authors|work) (?:\w+ )?(?:{AUTHORS_DO})\b",
        rf"\bthey (?:{AUTHORS_DO})\b",
    ),
    _rule(
        "says what it contributes",
        2.2,
        r"\b(?:main|key|core|central|primary|major|basic|big|overall|general) (?:contribution|idea"
        r"|insight|result|finding|novelty|difference|claim|point|trick|innovation|intuition|message"
        r"|concept)s?\b",
        r"\bcontributions? (?:of|is|are)\b",
        r"\bthe idea (?:is|of|behind)\b",
    ),
    _rule(
        "proposes",
        2.0,
        rf"\b{PAPER} (?:\w+ )?(?:propose|introduce|present|suggest|describe|develop)[sd]?\b(?! that)",
        r"\b(?:propos|introduc)(?:e|es|ed|ing)\b",
        r"\bnovel\b",
        r"\ba new \w+",
    ),
    _rule(
        "finds",
        1.0,
        r"\b(?:shows?|shown|showed|finds?|found|demonstrate[sd]?|proves?|proved|concludes?|concluded"
        r"|observes?|observed|reveals?|suggests?|establish\w*) (?:that|how|empirically)\b",
        r"\bexperiments (?:show|demonstrate|suggest)",
        r"\bit turns out\b",
    ),
    _rule(
        "gives a result",
        1.1,
        r"\boutperform\w*",
        r"\bstate[- ]of[- ](?:the[- ])?(?:the )?art\b",
        r"\bsota\b",
        r"\b(?:significantly|much|substantially|remarkably|considerably) (?:better|faster|fewer|less|more"
        r"|higher|lower|improve\w*)",
        r"\bachiev(?:e|es|ed|ing)\b",
        r"\bimprov(?:e|es|ed|ement|ements|ing)\b",
        r"\bfaster\b",
        r"\bspeed[- ]?up\b",
        r"\bbetter than\b",
        r"\bsurpass\w*",
        r"\bbeats?\b",
        r"\bwithout (?:the )?(?:need|any)\b",
        r"\bcompetitive\b",
        r"\bthe first (?:to|break|work|method|model|paper|time)",
        r"\bbreak-?through\b",
    ),
    _rule(
        "says what it is about",
        1.6,
        rf"\b{PAPER} (?:is about|deals? with|looks at|focuses on|tackles|addresses|aims|tries|attempts"
        rf"|expands|extends|builds|is on)\b",
        r"\bgoal (?:of|is)\b",
        r"\baims? (?:to|at)\b",
    ),
    _rule(
        "says how it works",
        0.7,
        r"\b(?:by|via|through) (?:\w+ing|the use of)\b",
        r"\binstead of\b",
        r"\bin place of\b",
        r"\breplac\w+",
        r"\bconsists? of\b",
        r"\bcombin\w+\b",
        r"\bwhich (?:adds|learns|predicts|uses)\b",
    ),
    _rule("speaks of the method", 0.7, rf"^(?:the|their|our) (?:proposed |new |resulting |suggested )?(?:{METHOD}) "),
)
DOUBTS = (
    _rule(
        "background",
        -2.2,
        r"^(?:often|typically|usually|traditional(?:ly)?|recent(?:ly)?|current(?:ly)?|conventional(?:ly)?"
        r"|existing|previous(?:ly)?|prior|standard|in recent years|many|most|until|historically"
        r"|common(?:ly)?|over the (?:past|last)|in general|generally|normally|earlier|past|the usual"
        r"|it is well|it is (?:common|known)|it(?:'s|’s| has) (?:been|well)|a (?:common|popular|typical"
        r"|standard)|several|classical|humans|people)\b",
        r"\bis (?:the|a) (?:task|problem|process) (?:of|that|where|in which)\b",
        r"\bis (?:a|an) (?:well[- ]known|popular|common|important|fundamental|challenging|hard|difficult|basic)\b",
        r"\b(?:is|are) (?:usually|typically|often|commonly|traditionally|normally)\b",
        r"\b(?:the|a) (?:usual|standard|typical|common|traditional|classical|conventional"
        r"|traditionally) (?:\w+ )?(?:way|approach|procedure|practice|method|techniques?|models?)\b",
        r"\bhas been (?:dubbed|shown|observed|known|used)\b",
        r"\bhave (?:been|become|recently)\b",
        r"\bpractice is\b",
        r"\bcurrently operate\b",
        r"\bone (?:had|has) to\b",
        r"\b(?:has|have) (?:gained|received|attracted|seen)\b",
    ),
    _rule(
        "about other work",
        -1.4,
        r"\bthe original\b",
        r"\bprevious (?:\w+ )?(?:work|methods|approaches|papers?|models)\b",
        r"\bprior (?:work|methods|approaches)\b",
        r"\bearlier work\b",
        r"\bexisting (?:\w+ )?(?:methods|approaches|models|work|techniques)\b",
        r"\bet al\b",
        r"\bother (?:methods|papers|approaches|works)\b",
        r"\b(?:same|similar|analogous|identical) (?:to|as in)\b",
        r"\b(?:19|20)\d\d\)",
        r"^unlike\b",
    ),
    _rule(
        "a detail of training",
        -1.8,
        r"\blearning rate",
        r"\bbatch(?:es)? (?:size|of)\b",
        r"\bmini-?batch(?:es)? of",
        r"\bmomentum of",
        r"\bweight decay",
        r"\bepochs?\b",
        r"\bgpus?\b",
        r"\badam\b(?! is)",
        r"\bsgd\b(?! is)",
        r"\bhyper-?param",
        r"\binitiali[sz]ed (?:with|at|to)",
        r"\bdropout (?:of|rate|with|in)\b",
        r"\bkernel size",
        r"\bstride\b",
        r"\bfilters? of",
        r"\b\d+ (?:layers|filters|neurons|units)\b",
        r"\bby default\b",
        r"\brelu\b",
        r"\bfc layers?\b",
        r"\bpre-?trained on\b",
        r"\b\d+ ?x ?\d+ (?:conv|filter|kernel)",
        r"\btest(?:ed)? on\b",
        r"\b(?:train|test|training|validation) set\b",
        r"\bevaluated on\b",
        r"\btrained (?:on|for|with)\b",
        r"\bdatasets? (?:used|are|is|contains)\b",
        r"\b(?:gaussian|rbf) kernels\b",
        r"\w_[a-z]{3,}",
        r"\b\d+(?:-\d+)?ms\b",
        r"\baugment(?:ed|ation) (?:by|with|via)\b",
    ),
    _rule(
        "a doubt or complaint",
        -2.0,
        r"\b(?:unfortunately|unclear|not clear|weird|strange|disappointing|lacks?|lacking|missing"
        r"|questionable|weak|weakness|limitations?|drawbacks?|criticism|presumably|probably|maybe|somehow"
        r"|sadly|arguably|annoying|hopefully|confus\w+|minor|ambiguous)\b",
        r"\bhard to (?:say|judge|tell|evaluate|train)",
        r"\bseems? (?:like|to me|that|odd|strange|as)\b",
        r"\bit would be\b",
        r"\b(?:would|should|could|might) have\b",
        r"\bfails? to\b",
        r"\bfall short\b",
        r"\bnot (?:really|very|entirely|super|compar\w+|discuss\w*|clear|explain\w*)\b",
        r"\b(?:don't|doesn't|does not|do not|did not|didn't|cannot|can't)\b",
        r"\bno (?:comparison|code|details|analysis|ablation)",
        r"\bperforms? (?:worse|poorly)",
        r"\bonly (?:evaluated|tested)\b",
        r"\b(?:might|may) be\b",
        r"\ba (?:bit|little)\b",
        r"\bit is not\b",
        r"\bworse\b",
        r"\bwould be (?:interesting|nice|useful|good)",
    ),
    _rule(
        "speaks to the reader",
        -0.9,
        r"\b(?:you|your|let's|let us|imagine|suppose|recall|remember|note that|notice|look at|think of"
        r"|want|say)\b",
    ),
    _rule(
        "sets the scene",
        -0.8,
        r"\bthe (?:need for|reasoning|premise|motivation|observation|problem|challenge)\b",
        r"\bis called\b",
        r"\bmotivated by\b",
        r"\bis (?:needed|difficult|hard|expensive|costly|slow|challenging)\b",
        r"\bsuffers?\b",
        r"\b(?:we would like|in theory|in practice|theoretically|in the worst case|intuitively|problems?)\b",
        r"\bneeds? to\b",
        r"\bmust\b",
        r"\b(?:quite|very|rather|extremely) (?:slow|expensive|hard|difficult|costly)\b",
    ),
    _rule(
        "about another paper",
        -6.0,
        r"\boriginal (?:\w+ )?paper\b",
        r"\bof the original\b",
        r"\b(?:earlier|previous|another|other) papers?\b",
    ),
    _rule("an example", -1.5, r"\bfor (?:example|instance)\b", r"^(?:e\.?g|i\.?e|ex)\b", r"\be\.g\.,? [^)]*$"),
    _rule(
        "praise",
        -0.9,
        r"\b(?:interesting(?:ly)?|impressive|clever|elegant|surprisingly|amazing|exciting|beautiful|super"
        r"|funny|neat|cool|nice|insightful|really|all in all)\b",
    ),
    _rule(
        "an instruction",
        -2.0,
        r"^(?:set|scale|shift|initiali[sz]e|pick|feed|run|repeat|update|split|place|put|calculate|normali[sz]e"
        r"|extract|increase|decrease|pass|measure|don't|simply|just)\b",
    ),
    _rule(
        "a fragment", -2.5, r"^(?!compared|based|inspired|given)[\w-]+ed (?:down|by|to|from|with|using|on|in|at|as)\b"
    ),
    _rule("opens with a label", -1.3, r"^[a-z][^:.!?]{1,45}: ", r"^[a-z][\w -]{1,40} [-–—] "),
    _rule(
        "adds to what was said",
        -0.5,
        r"\balso\b",
        r"\bas well\.$",
        r"\badditional(?:ly)?\b",
        r"\banother\b",
        r"\bhowever\b",
        r"\b(?:un)?related\b",
    ),
    _rule(
        "announces a list",
        -1.6,
        r"\b(?:two|three|four|five|several|multiple|some|many) (?:\w+ ){0,2}(?:contributions|variations|variants"
        r"|versions|parts|disadvantages|problems|steps|ways|tasks|components|types|categories|things|reasons"
        r"|changes|stages|phases)\b(?! (?:of|in|to)\b)",
    ),
    _rule(
        "vague",
        -0.8,
        r"\bvarious\b",
        r"\bsome (?:small )?(?:changes|tricks|details)\b",
        r"\b(?:the|a) (?:number|lot|couple|bunch) of\b",
        r"\bdifferent classes\b",
        r"\betc\b",
        r"\bthings?\b",
        r"\bstuff\b",
    ),
)
