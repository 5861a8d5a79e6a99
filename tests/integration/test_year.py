"""A short year of a whole bot: what `bench/year.py` does with 365 days and the whole archive."""

from pathlib import Path

import pytest

from tests.faults.simulation import silence
from tests.year import Year
from tests.year_judge import wrongs


def test_three_weeks_with_all_troubles_keep_every_promise(tmp_path: Path) -> None:
    with silence():
        year = Year(tmp_path, days=21, archive=100).run()
    assert list(wrongs(year)) == []
    assert (year.counts["settings taken"], year.counts["settings refused"]) == (3, 4)
    assert len(year.posts) > 150
    # The control: a post that came twice, and one that never came, would be seen.
    one, other = year.posts[0], year.posts[-1]
    year.posts[-1] = one
    found = " ".join(wrongs(year))
    assert f"{one.paper} is twice on {one.account}" in found
    assert f"{other.paper} is posted in the ledger, and not on {other.account}" in found


@pytest.mark.parametrize(
    ("rule", "sign"),
    [
        pytest.param("_daily_cap", "is one too many in 24 hours", id="cap"),
        pytest.param("_quiet", "is in quiet hours", id="quiet hours"),
    ],
)
def test_a_rule_that_is_switched_off_is_seen_to_be_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: str, sign: str
) -> None:
    monkeypatch.setattr(f"bot.cadence.{rule}", lambda *_: None)
    with silence():
        year = Year(tmp_path, days=4, archive=60).run()
    assert sign in " ".join(wrongs(year))
