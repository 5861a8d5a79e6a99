"""How far a read reached back."""

from datetime import UTC, datetime, timedelta

from bot.platforms.base import OwnPost, Receipt
from bot.platforms.paging import MAX_PAGES, Page, ReadFailed, read_back

START = datetime(2026, 1, 1, tzinfo=UTC)


def _post(day: int) -> OwnPost:
    return OwnPost(Receipt(str(day), ""), "", (), START + timedelta(days=day))


def _pages(*pages: list[int], more: bool = False) -> dict[str | None, Page]:
    """Pages of posts by day; after the last one there is nothing, or (more) always another one."""
    numbered = {None if number == 0 else str(number): days for number, days in enumerate(pages)}
    last = len(pages) - 1
    return {
        begin: Page(tuple(map(_post, days)), str(number + 1) if number < last or more else None, 0.5)
        for number, (begin, days) in enumerate(numbered.items())
    }


def test_an_older_post_at_the_end_of_a_page_proves_that_it_reached_back() -> None:
    pages = _pages([9, 8], [7, 3], [2, 1])
    timeline = read_back(pages.__getitem__, START + timedelta(days=5), None)
    assert timeline.complete
    assert (len(timeline.posts), timeline.cost_usd) == (4, 1.0)


def test_an_older_post_pinned_above_newer_ones_does_not() -> None:
    timeline = read_back(_pages([1, 9, 8], [7, 3]).__getitem__, START + timedelta(days=5), None)
    assert len(timeline.posts) == 5


def test_a_post_of_that_very_moment_does_not() -> None:
    timeline = read_back(_pages([9, 5], [5, 4]).__getitem__, START + timedelta(days=5), None)
    assert len(timeline.posts) == 4


def test_an_empty_page_before_the_last_one_is_no_end() -> None:
    timeline = read_back(_pages([9], [], [3]).__getitem__, START, None)
    assert timeline.complete
    assert len(timeline.posts) == 2


def test_it_does_not_read_for_ever() -> None:
    endless = _pages(*[[9]] * MAX_PAGES, more=True)
    timeline = read_back(endless.__getitem__, START, None)
    assert not timeline.complete
    assert timeline.problem


def test_a_page_that_fails_is_told_and_what_came_before_is_kept() -> None:
    def fetch(begin: str | None) -> Page:
        if begin:
            raise ReadFailed("It broke.")
        return _pages([9], [8])[begin]

    timeline = read_back(fetch, START, None)
    assert (len(timeline.posts), timeline.complete, timeline.problem) == (1, False, "It broke.")
