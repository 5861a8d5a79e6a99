"""What is known of a text once its sentences have been judged: what the choice of an excerpt works on."""

from dataclasses import dataclass

from bot.formatter.text import Image

# Below this a sentence stands beside others only where they say little.
WORTH_SENDING = -0.4
# If the text has no opening worth so much, the paper's abstract comes in. Readers would send two in three.
WORTH_OPENING = 1.3


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the text and what was thought of it.

    place    its number in the text
    text     with a capital and a full stop, as the items of a list often lack them
    score    higher is better; None if it is unfit
    signs    what raised or lowered the score, with weights; or why it is unfit
    leans    it can only stand behind its predecessor
    follows  its predecessor stands right before it under the same heading
    lost     whether it speaks of things that neither it nor the title has named
    opened   the text as it stands where its predecessor does not: "The authors" for "They"
    alone    what it gains or costs to stand so
    claims   whether it says what the paper does, finds or is about
    named    whether its subject is what the title names
    acts     whether the paper, its authors or their method do something in it
    digest   whether it is of the writer's own short version of the text
    deep     whether it stands under a heading below another: of a part, not of the whole
    unfinished  whether the next sentence takes up what this one begins: "We first …"
    countered   whether it is not what the authors do, and the next sentence speaks against it: "However, …"
    of_authors  whether the paper or its authors do something in it
    barred   whether it cannot even open a group of sentences
    doubted  whether its words show a fault, such as a complaint
    complains  whether all it says is what the writer misses or doubts
    motive   whether it says what the authors were after, not what they did
    finds    whether it gives a result or a finding
    proposes whether the paper or its authors propose something in it
    titled   whether its subject is what the title gives a name to: "DRAW reads twice"
    spelled  the text with "The authors" for "They", all else as it is
    fragment whether it lacks its verb or its beginning, as items of a list may: it opens a post, but continues none
    """

    place: int
    text: str
    score: float | None
    signs: tuple[tuple[str, float | None], ...]
    leans: bool
    follows: bool
    lost: bool = False
    opened: str = ""
    alone: float = 0.0
    claims: bool = False
    named: bool = False
    acts: bool = False
    barred: bool = False
    spelled: str = ""
    digest: bool = False
    deep: bool = False
    unfinished: bool = False
    countered: bool = False
    of_authors: bool = False
    doubted: bool = False
    complains: bool = False
    motive: bool = False
    finds: bool = False
    proposes: bool = False
    titled: bool = False
    fragment: bool = False

    @property
    def reasons(self) -> tuple[str, ...]:
        """The signs in words."""
        return tuple(name if weight is None else f"{name} {weight:+.1f}" for name, weight in self.signs)

    @property
    def wants_its_next(self) -> bool:
        """Whether it is half of what is said without the next sentence."""
        return self.unfinished or self.countered

    @property
    def states(self) -> bool:
        """Whether it is a statement of what the authors do, and neither a further one nor one of a part."""
        return self.score is not None and not self.deep and not self.barred and self.of_authors

    @property
    def usable(self) -> bool:
        """Whether it may stand beside others, whatever they say."""
        return self.score is not None and self.score >= WORTH_SENDING

    @property
    def opens(self) -> bool:
        """Whether a text that has it needs no abstract, and a short version may begin with it."""
        return self.score is not None and self.score + self.alone >= WORTH_OPENING


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that is known of a text.

    origin  where the sentences are from: "summary", "abstract", or "none" is of use
    known   stems of the words that a reader of the title knows
    """

    sentences: tuple[Sentence, ...]
    images: tuple[Image, ...]
    origin: str
    known: frozenset[str]
