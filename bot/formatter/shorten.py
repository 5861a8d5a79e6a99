"""Shortening: sentences at a clause, titles at a word. Never in a word, formula, number, bracket or quotation."""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection
from dataclasses import dataclass

from bot.formatter.characters import TIGHT
from bot.formatter.signals import has_verb
from bot.formatter.words import FINITE_WORDS

ELLIPSIS = "…"
_FEWEST_WORDS = 7
_SHORTEST = 40

# What limits a claim or judges it stays: "(nearly) matches", "(very slow)".
_ASIDE = re.compile(
    rf"[ {TIGHT}]\((?![A-Z][\w-]{{0,9}}s?\))"
    r"(?!(?:nearly|almost|not|mostly|part(?:ial)?ly|sometimes|usually|often|only|approximately|roughly|about|at least"
    r"|at most|up to|slightly|potentially|possibly|if|when|unless|except|without|in some|very|too)\b)[^()]{3,}\)"
    r"(?![\w(])"
)
_UNCLOSED = re.compile(r" [(\[][^()\[\]]{8,}$")
# What a cut costs, and where it may be made: before these.
_CUTS = (
    (4.1, re.compile(r"[,;:](?= )|\s(?=[–—-] )|(?<=[，、；])")),
    (
        3.8,
        re.compile(r" (?=(?:which|because|but|although|though|since|where|so that|until|thereby|such that)\b)"),
    ),
    (5.1, re.compile(r" (?=(?:while|whereas)\b)")),
    (
        4.4,
        re.compile(r" (?=(?:and|by|using|via|through|without|instead of|rather than|during|in order to|based on)\b)"),
    ),
    (
        4.4,
        re.compile(
            r" (?=that (?:is|are|can|has|have|uses?|learns?|combines?|allows?|enables?|makes?|takes?|generates?"
            r"|predicts?|produces?|improves?|does)\b)"
        ),
    ),
    (5.5, re.compile(r" (?=(?:for|with|from|on|in|at|across|over|under|between|into|as|to)\b)")),
)
# What losing nearly all words would cost beside: the point of a sentence is often at its end.
_LOST_WORDS_COST = 3.4
_BAD_END = re.compile(
    r"\b(?:a|an|the|and|or|but|of|to|in|on|at|by|for|with|from|as|is|are|was|were|be|that|which|than|this"
    r"|these|those|their|its|it|they|we|not|no|can"
    r"|will|would|should|may|might|more|most|less|very|such|so|if|when|while|where|who|whose|how|what"
    r"|only|both|either|between|into|has|have|had|e\.g|i\.e|each|any|some|also|then|however|s|using|via"
    r"|per|vs|propose[sd]?|introduce[sd]?|show[ns]?|use[sd]?|called|namely|like|including"
    r"|together|followed|based|such|as well|similar|along|across|towards?|among|within|upon|against|through"
    r"|an? (?:attempt|ability|way|effort|need|order|set|number|kind|type|form|part|lot|pair))\W*$"
)
# Longer than any of these with the signs behind it.
_LONGEST_END = 24
# "both" or "either": the second half may be what is cut off.
_HALF_OF_A_PAIR = re.compile(
    r"\b(?:union|intersection|combination|difference|gap) (?:of|between)\b(?!.* and [^.]{4})"
    r"|\bboth\b(?!.* and [^.]{12})|\beither\b(?!.* or [^.]{12})|\b(?:neither|not only)\b",
    re.IGNORECASE,
)
# "good-looking | and sharp images".
_ADJECTIVE_ENDS = re.compile(r"(?:-[a-z]+(?:ing|ed)|[a-z]{3}(?:al|ive|ful|ous|able|ible|ic))…$")
# "inspired | by the decoders", "from left | and right", "where the input is an image | and the output …".
_HALF_A_VERB = re.compile(r"\b\w{3,}ed…$")
_ITS_OTHER_HALF = re.compile(r" (?:by|with|to|from|on|in|for|as|at)\b")
_ONE_WORD_MORE = re.compile(r" and [\w-]+(?: respectively)?[,.;]")
_HALF_A_CLAUSE = re.compile(r"\b(?:where|in which|whose)\b[^,;]*…$")
# "classify questions | as visual or not", "a net that is initialized | such that it learns".
_NEEDS_MORE = re.compile(
    r"\b(?:classif\w+|divid\w+|split\w*|convert\w*|transform\w*|map(?:s|ped|ping)?|extend\w*|compar\w+|translat\w+"
    r"|turn\w*|decompos\w+|separat\w+|distinguish\w*|combin\w+|replac\w+|treat\w*|formulat\w+|cast)\b(?:[^\w-]+[\w-]+){0,8}…$"
)
_WHAT_IT_NEEDS = re.compile(r" (?:as|into|to|from|with|by)\b")
_HALF_SAID = re.compile(r"\b(?:that|which) (?:is|are|was|were) \w+…$|\b(?:i\.e|e\.g)\.,?(?: [^ ]+){1,3}…$")
# "Unlike other models which see …": what it is about comes behind the comma.
_ONLY_A_GROUND = re.compile(
    r"(?:Unlike|Contrar(?:y|ily) to|In contrast to|While|Whereas|Although|Though|Instead of|Given|When|If|Since|Because"
    r"|Despite|Rather than)\b(?!.*, )"
)
# The first of several points, without the others.
_FIRST_POINT = re.compile(r"(?:^| )\(?(?:1|i|a)\) (?!.*(?:2|ii|b)\))")
# A cut in a name: "Ensembles | with Trajectory Sampling".
_NAME_ENDS = re.compile(r"\w [A-Z]\w*…$")
_NAME_GOES_ON = re.compile(r" (?:\w+ )?[A-Z]")
# What opens a clause that needs a verb of its own.
_SUBORDINATE = re.compile(r"\b(?:that|which|where|who|because|if|when|while|whereas|whether|since|although|how)\b")


_ENCLOSING = re.compile(r"[()\[\]{}“”\"]")
_GAP = re.compile(r"(?<=\S) ")
_HANGS_ON = re.compile("[\u0300-\u036f\u20d0-\u20ff\ufe00-\ufe0f\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")


@dataclass(frozen=True, slots=True)
class Shortened:
    """A sentence made shorter. cost: what that takes off its score. how: in words, for the operator."""

    text: str
    cost: float
    how: str


def without_asides(sentence: str) -> str:
    """The sentence without what it says in brackets; acronyms stay with their words."""
    return _UNCLOSED.sub(".", _ASIDE.sub("", sentence)) if "(" in sentence or "[" in sentence else sentence


def closest_fit(sentence: str, fits: Callable[[str], bool]) -> Shortened | None:
    """The best way to make `sentence` fit: without its brackets, else cut at a clause."""
    bare = without_asides(sentence)
    if bare != sentence and fits(bare):
        return Shortened(bare, 0.3, "left out what stood in brackets")
    best: Shortened | None = None
    for base in dict.fromkeys((sentence, bare)):
        enclosed = _enclosed_positions(base)
        for cost, pattern in _CUTS:
            best = _best_cut(base, cost, pattern, enclosed, fits, best)
    return best


def _best_cut(
    sentence: str,
    cost: float,
    pattern: re.Pattern[str],
    enclosed: Collection[int],
    fits: Callable[[str], bool],
    best: Shortened | None,
) -> Shortened | None:
    """The cut of one kind that keeps most, or the best so far if that costs no more."""
    for place in reversed([found.start() for found in pattern.finditer(sentence)]):
        costs = cost + _LOST_WORDS_COST * (1 - place / len(sentence))
        if best is not None and costs >= best.cost:
            break  # and all further ones cost more
        if place in enclosed or place == len(sentence):
            continue
        text = sentence[:place].rstrip(" ,;:–—-") + ELLIPSIS
        if fits(text) and _stands(text, sentence[place:]):
            return Shortened(text, costs, "shortened at a clause")
    return best


def _enclosed_positions(sentence: str) -> set[int]:
    """Positions inside a bracket or quotation."""
    depth, quoted, begun = 0, False, -1
    enclosed: set[int] = set()
    for found in _ENCLOSING.finditer(sentence):
        character = found.group()
        if character in "([{“":
            depth += 1
        elif character == '"':
            quoted = not quoted
        elif character == "”" and quoted:
            quoted = False
        else:
            depth = max(0, depth - 1)
        if begun < 0 and (depth or quoted):
            begun = found.start()
        elif begun >= 0 and not (depth or quoted):
            enclosed.update(range(begun, found.start()))
            begun = -1
    return enclosed if begun < 0 else enclosed.union(range(begun, len(sentence)))


def _stands(text: str, rest: str) -> bool:
    """Whether a beginning can be read without the rest."""
    words = text[: -len(ELLIPSIS)].split()
    if len(text) < _SHORTEST or (text[:-1].isascii() and len(words) < _FEWEST_WORDS):
        return False
    lower = text.casefold()
    if rest.startswith(" (") or _BAD_END.search(lower, max(0, len(lower) - _LONGEST_END)):
        return False
    if _NAME_GOES_ON.match(rest) and _NAME_ENDS.search(text):
        return False
    if _HALF_OF_A_PAIR.search(text) or (rest.startswith(" and ") and _ADJECTIVE_ENDS.search(text)):
        return False
    if _ONLY_A_GROUND.match(text) or _HALF_SAID.search(text) or _FIRST_POINT.search(text):
        return False
    if _WHAT_IT_NEEDS.match(rest) and _NEEDS_MORE.search(text):
        return False
    if _ITS_OTHER_HALF.match(rest) and _HALF_A_VERB.search(text):
        return False
    if _ONE_WORD_MORE.match(rest) or (rest.startswith(" and ") and _HALF_A_CLAUSE.search(text)):
        return False
    if words and words[-1].lower() in FINITE_WORDS and not rest.startswith((",", ";")):
        return False
    clause = _SUBORDINATE.split(text)[-1]
    return not text[:-1].isascii() or (has_verb(clause) and (clause == text or has_verb(text)))


def at_a_word(title: str, fits: Callable[[str], bool]) -> str | None:
    """The longest beginning of `title` that ends at a word and fits with its "…"; None if nothing of it does.

    A word that is too long by itself, and a script that puts no spaces, is cut between characters.
    """
    for places in ([found.start() for found in _GAP.finditer(title)], _between_characters(title)):
        texts = [(title[:place].rstrip(" ,;:–—-.(") or title[:place]) + ELLIPSIS for place in places]
        count = bisect_right(range(len(texts)), 0, key=lambda number: not fits(texts[number]))
        if count and len(texts[count - 1]) > len(ELLIPSIS):
            return texts[count - 1]
    return None


def _between_characters(text: str) -> list[int]:
    """Places where a text may be cut without tearing an accent or a joined emoji off."""
    return [place for place in range(1, len(text)) if not _HANGS_ON.match(text[place]) and text[place - 1] != "\u200d"]
