"""What speaks for a sentence. Weights were set by reading posts, not learnt: docs/formatting.md says how and why."""

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
        rf"^(?:[^,]{{3,60}}, )?(?:this |the )?(?:\w+ )?(?:paper|authors|work) (?:\w+ )?(?:{AUTHORS_DO})\b",
        rf"\bthey (?:{AUTHORS_DO})\b",
    ),
    rule(
        "says what it contributes",
        2.8,
        r"\b(?!basic concepts)(?:main|key|core|central|primary|major|basic|big|overall|general|overarching"
        r"|crucial|underlying"
        r"|essential) (?:contribution|idea"
        r"|insight|result|finding|novelty|difference|claim|point|trick|innovation|intuition|message"
        r"|concept|takeaway|take-away)s?\b(?! (?:of|in|behind) (?:the |an? )?(?:original|previous|earlier|prior)\b)",
        r"\bcontributions? (?:of(?! (?:the |an? )?(?:original|previous|earlier|prior)\b)|is|are)\b",
        r"^the (?:main |key )?novelty (?:\w+ ){0,3}?is\b",
        r"\bthe idea (?:is|of|behind)\b",
    ),
    rule(
        "proposes",
        2.6,
        rf"\b{PAPER} (?:\w+ )?(?:propose|introduce|present|suggest|describe|develop)[sd]?\b(?! that)",
        r"\b(?:proposes|proposing)\b",
        r"\bintroduc(?:es|ing) (?:an?|the|two|three|new|novel|several)\b",
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
        r"\b(?:finding|result|takeaway|take-away|conclusion|observation|lesson)s? (?:here )?(?:is|are|was|were),?"
        r" that\b",
    ),
    rule(
        "gives a result",
        1.5,
        r"\boutperform\w*",
        r"\bstate[- ]of[- ](?:the[- ])?(?:the )?art\b",
        r"\bsota\b",
        r"\b(?:significantly|much|substantially|remarkably|considerably) (?:better|faster|fewer|less|more"
        r"|higher|lower|improve\w*)",
        r"\bachiev(?:e|es|ed|ing)\b",
        r"(?<!to )\bimprov(?:e|es|ed|ement|ements|ing)\b",
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
        0.9,
        r"\b(?:reduc(?:e|es|ing)|enabl(?:e|es|ing)|allow(?:s|ing)|leads? to|leading to|helps?|yields?|suffic\w+)\b",
    ),
    rule(
        "says what it is about",
        1.6,
        rf"\b{PAPER} (?:is about|deals? with|looks? (?:at|into)|focus(?:es)? on|tackles?|address(?:es)?|aims?|tries"
        rf"|attempts?|expands|extends?|builds? on|is on|considers?|discuss(?:es)?|compares?|evaluates?"
        r"|summari[sz]es?)\b",
        r"^they (?:focus|give an overview|look at|compare|tackle|address|try|extend)\b",
        r"^(?:they|the authors|authors) (?:test|check|ask|study|examine|investigate|look at|analy[sz]e)\w*"
        r" (?:whether|if|how|what|why|which)\b",
        r"^(?:the|their|its|our) (?:\w+ )?goal (?:of|is)\b",
        r"\baim(?:s|ed)? (?:to|at)\b",
    ),
    rule(
        "says what it is for",
        1.4,
        r"^(?:they|the authors|authors) (?:are|were) motivated (?:to|by)\b",
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
    rule(
        "speaks of the method",
        0.7,
        rf"^(?:the|their|our) (?:proposed |new |resulting |suggested )?(?:{METHOD}) ",
        rf"^(?:the|their|our) proposed \w+ (?:{METHOD}) ",
    ),
)
