"""What readers made of sentences weighs in the choice."""

from pathlib import Path

import pytest

from bot.formatter import readers
from bot.formatter.judge import analyse
from bot.formatter.weights import WEIGHTS
from tests.unit.formatter.samples import a_summary, excerpt

TITLE = "Counting Birds with Small Networks"
# What the rules alone would take stands first.
DETAIL = "When training the network, they use nights randomly sampled from the tapes instead of the latest ones."
POINT = (
    "The proposed approach learned how to count several birds using raw sound as the only input, outperforming people "
    "on most of the coasts."
)


def test_readers_would_send_the_point_and_not_the_detail(monkeypatch: pytest.MonkeyPatch) -> None:
    assert excerpt(f"{DETAIL} {POINT}", title=TITLE) == POINT
    monkeypatch.setattr(readers, "judged", lambda sentence, title: sentence)
    analyse.cache_clear()
    assert DETAIL in excerpt(f"{DETAIL} {POINT}", title=TITLE)  # by the rules alone
    analyse.cache_clear()


def test_the_signs_of_a_sentence_add_up_to_what_it_is_worth() -> None:
    for one in analyse(a_summary(text=f"{DETAIL} {POINT}", title=TITLE)).sentences:
        beside = sum(weight or 0.0 for name, weight in one.signs if not name.startswith("alone: "))
        alone = sum(weight or 0.0 for name, weight in one.signs if name.startswith("alone: "))
        assert (one.score, one.alone) == (pytest.approx(beside), pytest.approx(alone))


def test_no_weight_is_of_a_mark_that_nothing_makes() -> None:
    """A rule under another name would lose its weight, and nobody would notice."""
    folder = Path(readers.__file__).parent
    source = "".join(path.read_text("utf-8") for path in folder.glob("*.py") if path.name != "weights.py")
    marks = {mark.removeprefix("alone: ") for mark in WEIGHTS if not mark.startswith("begins: ")}
    assert len(marks) > 50
    assert not [mark for mark in marks if mark not in source]
