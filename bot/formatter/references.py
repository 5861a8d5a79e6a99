"""What a sentence leans on: the noun behind its "it", the authors behind its "they".

A sentence that leans on its predecessor stands only behind it. Some can be made to stand alone: "They propose" is
"The authors propose", and "However, " can go.
"""

import re
from collections.abc import Collection

from bot.formatter.knowledge import stem, stems
from bot.formatter.rules import looked_for
from bot.formatter.words import AUTHORS_DO, AUTHORS_SAY, METHOD, PAPER

# Leans on the sentence before: can only stand behind it.
_LEANING = re.compile(
    r"^(?:eg|e\.g\.?|(?:like|unlike|in|with|for|as|by|on) [\w -]{3,40},? (?:it|they) |first,? |it|its|it's"
    r"|their|them|they|he|she|his|her|these|those|that|such|both|each|another|others?|either|neither|this"
    r"|here|one|two|three|all|some|only|same|there|an alternative|(?:[\w-]+ ){1,5}however"
    r"|the (?:latter|former|same|other|second|third|next|last|first|resulting|rest|remaining|difference"
    r"|two|three|above|reason|whole|final|effect of this|result is|key difference)"
    r"|to (?:do|accomplish|achieve|solve|fix|address|avoid|overcome|tackle|get|lessen|reduce|handle|deal with"
    r"|alleviate|remedy) (?:so|this|that|it|these|the)"
    r"|(?:in )?doing (?:so|this)|hereby|more particularly|as the name"
    r"|(?:some|one|all|each|both|many|most|none) of (?:these|them|those|the)"
    r"|(?:because|instead|as a (?:way|result)|given|with|for|in|by|using|after|due to|based on|from"
    r"|despite|like|unlike|on|at|during|within|under|through|of) (?:of )?(?:this|that|these|those|it|them"
    r"|such|both|here|each)"
    r"|then|next|after(?:wards?|ward)?(?=,)|again|otherwise|and|or|nor|yet|still|meanwhile|thereby|hence"
    r"|likewise|similarly|e\.g|i\.e|but|rather|(?:most|more) importantly"
    r"|so,? (?:this|that|it|they|what|now|in|just|when|if|for|as|with|by)"
    r"|for (?:example|instance)|that is|in other words|on the other hand|in contrast|conversely"
    r"|in comparison|alternatively|at the same time|to (?:that|this) end"
    r"|(?:first|second|third|fourth|final|last)(?:ly)?(?=,)"
    r"|moreover|at (?:test|train)\w* time|instead,?|therefore|thus|once|even|not only|while|when|if|since"
    r"|because|although|besides)\b"
)
_ITS_OWN_GROUND = re.compile(
    r"(?:instead of|when|while|if|although|though|since|because|unlike|first,?|even (?:if|though))"
    r" (?!(?:this|that|these|those|it|they|them|such|both|so)\b)"
)
_POINTS_BACK = looked_for(
    r"^(?:they|the authors|authors|we|the paper|this paper) (?:\w+ ){1,2}(?:(?:it|them)\b|(?:this"
    r"|these|those)(?:$|[.,;]| (?:with|by|to|in|on|for|as|using|via)\b))"
    r"|(?<!and how to )\b(?:combat|counter|fix"
    r"|solve|address|handle|achieve|overcome|tackle|avoid|resolve|mitigate|change|improve|extend)(?:s|es|ed)?"
    r" (?:that|this|these|those|it|them)\b"
    r"|\bthat (?:this|these|it) (?:is|are|was|were|can|would|helps?|leads?|makes?|allows?|causes?)\b"
    r"|\b(?:with|by|for|of|from) (?:this|these|those)[.,;]"
    rf"|^(?:the |this )?(?:{PAPER}|they|we) (?:\w+ )?\w+ that (?:this|these|those|it|they|such)\b"
    rf"|^(?:the |this )?(?:{PAPER}|they|the authors) (?:\w+ly |also )?"
    r"(?:suggest|claim|argue|say|find|found|show|believe)s? (?:this|it)"
    r" (?:is|was|can|could|would|will|helps?|leads?|makes?|allows?|works?)\b"
    r"|\b(?:is|are) such an?\b"
    r"|\b(?:which|where|because|since|of|on|under|against|with|for) that (?:assumption|problem|issue|limitation"
    r"|constraint|gap|claim|hypothesis)\b"
    r"|\b(?:makes?|drops?|relax(?:es)?|lifts?|removes?|violates?|breaks?) that (?:assumption|limitation|restriction)\b"
    r"|^the authors instead\b"
    r"|\bsuch an? (?:problem|issue|case|challenge|limitation|drawback|disadvantage|advantage)\b"
    r"|^(?:second|third|fourth) (?!order\b|-)[a-z]+\b"
    r"|\bboth (?:approaches|methods|limitations|problems|issues|techniques|of them)\b"
    r"|\bboth \(|\bfrom that[,.]|\bthat [a-z]+est\b"
)
_POINTS_FAR_BACK = looked_for(
    r"\b(?:the )?(?:aforementioned|above|former|latter|said|mentioned|(?<=the )described)"
    r" (?!works?\b|methods?\b|papers?\b"
    r"|state|approaches|best)[a-z]+|(?<!each )(?<!the )\bother (?:two|three) "
    r"|\bthe (?:second|third|fourth|fifth) (?!-|order)[a-z]+"
    r"|\ba (?:second|third|fourth|fifth)[,.;]"
)
_POINTER = re.compile(
    rf"(?<=[a-z,)] )(?:such|this|these|those) (?!{PAPER}|ways?\b|is\b|are\b|settings?\b|works?\b|can\b|as\b|that\b"
    r"|case\b|an? )([\w-]+)(?: ([\w-]+))?"
)
_THIS_PAPER = re.compile(rf"^(?:in )?(?:this|their|the) (?:\w+ )?{PAPER}\b")
# "They" are the authors where they say something; in a text that calls its authors so, also where they do something.
_THEY = (
    r"\bthey (?:also |then |further |thus |therefore |empirically |experimentally |first |additionally |only |now "
    r"|simply |just |did (?:not |however )?|didn[’']t )?"
)
_THEY_SAY = re.compile(
    _THEY + r"(?:proposed|introduced|presented|showed|demonstrated|developed|described|investigated|studied|propose"
    r"|introduce|present|show|demonstrate|argue|suggest|find|found|claim|report|evaluate"
    r"|investigate|develop|describe|study|explore"
    r"|extend|analy[sz]e|prove|conclude|hypothesi[sz]e|observe|design|compare|test|derive|experiment"
    r"|benchmark|visuali[sz]e|manage|built?|create|give an|train(?= an? )|define|formulate|publish|release"
    r"|reevaluate|review(?:ed)?|discuss(?:ed)?|summari[sz]ed?|survey(?:ed)?|examined?|outlined?|revisit(?:ed)?)\b"
)
# Methods, not their authors: "They demonstrate better accuracy".
_THEY_PERFORM = re.compile(r"they (?:demonstrate|show|achieve|reach)[sd]? (?:better|higher|superior|faster|stronger)\b")
_THEY_DO = re.compile(
    rf"{_THEY}(?:{AUTHORS_SAY}|{AUTHORS_DO}|achieve|reach|focus|change|select|compute|note|utili[sz]e)\b"
    # Authors perform experiments; what performs better is a method.
    r"(?! (?:\w+ )?(?:better|best|worse|well|comparably|similarly)\b)"
)
_ONE_AUTHOR = re.compile(
    r"s?he (?:proposes|introduces|presents|shows|demonstrates|develops|describes|suggests|argues|finds|claims|reviews"
    r"|summari[sz]es|discusses|investigates|studies|concludes|explores|proves)\b"
)
_CONNECTIVE = re.compile(
    r"^(?:(?:So|Thus|Therefore|Hence|Also|Moreover|Furthermore|Additionally|In addition|Overall"
    r"|In summary|In short|To summari[sz]e|Basically"
    r"|Essentially|Specifically|In particular|Concretely|However|In conclusion|As a result|Consequently"
    r"|Nevertheless|Finally|Importantly"
    r"|Interestingly|Surprisingly|Notably|Unsurprisingly|In essence|More specifically|More precisely|Here"
    r"|In (?:today|this week|last week)[’']s (?:paper|post)|Instead|Now|Further|That is|Then"
    r"|Thereby|In general|All in all|Lastly|In other words|To this end|In this way), (?=\w)"
    r"|(?:So|Thus|Therefore|Hence|Also|TL;?DR:?|Note that) (?=(?:the|this|they|we|a|an|it)\b)|So (?-i:(?=[A-Z]))"
    r"|(?:The )?(?:basic |main |key |core |general )?(?:idea|contributions?|findings?|conclusions?|goal"
    r"|insight|results?|approach|summary|takeaway|tl;?dr): (?=\w))",
    re.IGNORECASE,
)
# An introduction that leans on what came before, in front of a main clause that does not.
_INTRODUCTION = re.compile(
    r"^(?:Given|As an? way|To|Using|With|In order|Based on|For|By|Because|Since|Motivated|Inspired|Due to"
    r"|Building on|In contrast|Contrary|Counter|Unlike|After|On top)\b[^.;]{3,160}?(?:,| [-–—]) (?=(?:the"
    r"|this) (?:authors?|paper|article) )"
)
# The same before "they", where what they do holds without it; what they find may not.
_THEIR_INTRODUCTION = re.compile(
    r"^(?:To|In|In order|Based on|Because|Since|Motivated|Inspired|Due to|Specifically|Building on|Unlike|In contrast)"
    r"\b[^.;]{0,120}?, (?=they (?:simply |therefore |then |just |only |instead )?(?:propose|introduce|suggest|add"
    r"|replace|use|apply|combine|describe|develop|present|learn|train|build|design)\b)"
)
# What the paper "then" proposes it proposes.
_THEN_PROPOSES = re.compile(
    r"(?<=^The authors) then (?=(?:propose|introduce|present|show|demonstrate|prove)[sd]?\b)"
    r"|(?<=^The paper) then (?=(?:proposes|introduces|presents|shows|demonstrates|proves)\b)"
    r"|(?<=^They) then (?=(?:propose|introduce|present|show|demonstrate|prove)[sd]?\b)"
)
_SUCH_QUOTED = re.compile(r"\bsuch (?=[\"“])")
_SUCH_A_METHOD = re.compile(rf"(?<= is )such (?=an? {METHOD} (?:to|for|which)\b)")
_A_PAPER_THAT = re.compile(r"^(?:This is )?[Aa]n? (?:\w+ )?(paper|study|article|survey) (?:that|which) (?=\w+s )")
# Notes leave their subject out: "Proposes a way to …". Only what is no noun as well.
_WITHOUT_ITS_SUBJECT = re.compile(
    r"^(?=(?:Proposes|Introduces|Presents|Demonstrates|Describes|Develops|Investigates|Argues|Suggests|Explores|Shows"
    r"|Extends|Provides|Addresses|Analy[sz]es|Derives|Proves|Improves|Combines|Evaluates|Examines"
    r"|Tackles|Discusses|Considers|Summari[sz]es) "
    r"(?!are\b|is\b|in\b|of\b|as\b|by\b|when\b|with\b|if\b|no\b|not\b|can\b|may\b|must\b|have\b|need\b|were\b|\w+ly\b))"
)
# Lists of what the authors do, too: "Propose a way to …", "Show that …". Only what tells nobody else to do it.
_WITHOUT_THE_AUTHORS = re.compile(
    r"^(?=(?:(?:Proposed?|Introduced?|Present(?:ed)?|Develop(?:ed)?|Described|Design(?:ed)?|Suggest(?:ed)?"
    r"|Explored?|Investigated?|Analy[sz]ed?|Derived?|Extend(?:ed)?) (?:an?|the|two|three|four|new|novel|\d+)"
    r"|(?:Propose|Introduce) [\w-]+|Investigated? (?:whether|how|why)"
    r"|(?:Demonstrated?|Show(?:ed)?|Argued?|Proved?|Report(?:ed)?|Find|Found) (?:that|how))\b)"
)
_WITHOUT_IT = re.compile(
    r"^(?!.*(?:\?| or ))(?:(?:Is|Was) an? (?=.* (?:to|that|which|for|of|with) )|(?:Is|Was) (?:based|able) )"
)
# Not "However many birds sing", "Still images", "Yet another network".
_CONTRAST = re.compile(
    r"(?:However|Nevertheless|Nonetheless|Still|But|Yet),|(?:Nevertheless|Nonetheless) "
    r"|However (?!(?:many|much|few|little|good|bad|large|small|big|long|short|hard|easy|often|fast|slow|high|low|deep"
    r"|complex|simple|well)\b)"
    r"|(?:But|Yet) (?!another\b|for\b|wait\b|how\b|what\b|why\b|first\b|let\b)"
)


def leans(lower: str, known: Collection[str] = ()) -> bool:
    """Whether the sentence needs the one before it: a pronoun whose noun stands there, a "then", a "for example".

    known: stems of words that the reader has seen, those of the title; "such graphs" points at nothing else then.
    """
    return _opens_leaning(lower) or points_back(lower, known)


def begins_with_its_own_ground(lower: str, known: Collection[str] = ()) -> bool:
    """Whether what leans does so by its first words alone, which may be no pointer: "Instead of labels, they use …"."""
    return _ITS_OWN_GROUND.match(lower) is not None and not points_back(lower, known)


def points_back(lower: str, known: Collection[str] = ()) -> bool:
    """Whether words inside the sentence point at an earlier one: "those weights", "such an approach"."""
    if _POINTS_BACK.hold(lower, 80) or _POINTS_FAR_BACK.hold(lower):
        return True
    return any(_points_out(found, known) for found in _POINTER.finditer(lower))


def _points_out(found: re.Match[str], known: Collection[str]) -> bool:
    """Whether the noun behind "these" stands neither before it in the sentence nor in `known`."""
    nouns = {stem(word) for word in found.groups() if word}
    return nouns.isdisjoint(known) and nouns.isdisjoint(stems(found.string[: found.start()]))


def _opens_leaning(lower: str) -> bool:
    return _LEANING.match(lower) is not None and not _THIS_PAPER.match(lower) and not _says_something(lower)


def _says_something(lower: str) -> bool:
    """Whether "they" are the authors in it: what performs better is no author."""
    return _THEY_SAY.match(lower) is not None and not _THEY_PERFORM.match(lower)


def calls_its_authors_they(lower: str) -> bool:
    """Whether a sentence of the text says "They propose …"."""
    return "they " in lower and any(_says_something(clause) for clause in lower.split(", "))


def does_what_authors_do(lower: str) -> bool:
    """Whether a sentence says "they apply …", which a text does of networks too."""
    return "they " in lower and _THEY_DO.search(lower) is not None


def standing_alone(text: str, *, they: bool = False) -> str:
    """The sentence as it opens a text: without its "However, ", and with "The authors" for an authors' "They", "The
    paper" for "A paper that", "The paper proposes" for "Proposes".

    they: whether the text calls its authors so.
    """
    bare = _A_PAPER_THAT.sub(r"The \1 ", text)
    if "such " in bare:
        bare = _SUCH_QUOTED.sub("", _SUCH_A_METHOD.sub("", bare))
    bare = _INTRODUCTION.sub("", bare, count=1)
    bare = _THEIR_INTRODUCTION.sub("", bare, count=1) if they else bare
    bare = _CONNECTIVE.sub("", bare, count=1)
    bare = _THEN_PROPOSES.sub(" ", bare, count=1)
    if bare != text:
        bare = bare[:1].upper() + bare[1:]
    if _WITHOUT_ITS_SUBJECT.match(bare):
        return f"The paper {bare[0].lower()}{bare[1:]}"
    return with_authors(bare, they=they)


def with_they(text: str) -> str:
    """The sentence with the "They" or "It" that a note leaves out: "Propose a way to …", "Is a way to …"."""
    if _WITHOUT_IT.match(text):
        return f"It {text[0].lower()}{text[1:]}"
    return f"They {text[0].lower()}{text[1:]}" if _WITHOUT_THE_AUTHORS.match(text) else text


def with_authors(text: str, *, they: bool) -> str:
    """The sentence with "The authors" for the "They" that means them, "The author" for such a "He" or "She"."""
    lower = text.lower()
    if _ONE_AUTHOR.match(lower):
        return f"The author {text.partition(' ')[2]}"
    if _THEY_PERFORM.match(lower):
        return text
    theirs = _says_something(lower) or (they and (_THEY_DO.match(lower) or lower.startswith("they instead ")))
    return f"The authors{text[4:]}" if theirs else text


_BEGINS_A_SERIES = re.compile(
    r"(?:in |for )?(?:the )?first(?:ly)?\b(?! (?:time|to|work|paper|method|model)\b)"
    r"|.{0,80}\b(?:we|they|authors) first\b"
)
_NEXT_STEP = re.compile(
    r"(?:then|next|after(?:wards?| that| this)|finally|lastly|(?:in |for )?the (?:second|other|latter)|second(?:ly)?)\b"
)


def begins_a_series(text: str) -> bool:
    """Whether it says the first of several things: "In the first variant …", "They first train …"."""
    lower = text.lower()
    return "first" in lower and _BEGINS_A_SERIES.match(lower) is not None


def takes_the_next_step(text: str) -> bool:
    """Whether it goes on with a procedure: "Then …", "The second …"."""
    return _NEXT_STEP.match(text.lower()) is not None


def contrasts(text: str) -> bool:
    """Whether a sentence says "However, …": it can open a text, but then speaks against what is not there."""
    return _CONTRAST.match(text) is not None
