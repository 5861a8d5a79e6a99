"""What is no sentence but says what the paper has, as the first lines of a note do: "A network for birds, trained on
their calls"."""

import re

from bot.formatter import knowledge, references, signals

# Among the first so many, with so many words that are not the title's, and so many that say something.
_LATEST_PLACE = 3
_FEWEST_WORDS, _LEAST_NEWS = 8, 4
_WORD = re.compile(r"[^\W\d_][\w-]*")
_IN_BRACKETS = re.compile(r" \([^()]*\)")
_INFINITIVE = re.compile(r"\bto (?:[a-z]+ly )?[a-z]+\b")
_NUMBER = re.compile(r"(?:one|two|three) ")
_CLAUSE = re.compile(r",? (?:which|that|where|who|whose|in which)\b")
# What the paper has no more than others, or the reader does not know yet.
_OF_NO_PAPER = re.compile(
    r"(?:(?:an? |the )?(?:need|lack|problem|task|challenge|difficult|example|comparison|discussion|list|notes?"
    r"|review|overview|most|many|some|other|all|more|less|no|not|good|great|nice|better|same|similar|additional|this"
    r"|these|uses?)\b"
    r"|(?:based|similar|related|[\w-]+ed) (?:in|on|at|by|to|from|for|as)\b|\w+ing\b)"
)
_SLOPPY = re.compile(r"[:;=<>|/]| - ")
# What a note begins with that says what the paper does: "Predict the weather from …".
_DEED = re.compile(
    r"(?:train|predict|learn|classify|detect|generate|estimate|combine|apply|extend|improve|build|create|replace)\b"
)
# Under "Problem" or "Goal", what the paper is after: "To count birds without seeing them".
_AIM = re.compile(r"to (?:[a-z]+ly )?[a-z]+ ")
_OF_AIMS = re.compile(r"(?:the )?(?:main )?(?:problem|goal|aim|objective)", re.IGNORECASE)
_LATEST_AIM = 6


def says_what_there_is(place: int, text: str, section: tuple[str, ...], known: frozenset[str]) -> bool:
    """Whether it is a noun of which much is said, the deed that a note begins with, or an aim: it hangs on nothing, and
    stands under nothing but the paper.

    place: of the line, from 0.  known: stems of the title's words
    """
    lower = text.lower()
    if _AIM.match(lower) and section and _OF_AIMS.match(section[-1]):
        return place <= _LATEST_AIM and _stands(text, lower, known)
    sign = signals.section_sign(section)
    if place > _LATEST_PLACE or (sign is not None and sign[1] < 0) or not _stands(text, lower, known):
        return False
    if place == 0 and _DEED.match(lower):
        return True
    others = {word for word in _WORD.findall(lower) if knowledge.stem(word) not in known}
    return len(others) >= _FEWEST_WORDS and not _OF_NO_PAPER.match(lower) and _is_a_noun(text)


def _stands(text: str, lower: str, known: frozenset[str]) -> bool:
    """Whether it can be read below the title, and says something that the title does not."""
    return (
        text.isascii()
        and not _SLOPPY.search(text)
        and not references.leans(_NUMBER.sub("", lower), known)
        and not knowledge.symbols(text)
        and not knowledge.unmet(text, known)
        and len(knowledge.news(text, frozenset(map(knowledge.root, known)))) >= _LEAST_NEWS
    )


def _is_a_noun(text: str) -> bool:
    """Whether no verb of its own stands in it: those behind "which" or "to" belong to the noun."""
    head = _CLAUSE.split(_IN_BRACKETS.sub("", text))[0]
    return not (signals.has_no_subject(text) or signals.has_verb(_INFINITIVE.sub("", head)))
