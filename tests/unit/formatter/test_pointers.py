"""What only refers is left out; what looks like it and says something stays."""

import pytest

from bot.formatter.characters import LOST
from bot.formatter.text import read


def written(text: str) -> str:
    return " / ".join(block.text for block in read(text).blocks)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('The net hears "what the gull says" [1].', 'The net hears "what the gull says".'),
        ("Old nets [3] fail, and the net of tapes [11] hears.", "Old nets fail, and the net of tapes hears."),
        ("The net of old tapes [11] hears gulls.", "The net of old tapes [11] hears gulls."),
        ("Nets [3], ears [4], kites [5] fail; new ones [30, 4, 9] drown.", "Nets, ears, kites fail; new ones drown."),
        ("It starts at layer [3] and ends at layer [5].", "It starts at layer [3] and ends at layer [5]."),
        ("Rewards lie between [1, 10] and acts over [1, 5].", "Rewards lie between [1, 10] and acts over [1, 5]."),
        (
            "Kernel sizes [3, 5, 7] and rates [1, 2, 4] are used.",
            "Kernel sizes [3, 5, 7] and rates [1, 2, 4] are used.",
        ),
        (
            "It is better than (Gull, 2012), and (Tern, 2012) is not.",
            "It is better than (Gull, 2012), and (Tern, 2012) is not.",
        ),
        ("Gulls have many senses - (Gull, 2012).", "Gulls have many senses - (Gull, 2012)."),
        ("It outperforms (Gull, 2012) by far.", "It outperforms (Gull, 2012) by far."),
        (
            "Data of gulls (Pascal VOC 2012) and of May (May 2012).",
            "Data of gulls (Pascal VOC 2012) and of May (May 2012).",
        ),
        (
            "The birds look good (more details in the background).",
            "The birds look good (more details in the background).",
        ),
        ("It has 2 ** n gulls.", "It has 2 ** n gulls."),
        ("Nets [3], ears [4], kites [5] lie in [1, 5].", "Nets, ears, kites lie in [1, 5]."),
        ("The net is bounded in [0, 1] and [1, 5].", "The net is bounded in [0, 1] and [1, 5]."),
        ("It reads tape[12] first.", "It reads tape[12] first."),
        ("The net hears gulls (Gull et al., 2020).", "The net hears gulls."),
        ("Costs are parted (Gull, Tern and Crow 2013; O'Tern, 2012a) here.", "Costs are parted here."),
        ("The net from (Gull et al., 2020) hears terns.", "The net from (Gull et al., 2020) hears terns."),
        ("The net (built in 2020) hears terns.", "The net (built in 2020) hears terns."),
        ("The ear (see 3.2 for the whole proof) hears gulls.", "The ear hears gulls."),
        ("The ear (more details in the original paper) hears gulls.", "The ear hears gulls."),
        ("The ears (see only half of it) hear gulls.", "The ears (see only half of it) hear gulls."),
        ("The nets of [[Old Birds|GULL|]] and [[_2013_Terns]] hear.", "The nets of GULL and 2013 Terns hear."),
        ("The matrix [[1, 2]] is small.", "The matrix [[1, 2]] is small."),
        ("It goes on for ****[old gulls](x) ****and drowns.", "It goes on for old gulls and drowns."),
        ("Nets of gulls* hear theta* and A* alike*.", "Nets of gulls hear theta* and A* alike."),
        ("Two to the power of 2**3 gulls.", "Two to the power of 2**3 gulls."),
        ("The net of [Gull et al.](x). It hears.", "The net of Gull et al. It hears."),
        ("Windows of $\\pm 6$ seconds and $5 \\pm 2$ gulls.", "Windows of ±6 seconds and 5 ± 2 gulls."),
    ],
)
def test_marks_that_only_refer_go(text: str, expected: str) -> None:
    assert written(text).replace("\ue001", " ").replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    "text",
    [
        "The paper looks at the pooling proposed in [13], and drowns it.",
        "In [13] the authors drown a net.",
        "Following [13], the authors drown a net.",
        "The net outperforms [13] by five gulls.",
        "The ear is trained using [13] by day.",
    ],
)
def test_a_sentence_whose_word_is_a_citation_cannot_be_written(text: str) -> None:
    assert LOST in written(f"{text}\n\nOld nets [3] and ears [4] drown.")
