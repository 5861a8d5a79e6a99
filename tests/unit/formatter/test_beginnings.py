"""Which words an expression can begin with, and that rules asked word by word hold where a plain search finds them."""

import re

import pytest

from bot.formatter import sentences
from bot.formatter.beginnings import first_words, words_of
from bot.formatter.doubts import DOUBTS, NEVER_ALONE
from bot.formatter.merits import WORTH
from bot.formatter.rules import UNFIT, Rule, Rules, rule
from bot.formatter.text import read
from tests.unit.formatter.samples import sample_texts


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        pytest.param("the idea", {"the"}, id="a short word ends at a space"),
        pytest.param("therefore", {"ther"}, id="of a long one four letters count"),
        pytest.param(r"is\b", {"is"}, id="a short word ends at a boundary"),
        pytest.param(r"(?:the|their) (?:idea|paper)", {"the", "thei"}, id="alternatives"),
        pytest.param(r"(?:the )?paper", {"the", "pape"}, id="what may be left out"),
        pytest.param(r"mini-?batch", {"mini"}, id="a sign that may be left out"),
        pytest.param(r"im[h]?o\b", {"imho", "imo"}, id="a letter that may be left out"),
        pytest.param(r"analy[sz]e", {"anal"}, id="a set of letters"),
        pytest.param(r"(?!the )a (?:bit|lot)", {"a"}, id="what must not follow"),
        pytest.param(r"\d+ layers", {"0"}, id="a number"),
        pytest.param(r"don't", {"don"}, id="an apostrophe ends a word"),
        pytest.param(r"\w+ing", None, id="any word"),
        pytest.param(r"[^,]{3,60}, they", None, id="nearly anything"),
        pytest.param(r"out", None, id="a short word that may go on"),
        pytest.param(r"(?:ab)+ c", None, id="what may be repeated"),
        pytest.param(r"\(?see", None, id="a sign before the word"),
    ],
)
def test_it_tells_what_an_expression_begins_with(expression: str, expected: set[str] | None) -> None:
    assert first_words(expression) == expected


def test_it_gives_the_words_of_a_text_with_their_places() -> None:
    assert words_of("don't use 32 or 64, therefore don't") == {
        "don": [0, 30],
        "t": [4, 34],
        "use": [6],
        "0": [10, 16],
        "or": [13],
        "ther": [20],
    }


@pytest.mark.parametrize("kind", [UNFIT, WORTH, DOUBTS, NEVER_ALONE], ids=["unfit", "worth", "doubts", "never alone"])
def test_rules_hold_where_each_is_found_by_itself(kind: tuple[Rule, ...]) -> None:
    together = Rules(kind)
    for text in sample_texts():
        for block in read(text).blocks:
            for sentence in sentences.split(block.text):
                lower = sentence.lower()
                assert together.holding(lower) == [one for one in kind if _found(one, lower)], lower


def _found(one: Rule, lower: str) -> bool:
    """Whether any of a rule's expressions is found by searching the whole sentence."""
    opens = any(opening is not None and opening.match(lower) for opening in (one.opening, one.start))
    ends = one.ending is not None and one.ending.search(lower, max(0, len(lower) - 50)) is not None
    stands = one.word is not None and re.search(rf"\b(?:{one.word.pattern})", lower) is not None
    return opens or ends or stands or (one.anywhere is not None and one.anywhere.search(lower) is not None)


@pytest.mark.parametrize(
    "sentence",
    ["the method, in 32 layers", "an old idea", "better than the original", "ends at last", "a_bc stands here"],
)
def test_each_kind_of_expression_is_found(sentence: str) -> None:
    every = rule("every", 1, r"\b\d+ layers\b", r"^an? old", r"(?<!than )\bnever\b|\boriginal\b", r"\blast$", r"_[a-z]")
    assert Rules([every]).holding(sentence) == [every]


def test_a_look_behind_still_counts_at_a_word() -> None:
    never = rule("never", 1, r"(?<!than )\bthe original\b")
    assert Rules([never]).holding("the original is longer") == [never]
    assert Rules([never]).holding("longer than the original") == []
