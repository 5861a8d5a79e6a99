"""A part of a sentence that may go, and the words by which one stays."""

import re
from dataclasses import dataclass

# No sentence, and nothing that is left of one, is shorter.
SHORTEST = 25


@dataclass(frozen=True, slots=True)
class Cut:
    """What may go: sentence[start:end]. cost: in points. how: in words, for the operator."""

    start: int
    end: int
    cost: float
    how: str


# What a claim depends on. A part that says one of these stays.
LIMITS = re.compile(
    r"\b(?:if|when|whenever|unless|except|only|not|never|no|none|nor|neither|without|but|however|although|though"
    r"|despite|assuming|provided|given|until|limited|limitations?|as long as|at least|at most|may|might|could|perhaps"
    r"|probably|possibly|likely|seems?|otherwise|yet|fails?|cannot|respectively)\b|n['’]t\b",
    re.IGNORECASE,
)
# The same for a part that makes a claim of its own: what limits that one is no matter.
LIMITS_FROM_OUTSIDE = re.compile(
    r"\b(?:unless|except|only|but|however|although|though|despite|assuming|provided|until|limited|limitations?"
    r"|as long as|otherwise|yet|fails?|holds?|respectively)\b",
    re.IGNORECASE,
)
# Where something is needed, a purpose is a condition: "To converge, they need …".
NEEDS = re.compile(
    r"\b(?:need|needs|necessary|must|should|requires?|required|ha(?:s|ve) to|essential|enough|sufficient)\b"
)
# Where something is denied, what goes with the verb is denied, too: "not significantly", "do not use it in order to".
DENIES = re.compile(
    r"\b(?:not|no|without|never|less|fewer|few|hardly|if|when|nor|cannot|whether|neither|unless|only)\b|n['’]t\b",
    re.IGNORECASE,
)
# Two of these may enclose an insertion; behind a single one stands the rest of the sentence.
DASHES = re.compile(r" [–—-] ")


def cost(least: float, most_more: float, found: re.Match[str]) -> float:
    """What a loss costs: the more, the more of the sentence goes."""
    return round(least + most_more * (found.end() - found.start()) / len(found.string), 2)
