"""What speaks for and against a sentence, and what keeps it from standing by itself.

The weights were set by reading the posts of real summaries, not learnt: docs/formatting.md says how and why.
"""

from bot.formatter.rules import rule
from bot.formatter.words import AUTHORS_DO, AUTHORS_SAY, METHOD, PAPER

WORTH = (
    rule(
        "says what the paper does",
        3.0,
        rf"\b(?:this|the|their) (?:\w+ )?{PAPER}(?:[’']s)? (?:\w+ ){{0,2}}?(?:{AUTHORS_SAY})\b",
        rf"^(?:the )?authors (?:\w+ )?(?:{AUTHORS_SAY})\b",
        rf"^(?:this|the) (?:\w+ )?{PAPER} (?:models?|modelled|modeled)\b",
        r"^(?:they|we) (?:\w+ )?(?:propose|introduce|present|show|demonstrate|develop|describe|suggest)\b",
        r"^in this (?:paper|work)",
    ),
    rule(
        "says what the authors do",
        1.2,
        rf"\b(?:paper|authors|work) (?:\w+ )?(?:{AUTHORS_DO})\b",
        rf"\bthey (?:{AUTHORS_DO})\b",
    ),
    rule(
        "says what it contributes",
        2.2,
        r"\b(?:main|key|core|central|primary|major|basic|big|overall|general) (?:contribution|idea"
        r"|insight|result|finding|novelty|difference|claim|point|trick|innovation|intuition|message"
        r"|concept)s?\b",
        r"\bcontributions? (?:of|is|are)\b",
        r"\bthe idea (?:is|of|behind)\b",
    ),
    rule(
        "proposes",
        2.0,
        rf"\b{PAPER} (?:\w+ )?(?:propose|introduce|present|suggest|describe|develop)[sd]?\b(?! that)",
        r"\b(?:propos|introduc)(?:es|ing)\b",
        r"\b(?:authors|they|we|to|and|also|is|are) (?:propose|introduce)d?\b",
        r"\bnovel\b",
        r"\ba new \w+",
    ),
    rule(
        "finds",
        1.0,
        r"\b(?:shows?|shown|showed|finds?|found|demonstrate[sd]?|proves?|proved|concludes?|concluded"
        r"|observes?|observed|reveals?|suggests?|establish\w*) (?:that|how|empirically)\b",
        r"\bexperiments (?:show|demonstrate|suggest)",
        r"\bit turns out\b",
    ),
    rule(
        "gives a result",
        1.1,
        r"\boutperform\w*",
        r"\bstate[- ]of[- ](?:the[- ])?(?:the )?art\b",
        r"\bsota\b",
        r"\b(?:significantly|much|substantially|remarkably|considerably) (?:better|faster|fewer|less|more"
        r"|higher|lower|improve\w*)",
        r"\bachiev(?:e|es|ed|ing)\b",
        r"\bimprov(?:e|es|ed|ement|ements|ing)\b",
        r"\bfaster\b(?! r-?cnn)",
        r"\bspeed[- ]?up\b",
        r"\bbetter than\b",
        r"\bsurpass\w*",
        r"\bbeats?\b",
        r"\bwithout (?:the )?(?:need|any)\b",
        r"\bcompetitive\b",
        r"\bthe first (?:to|break|work|method|model|paper|time)",
        r"\bbreak-?through\b",
    ),
    rule(
        "says what it is good for",
        0.6,
        r"\b(?:reduc(?:e|es|ing)|enabl(?:e|es|ing)|allow(?:s|ing)|leads? to|leading to|helps?|yields?|suffic\w+)\b",
    ),
    rule(
        "says what it is about",
        1.6,
        rf"\b{PAPER} (?:is about|deals? with|looks? at|focus(?:es)? on|tackles?|address(?:es)?|aims?|tries|attempts?"
        rf"|expands|extends?|builds? on|is on|considers?|discuss(?:es)?|compares?|evaluates?)\b",
        r"^they (?:focus|give an overview|look at|compare|tackle|address|try|extend)\b",
        r"\bgoal (?:of|is)\b",
        r"\baim(?:s|ed)? (?:to|at)\b",
    ),
    rule(
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
    rule("speaks of the method", 0.7, rf"^(?:the|their|our) (?:proposed |new |resulting |suggested )?(?:{METHOD}) "),
)
DOUBTS = (
    rule(
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
        r"\bhave (?:been|become|recently|improved|led|shown|long)\b",
        r"\bpractice is\b",
        r"\bcurrently operate\b",
        r"\bone (?:had|has) to\b",
        r"\b(?:has|have) (?:gained|received|attracted|seen)\b",
    ),
    rule(
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
        r"\w_[a-z]{3,}",
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
        r"\bnot (?:really|very|entirely|super|compar\w+|discuss\w*|clear|explain\w*)\b",
        r"\bno (?:comparison|code|details|analysis|ablation)",
        r"\bperforms? (?:worse|poorly)",
        r"\bonly (?:evaluated|tested)\b",
        r"\b(?:might|may) be\b",
        r"\ba (?:bit|little)\b",
        r"\bworse\b",
        r"\bwould be (?:interesting|nice|useful|good)",
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
    ),
    rule("an example", -1.5, r"\((?:see|cf)\b", r"\bfor (?:example|instance)\b", r"^(?:e\.?g|i\.?e|ex)\b", r"\be\.g\.,? [^)]*$"),
    rule(
        "praise",
        -0.9,
        r"\b(?:interesting(?:ly)?|impressive|clever|elegant|surprisingly|amazing|exciting|beautiful|super"
        r"|funny|neat|cool|nice|insightful|really|all in all)\b",
    ),
    rule(
        "an instruction",
        -2.0,
        r"^(?:use|test) (?:the|an?|this|these|one|two)\b", r"^(?:set|scale|shift|initiali[sz]e|pick|feed|run|repeat|update|split|place|put|calculate|normali[sz]e"
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
        r"\b(?:two|three|four|five|several|multiple|some|many) (?:\w+ ){0,2}(?:contributions|variations|variants"
        r"|versions|parts|disadvantages|problems|steps|ways|tasks|components|types|categories|things|reasons"
        r"|changes|stages|phases)\b(?! (?:of|in|to)\b)",
    ),
    rule(
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

# What such a sentence cannot do is open a post, or stand far from its neighbours; behind its predecessor it may.
NEVER_ALONE = (
    rule(
        "a further point",
        -2.0,
        rf"^(?:the |this )?{PAPER} (?:also|further|additionally|then)\b",
        r"^(?:they|we|it) (?:also|further|additionally|then)\b",
        r"^(?:finally|further|also|additionally|in addition|moreover|similarly|another)\b",
        r"^[^,]{3,60}, (?:the (?:paper|authors)|they) (?:also|further|additionally|then)\b",
        r"\b(?:as well|too)(?: \([^()]*\))?\.$",
    ),
    rule("the idea of something", -1.2, r"^the (?:general )?(?:idea|intuition|intent|motivation|reason|reasoning)\b"),
    rule("opens with a label", -2.0, r"^[a-z][^:.!?]{1,45}: ", r"^[a-z][\w -]{1,40} [-–—] [^,–—-]*$"),
    rule(
        "one of the experiments",
        -1.5,
        r"^(?:in|for) (?:an?|the|one|each|some|all|both|these|their|our) (?:\w+ ){0,2}(?:experiments?|study|case|cases|task"
        r"|setups?|evaluation|ablation|datasets?)\b",
        r"\bablation\b",
        r"^(?:on|for|with|in case of) (?:the )?(?:[\w-]+ ){0,2}(?:datasets?|benchmarks?|mnist|cifar\S*|imagenet|tasks?)\b",
        r"^(?:the )?(?:authors|they|paper) (?:evaluate|test|train|compare|try|observe|note|report|experiment)\w*\b",
        r"\bqualitative",
    ),
)
