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
        ("The net of old tapes [11] hears gulls.", "The net of old tapes hears gulls."),
        ("Old nets [3] fail, and recent ones [30, 4, 9] drown.", "Old nets fail, and recent ones drown."),
        ("Old nets [3] and new ones [4] lie in [1, 5].", "Old nets and new ones lie in [1, 5]."),
        ("The net is bounded in [0, 1] and [1, 5].", "The net is bounded in [0, 1] and [1, 5]."),
        ("It reads tape[12] first.", "It reads tape[12] first."),
        ("The net hears gulls (Gull et al., 2020).", "The net hears gulls."),
        ("Costs are parted (Gull, Tern and Crow 2013; O'Tern, 2012a) here.", "Costs are parted here."),
        ("The net from (Gull et al., 2020) hears terns.", "The net from (Gull et al., 2020) hears terns."),
        ("The net (built in 2020) hears terns.", "The net (built in 2020) hears terns."),
        ("The ear (see 3.2 for the whole proof) hears gulls.", "The ear hears gulls."),
        ("The ear (more details in the long report) hears gulls.", "The ear hears gulls."),
        ("The ear (see if it rains) hears gulls.", "The ear (see if it rains) hears gulls."),
        ("The nets of [[Old Birds|GULL|]] and [[_2013_Terns]] hear.", "The nets of GULL and 2013 Terns hear."),
        ("The matrix [[1, 2]] is small.", "The matrix [[1, 2]] is small."),
        ("It goes on for ****[old gulls](x) ****and drowns.", "It goes on for old gulls and drowns."),
        ("Two to the power of 2**3 gulls.", "Two to the power of 2**3 gulls."),
        ("The net of [Gull et al.](x). It hears.", "The net of Gull et al. It hears."),
        ("Windows of $\\pm 6$ seconds and $5 \\pm 2$ gulls.", "Windows of ±6 seconds and 5 ± 2 gulls."),
    ],
)
def test_marks_that_only_refer_go(text: str, expected: str) -> None:
    assert written(text).replace("\ue001", " ").replace("\u00a0", " ") == expected


def test_a_sentence_whose_object_is_a_citation_cannot_be_written() -> None:
    assert LOST in written("The paper looks at the pooling proposed in [13], and drowns it.")
