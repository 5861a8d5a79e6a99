"""Whether words can stand as a sentence, as far as one can tell without a parser.

A clause is whole if it has a finite verb. Verbs are known by a list, by their form, and by their neighbours; a word
that may be something else is none. So what is called whole is; of what is not called so, much may be.
"""

import re

from bot.formatter.words import AUTHORS_DO, AUTHORS_SAY, FINITE_WORDS

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_BRACKETS = re.compile(r" ?\([^()]*\)| ?\[[^\[\]]*\]")
_AUXILIARIES = frozenset(
    """is are was were has have had can could may might will would should must does do did cannot isn't aren't wasn't
    doesn't don't can't won't didn't it's that's they're there's""".split()
)
_PAST = frozenset("found gave took led became kept chose got went held brought meant shown showed".split())
# Behind these a word is no verb, whatever its form.
_NO_SUBJECT = frozenset(
    """a an the this these those its their our his her my your each every all any no both many several few more most
    other another various different new of in on at by for with from to into as than via using per between over under
    through across or good better best high low such not and very large small deep only simple single multiple same
    whose learning state-of-the-art neural word image""".split()
)
# A word in "-ed" is a verb behind what does something, and before an object; else it may be a participle.
_CAN_DO = frozenset("they we it he she authors author paper work researchers which who that also".split())
_DEEDS = frozenset(f"{AUTHORS_SAY}|{AUTHORS_DO}".split("|"))
_OBJECTS = frozenset("the a an its their that how each all both every".split())
_NAMED = frozenset("called named termed considered".split())
_BE = frozenset("is are was were be been being not has have had".split())
# Nouns as well as verbs: verbs only where an object or a preposition follows.
_NOUNS_TOO = frozenset(
    """changes needs works forms shares plays moves steps starts turns supports controls measures estimates increases
    limits shifts calls reads writes processes attempts aims ranks matches acts claims reports finds scores looks
    improves counts tests results uses models studies designs decides leads takes holds drops tries tackles
    produces""".split()
)
_BEHIND_A_VERB = frozenset(
    """the a an that to it its their them in how by on for from as with into both all each this these at more better up
    out place similar only well what which whether when where not two three one no new different over better""".split()
)
_PLURAL = re.compile(r"(?:[^sui]s|ces|ses|people|data|who|which|that|they|we|i|you|authors|also|then|ly)$")
_CLAUSE = re.compile(
    r"\b(?:which|who|whose|because|since|whereas|so that|until|unless"
    r"|that(?! of\b)|(?:where|if|when|while|whether|although|though|how|why|what|once)"
    r"(?! (?:\w+ing|\w+ed|to|not|possible|necessary|needed|available|given|both)\b))\b",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(
    r"(?:in|on|at|by|for|with|from|to|of|as|when|while|if|under|without|since|because|after|before|during|given|using"
    r"|based|compared|unlike|like|similar|instead|rather|inspired|motivated|building|due|despite|although|though|once"
    r"|besides|through|via|whereas|where|until|unless|depending|assuming|even|just|not|thanks|followed|whether|let"
    r"|(?P<noun>\w+ing))\b",
    re.IGNORECASE,
)
_SUBORDINATES = re.compile(
    r"(?:when|while|if|since|because|although|though|once|whereas|where|until|unless|as|even|just|whether|after|before"
    r"|not)\b",
    re.IGNORECASE,
)
_NEVER_LAST = re.compile(
    r"(?:^|[ (-])(?:a|an|the|and|or|but|of|to|in|on|at|by|for|with|from|as|is|are|was|were|be|been|that|which|than|this"
    r"|these|those|their|its|it|they|we|not|no|can|will|would|should|may|might|more|less|very|such|so|if|when|while"
    r"|where|who|whose|how|what|only|both|either|between|into|has|have|had|e\.g|i\.e|eg|ie|each|any|some|also|then"
    r"|however|using|via|per|vs|called|namely|like|including|together|followed|based|well|similar|along|across"
    r"|towards?|among|within|upon|against|through|does|do|did|must|could|over|under|about|because|since|same|even|just"
    r"|un|one|another|other|following|enough|too|new|quite)\W*$",
    re.IGNORECASE,
)


def whole(text: str) -> bool:
    """Whether a beginning of a sentence is one itself: each of its clauses has its verb."""
    if dangles(text):
        return False
    text = without_brackets(text)
    while opening := _INTRODUCES.match(text):
        _, comma, behind = text.partition(", ")
        if not comma:
            if _SUBORDINATES.match(text):
                return False
            break
        if opening["noun"] and finite(text.partition(", ")[0]):
            break
        text = behind
    main, *others = _CLAUSE.split(text)
    return finite(main) and all(finite(clause, "which") for clause in others)


def finite(clause: str, before: str = "") -> bool:
    """Whether there is a finite verb, as far as words can tell. before: the word that the clause is introduced with."""
    words = [word.lower() for word in _WORD.findall(clause)]
    for place, word in enumerate(words):
        if before in _CAN_DO and word in _DEEDS:
            return True
        if word in FINITE_WORDS or word in _AUXILIARIES:
            after = words[place + 1] if place + 1 < len(words) else ""
            if _is_verb(before, word, after):
                return True
        before = word
    return False


def _is_verb(before: str, word: str, after: str) -> bool:
    """Whether a word that may be a finite verb is one, between its neighbours."""
    if word in _AUXILIARIES:
        return before != "to"
    if before in _NO_SUBJECT:
        return False
    if word in _PAST or (word.endswith("ed") and not word.endswith("eed")):
        return before in _CAN_DO or (after in _OBJECTS and before not in _BE and word not in _NAMED and before != "")
    if word.endswith("s") and not word.endswith("ss"):
        return word not in _NOUNS_TOO or after in _BEHIND_A_VERB
    return not before or _PLURAL.search(before) is not None


def has_a_subordinate(text: str) -> bool:
    return _CLAUSE.search(text) is not None


def begins_with_an_introduction(text: str) -> bool:
    """Whether something other than a subject comes first: "In this way", "When", "Using"."""
    return _INTRODUCES.match(text) is not None


def begins_with_a_verb(text: str) -> bool:
    word = text.split(" ", 1)[0].strip(",.:")
    return word.lower() in FINITE_WORDS and not word.isupper()


def ends_in_a_verb(text: str) -> bool:
    """Whether an object must follow: "they train", of "they train and evaluate a network"."""
    last = text.rsplit(" ", 1)[-1].lower()
    return last in FINITE_WORDS or last in _DEEDS or last.endswith("ed")


def dangles(text: str) -> bool:
    """Whether the last word calls for another one."""
    return _NEVER_LAST.search(text) is not None


def has_its_verb_next(subject: str, word: str, after: str) -> bool:
    """Whether a subject without a verb goes on with `word`, which can be nothing but its verb."""
    return (
        (word in FINITE_WORDS or word in _AUXILIARIES)
        and word not in _NOUNS_TOO
        and _is_verb(without_brackets(subject).rsplit(" ", 1)[-1].lower(), word, after)
        and not finite(subject)
    )


def list_is_open(text: str) -> bool:
    """Whether the last comma may be one between the items of a list: "It has an encoder, a decoder"."""
    _, comma, last = without_brackets(text).rpartition(", ")
    return bool(comma) and not finite(last) and " and " not in last and " or " not in last


def without_brackets(text: str) -> str:
    return _BRACKETS.sub("", text) if "(" in text or "[" in text else text
