"""Boundaries of sentences."""

import pytest

from bot.formatter.sentences import split


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param("One does. Two do.", ["One does.", "Two do."], id="two"),
        pytest.param("As He et al. show, it works.", ["As He et al. show, it works."], id="et al."),
        pytest.param(
            "It is good, i.e. better w.r.t. time.", ["It is good, i.e. better w.r.t. time."], id="i.e. and w.r.t."
        ),
        pytest.param("See Fig. 3 and Eq. (2) for it.", ["See Fig. 3 and Eq. (2) for it."], id="figures and equations"),
        pytest.param("It takes approx. 5 GB of memory.", ["It takes approx. 5 GB of memory."], id="approx."),
        pytest.param(
            "It takes orig. pictures of gulls, e.g. 5.", ["It takes orig. pictures of gulls, e.g. 5."], id="orig."
        ),
        pytest.param("Two conv. networks listen. Fine.", ["Two conv. networks listen.", "Fine."], id="conv."),
        pytest.param("J. R. Smith did it. It works.", ["J. R. Smith did it.", "It works."], id="initials"),
        pytest.param("It gains 3.5 points. Fine.", ["It gains 3.5 points.", "Fine."], id="a number"),
        pytest.param(
            "It works (as they say. And show). Fine.", ["It works (as they say. And show).", "Fine."], id="in brackets"
        ),
        pytest.param(
            "One ends the line This way, we go on.", ["One ends the line", "This way, we go on."], id="a lost full stop"
        ),
        pytest.param(
            "It works as well. the rest is easy.", ["It works as well.", "the rest is easy."], id="lower case"
        ),
        pytest.param(
            "It reduces 2MP by a factor of 2. Fine.", ["It reduces 2MP by a factor of 2.", "Fine."], id="of 2"
        ),
        pytest.param("Between 0 and 1. Values vary.", ["Between 0 and 1.", "Values vary."], id="and 1"),
        pytest.param("They find: 1. One wins.", ["They find:", "1. One wins."], id="an enumeration in a line"),
        pytest.param("深度学习。很好。", ["深度学习。", "很好。"], id="Chinese"),
    ],
)
def test_it_splits_where_a_sentence_ends(text: str, sentences: list[str]) -> None:
    assert split(text) == sentences
