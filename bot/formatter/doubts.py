"""What speaks against a sentence, and what keeps it from standing by itself. On the weights see `merits`."""

from bot.formatter.rules import rule
from bot.formatter.words import PAPER

DOUBTS = (
    rule(
        "background",
        -2.2,
        r"^(?:often|typically|usually|traditional(?:ly)?|recent(?:ly)?|current(?:ly)?|conventional(?:ly)?"
        r"|existing|previous(?:ly)?|prior|standard|in recent years|many|most|until|historically"
        r"|common(?:ly)?|over the (?:past|last)|in general|generally|normally|earlier|past|the usual"
        r"|it is well|it is (?:common|known)|it(?:'s|’s| has) (?:been|well)|a (?:common|popular|typical"
        r"|standard)|several|classical|humans|people|fundamentally|in a way|nowadays|today|these days"
        r"|as a (?:quick )?(?:refresher|reminder)|to recap)\b",
        r"\bstill an open\b",
        r"\b(?:is|are|remains?) (?:an )?open (?:problem|question|issue|challenge)s?\b",
        r"\bin recent years\b",
        r"\b(?:is|are) an? (?:family|class|type|kind|branch|subfield|field|set) of (?:powerful |popular |well-known )?"
        r"(?:machine|deep|neural|learning|models|methods|algorithms|techniques|networks)\b",
        r"\b(?:tremendous|great|remarkable|rapid|impressive) (?:progress|advances)\b",
        r"\bis (?:the|a) (?:task|problem|process) (?:of|that|where|in which)\b",
        r"\bis (?:a|an) (?:well[- ]known|popular|common|important|fundamental|challenging|hard|difficult|basic)\b",
        r"\b(?:is|are) (?:usually|typically|often|commonly|traditionally|normally)\b",
        r"\b(?:the|a) (?:usual|standard|typical|common|traditional|classical|conventional"
        r"|traditionally) (?:\w+ )?(?:way|approach|procedure|practice|method|techniques?|models?)\b",
        r"\bhas been (?:dubbed|shown|observed|known|used)\b",
        r"\bhave (?:been|become|recently|improved|led|shown|long)\b",
        r"\bpractice is\b",
        r"\bcurrently operate\b",
        r"\bone (?:had|has) to\b",
        r"\b(?:has|have) (?:gained|received|attracted|seen)\b",
    ),
    rule(
        "about other work",
        -1.4,
        r"(?<!than )\bthe original\b",
        r"(?<!unlike )\bprevious (?:\w+ )?(?:work|methods|approaches|papers?|models)\b",
        r"\bprior (?:work|methods|approaches)\b",
        r"\bearlier work\b",
        r"(?<!unlike )\bexisting (?:\w+ )?(?:methods|approaches|models|work|techniques)\b",
        r"\bet al\b",
        r"\bother (?:methods|papers|approaches|works)\b",
        r"\b(?:same|similar|analogous|identical) (?:to|as in)\b",
        r"\b(?:19|20)\d\d\)",
        r"\bpaper in (?:19|20)\d\d\b",
    ),
    rule(
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
        r"_(?<=\w_)[a-z]{3,}",
        r"\b\d+(?:-\d+)?ms\b",
        r"\baugment(?:ed|ation) (?:by|with|via)\b",
        r"\bbest (?:results?|performance) (?:is|are|with|when|for|by|using)\b",
    ),
    rule(
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
        r"\bstill (?:can(?:'t|not)|is not|isn't|are not|aren't|does not|doesn't)\b",
        r"\bnot (?:really|very|entirely|super|compar\w+|discuss\w*|clear|explain\w*)\b",
        r"\bno (?:comparison|code|details|analysis|ablation)",
        r"\bperforms? (?:worse|poorly)",
        r"\bonly (?:evaluated|tested)\b",
        r"\b(?:might|may) be\b",
        r"\b(?:is|are) (?:just|simply|basically) an?\b",
        r"\bmakes? (?:intuitive )?sense\b",
        r"\bclaims? to\b.*\bbut\b",
        r"\ba (?:bit|little)\b",
        r"\bworse\b",
        r"\bwould be (?:interesting|nice|useful|good)",
        r"\bleaves? out\b",
        r"\bnot (?:\w+ )?(?:well|clearly)[ -](?:written|explained|constructed|described|declared|motivated)",
        r"\bno (?:much|many|really) (?:new|novel)\b",
        r"\b(?:is|are) (?:not|nothing) (?:really |particularly |very )?(?:new|novel)\b",
    ),
    rule("denies", -1.0, r"\b(?:don't|doesn't|does not|do not|did not|didn't|cannot|can't|it is not)\b"),
    rule("denies what one might expect", -1.5, rf"\b{PAPER} (?:do|does|did)(?: not|n't)\b"),
    rule(
        "speaks to the reader",
        -0.9,
        r"\b(?:you|your|let's|let us|imagine|suppose|recall|remember|note that|notice|look at|think of"
        r"|want|say)\b",
    ),
    rule(
        "sets the scene",
        -0.4,
        r"\bthe (?:need for|reasoning|premise|motivation|observation|problem|challenge)\b",
        r"\bis called\b",
        r"\bmotivated by\b",
        r"\bis (?:needed|difficult|hard|expensive|costly|slow|challenging)\b",
        r"\bsuffers?\b",
        r"\b(?:we would like|in theory|in practice|theoretically|in the worst case|intuitively|problems?)\b",
        r"\bneeds? to\b",
        r"\bmust\b",
        r"^we need\b",
        r"\b(?:quite|very|rather|extremely) (?:slow|expensive|hard|difficult|costly)\b",
    ),
    rule(
        "about another paper",
        -6.0,
        r"\boriginal (?:\w+ )?paper\b",
        r"\bof the original\b",
        r"\b(?:earlier|previous|another|other) papers?\b",
    ),
    rule(
        "only says what it is called",
        -1.5,
        r"\b(?:model|method|approach|framework|algorithm|technique|architecture|network|system|setup|procedure|it|this|they)"
        r" (?:is|are|was) (?:called|named|referred|dubbed|termed)\b",
        r"^they (?:call|name|dub|term)\b",
        r"\brefers? to\b",
        r"\b(?:is|are) (?:defined|referred to|known) as\b",
        r"\bstands for\b",
        r"^[\"“][^\"”]+[\"”] (?:is|means|refers)\b",
    ),
    rule(
        "an example",
        -1.5,
        r"\((?:see|cf)\b",
        r"\bfor (?:example|instance)\b",
        r"^(?:e\.?g|i\.?e|ex)\b",
        r"\be\.g\.,? [^)]*$",
    ),
    rule(
        "praise",
        -0.9,
        r"\b(?:interesting(?:ly)?|impressive|clever|elegant|surprisingly|amazing|exciting|beautiful|super"
        r"|funny|neat|cool|nice|insightful|really|all in all)\b",
    ),
    rule(
        "an instruction",
        -2.0,
        r"^(?:use|test) (?:the|an?|this|these|one|two)\b",
        r"^(?:set|scale|shift|initiali[sz]e|pick|feed|run|repeat|update|split|place|put|calculate|normali[sz]e"
        r"|extract|increase|decrease|pass|measure|don't|simply|just)\b",
    ),
    rule(
        "a fragment", -2.5, r"^(?!compared|based|inspired|given)[\w-]+ed (?:down|by|to|from|with|using|on|in|at|as)\b"
    ),
    rule("opens with a label", -1.3, r"^[a-z][^:.!?]{1,45}: ", r"^[a-z][\w -]{1,40} [-–—] "),
    rule(
        "adds to what was said",
        -0.5,
        r"\balso\b",
        r"\bas well\.$",
        r"\badditional(?:ly)?\b",
        r"\banother\b",
        r"\bhowever\b",
        r"\b(?:un)?related\b",
    ),
    rule(
        "announces a list",
        -1.6,
        r"\b(?:two|three|four|five|several|multiple|some|(?<!as )many) (?:\w+ ){0,2}(?:contributions|variations"
        r"|variants|versions|parts|disadvantages|problems|steps|ways|tasks|components|types|categories|things|reasons"
        r"|changes|stages|phases|(?:\w+ )?differences)\b(?! (?:of|in|to)\b)",
    ),
    rule(
        "vague",
        -0.8,
        r"\bvarious\b",
        r"\bsome (?:small )?(?:changes|tricks|details)\b",
        r"\b(?:the|a) (?:number|lot|couple|bunch) of\b",
        r"\b(?:discuss\w*|describes?) (?:the|some) (?:different|various)\b",
        r"\bdifferent classes\b",
        r"\betc\b",
        r"\bthings?\b",
        r"\bstuff\b",
    ),
)

# What such a sentence cannot do is open a post, or stand far from its neighbours; behind its predecessor it may.
NEVER_ALONE = (
    rule(
        "a further point",
        -4.0,
        rf"^(?:the |this |their )?{PAPER} (?:also|further|additionally|then)\b",
        r"^(?:they|we|it) (?:also|further|additionally|then)\b",
        r"^(?:finally|further|also|additionally|in addition|moreover|similarly|another)\b",
        r"^[^,]{3,60}, (?:the (?:paper|authors)|they) (?:also|further|additionally|then)\b",
        r"\b(?:as well|too)(?: \([^()]*\))?\.$",
    ),
    rule(
        "compares with what is not there",
        -1.5,
        r"\b(?:an? more [a-z]+ (?:solution|approach|method|way|version|model)|becomes? more [a-z]+)\b(?!.*\bthan\b)",
        r"^(?:the )?(?:main |key |only |major )?difference(?:s)? (?:is|are|to|from)\b",
        r"\b(?:is|are) then\b",
        r"\bcan then\b",
        r"\bcontinues? (?:to|learning|training)\b",
    ),
    rule(
        "a measure of what is not there",
        -2.0,
        r"^[\d.,]+ ?[×x%]?(?: times)? (?:as |faster|better|more|less|fewer|higher|lower|smaller|larger|improvement"
        r"|speed-?up)",
    ),
    rule(
        "gives something a name", -1.5, r"^(?:the authors|they|the paper) (?:\w+ )?(?:define|call|name|denote|term)s?\b"
    ),
    rule("the idea of something", -1.2, r"^the (?:general )?(?:idea|intuition|intent|motivation|reason|reasoning)\b"),
    rule("opens with a label", -2.0, r"^[a-z][^:.!?]{1,45}: ", r"^[a-z][\w -]{1,40} [-–—] [^,–—-]*$"),
    rule(
        "one of the experiments",
        -1.5,
        r"^(?:in|for) (?:an?|the|one|each|some|all|both|these|their|our) (?:\w+ ){0,2}(?:experiments?|study"
        r"|case|cases|task"
        r"|setups?|evaluation|ablation|datasets?)\b",
        r"\bablation\b",
        r"^(?:on|for|with|in case of) (?:the )?(?:[\w-]+ ){0,2}(?:datasets?|benchmarks?|mnist|cifar\S*"
        r"|imagenet|tasks?)\b",
        r"^(?:the )?(?:authors|they|paper) (?:evaluate|test|train|compare|try|observe|note|report|experiment)\w*\b"
        r"(?! (?:whether|if|how|why|what)\b)",
        r"\bqualitative",
    ),
)
