"""What a pull makes of the site: new, seen, private, flooded, gone."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot.ledger import by_hand, intake
from bot.ledger.models import Lane, State
from bot.platforms.base import Post
from bot.platforms.facebook import Facebook
from bot.platforms.twitter import Twitter
from bot.pull import pull
from bot.runtime import Bot
from bot.sandbox import Sandbox
from bot.sandbox.credentials import page_id_for, secrets_for
from tests.bots import publish_all, pull_once, records
from tests.clock import Clock
from tests.fixtures import Start
from tests.site import Site


def local(clock: Clock, **ago: float) -> datetime:
    return (clock() - timedelta(**ago)).replace(tzinfo=None)


def publish(site: Site, clock: Clock, *numbers: int, votes: int = 1, priv: bool = False) -> None:
    """Save summaries now; number n was first added n days ago."""
    for number in numbers:
        site.paper(f"paper/{number}", f"Paper {number}")
        text = f"The authors propose method number {number} and show that it works well."
        times = {"added": local(clock, days=number), "edited": local(clock)}
        site.summary(f"paper/{number}", 1, text, votes=votes, priv=priv, **times)


def save(site: Site, clock: Clock, number: int, **columns: object) -> None:
    """As the site saves: an upsert that bumps `edited` and never touches `added`."""
    sets = ", ".join(f"{name} = :{name}" for name in columns)
    site.execute(
        f"UPDATE vignettes SET {sets}, edited = :now WHERE paperid = :p",
        now=local(clock),
        p=f"paper/{number}",
        **columns,
    )


def lanes(bot: Bot, account: str = "twitter") -> dict[str, Lane]:
    return {record.title: record.lane for record in records(bot, account, State.QUEUED)}


def test_the_first_start_queues_the_newest_and_archives_the_rest(site: Site, clock: Clock, start: Start) -> None:
    publish(site, clock, *range(1, 9))
    with start("backlog = 2") as bot:
        pulled = pull_once(bot)
        assert pulled.opened == {"twitter": 8, "facebook": 8}
        assert [title for title, lane in lanes(bot).items() if lane is Lane.BACKLOG] == ["Paper 1", "Paper 2"]
        publish_all(bot)
        assert len(records(bot, "twitter", State.POSTED)) == 2


def test_the_archive_goes_by_votes_when_nothing_else_waits(
    site: Site, clock: Clock, start: Start, sandbox: Sandbox
) -> None:
    publish(site, clock, 1, votes=1)
    publish(site, clock, 2, 3, votes=2)
    publish(site, clock, 4, votes=5)
    with start("backlog = 1\narchive = true") as bot:
        pull_once(bot)
        publish_all(bot)
    titles = [post["text"].split("\n")[0] for post in sandbox.posts("twitter")]
    assert titles == ["Paper 1", "Paper 4", "Paper 2", "Paper 3"]


def test_a_first_start_that_was_killed_goes_on(site: Site, clock: Clock, start: Start) -> None:
    publish(site, clock, *range(1, 9))
    with start("backlog = 2") as bot:
        pull_once(bot)
        # As if the process had died before the mark was committed.
        with bot.sender.ledger.write("by-hand") as tx:
            tx.execute(text("UPDATE accounts SET opened_at = NULL, pulled_to = NULL, swept_at = NULL"))
            tx.execute(text("UPDATE deliveries SET lane = 2"))
    with start("backlog = 2") as bot:
        publish_all(bot)
        assert len(records(bot, "twitter", State.POSTED)) == 0
        pull_once(bot)
        assert [title for title, lane in lanes(bot).items() if lane is Lane.BACKLOG] == ["Paper 1", "Paper 2"]


@pytest.mark.parametrize(("before", "after", "left"), [('"all"', "2", 2), ("2", '"all"', 8)])
def test_a_first_start_that_was_killed_goes_on_by_the_backlog_of_today(
    site: Site, clock: Clock, start: Start, monkeypatch: pytest.MonkeyPatch, before: str, after: str, left: int
) -> None:
    publish(site, clock, *range(1, 9))
    with start(f"backlog = {before}") as bot:
        monkeypatch.setattr(intake, "open_account", crash)
        with pytest.raises(KeyboardInterrupt):
            pull_once(bot)
    monkeypatch.undo()
    monkeypatch.setattr(intake, "AT_ONCE", 3)
    with start(f"backlog = {after}") as bot:
        pull_once(bot)
        waiting = [title for title, lane in lanes(bot).items() if lane is Lane.BACKLOG]
        assert sorted(waiting) == [f"Paper {number}" for number in range(1, left + 1)]
        assert bot.sender.ledger.account("twitter").opened_at


def crash(*_: object) -> None:
    raise KeyboardInterrupt


def test_what_is_on_the_account_before_the_first_start_counts_as_posted(
    site: Site, clock: Clock, start: Start, sandbox: Sandbox
) -> None:
    publish(site, clock, 1, 2)
    link = "http://www.shortscience.org/paper?bibtexKey=paper/1&a=author"
    Twitter(sandbox.url, timedelta(seconds=5), secrets_for("twitter", "twitter"), clock).publish(
        Post(f"By an older tool {link}", link)
    )
    Facebook(
        sandbox.url, timedelta(seconds=5), secrets_for("facebook", "facebook"), page_id_for("facebook"), clock
    ).publish(Post("By an older tool", link))
    clock.advance(hours=1)
    with start() as bot:
        pull_once(bot)
        for account in ("twitter", "facebook"):
            assert [record.title for record in records(bot, account, State.POSTED)] == ["Paper 1"]
        publish_all(bot)
    assert len(sandbox.posts()) == 4


def test_a_post_that_holds_two_summaries_links_counts_for_both(
    site: Site, clock: Clock, start: Start, sandbox: Sandbox
) -> None:
    publish(site, clock, 1, 2)
    links = [f"http://www.shortscience.org/paper?bibtexKey=paper/{number}&a=author" for number in (1, 2)]
    Twitter(sandbox.url, timedelta(seconds=5), secrets_for("twitter", "twitter"), clock).publish(
        Post(f"Two at once {links[0]} {links[1]}", links[0])
    )
    clock.advance(hours=1)
    with start() as bot:
        pull_once(bot)
        assert len(records(bot, "twitter", State.POSTED)) == 2


def test_the_rest_of_a_flood_is_held_too_when_the_pull_that_found_it_broke_off(
    site: Site, clock: Clock, start: Start
) -> None:
    with start("max_new_per_pull = 3") as bot:
        pull_once(bot)
        clock.advance(hours=2)
        publish(site, clock, *range(1, 6))
        pull_once(bot)
        publish(site, clock, 6)
        pull_once(bot)
        assert len(records(bot, "twitter", State.HELD)) == 6


def test_a_mark_that_lies_ahead_is_not_believed(site: Site, clock: Clock, start: Start) -> None:
    with start() as bot:
        clock.advance(days=400)
        pull_once(bot)
        clock.advance(days=-400)
        publish(site, clock, 1)
        assert pull_once(bot).fresh == {"twitter": 1, "facebook": 1}


def test_a_first_start_waits_while_the_account_cannot_be_read_back(
    site: Site, clock: Clock, start: Start, sandbox: Sandbox
) -> None:
    publish(site, clock, 1)
    with start() as bot:
        sandbox.plan(platform="twitter", route="timeline", kind="error_before", status=503)
        pulled = pull_once(bot)
        assert list(pulled.waiting) == ["twitter"]
        assert records(bot, "twitter") == []
        assert len(records(bot, "facebook", State.QUEUED)) == 1
        clock.advance(minutes=2)
        assert pull_once(bot).opened == {"twitter": 1}


def test_a_first_start_with_refused_credentials_pauses_the_account(
    site: Site, clock: Clock, start: Start, sandbox: Sandbox
) -> None:
    publish(site, clock, 1)
    with start() as bot:
        sandbox.plan(platform="twitter", route="any", kind="unauthorized", times=-1)
        assert list(pull_once(bot).waiting) == ["twitter"]
        account = bot.sender.ledger.account("twitter")
        assert "401" in str(account.pause_reason)
        assert account.pause_remedy
        sandbox.clear_faults()
        bot.sender.ledger.resume("twitter")
        assert pull_once(bot).opened == {"twitter": 1}


def test_a_draft_of_long_ago_is_new_when_it_becomes_public(site: Site, clock: Clock, start: Start) -> None:
    publish(site, clock, 1)
    publish(site, clock, 400, priv=True)
    with start() as bot:
        pull_once(bot)
        clock.advance(days=3)
        save(site, clock, 400, priv=False)
        assert pull_once(bot).fresh == {"twitter": 1, "facebook": 1}
        assert lanes(bot)["Paper 400"] is Lane.FRESH


def test_an_edit_of_a_recorded_summary_is_not_new_but_its_newest_text_is_posted(
    site: Site, clock: Clock, start: Start, sandbox: Sandbox
) -> None:
    publish(site, clock, 1)
    with start() as bot:
        pull_once(bot)
        clock.advance(hours=2)
        save(site, clock, 1, text="The authors found a much better method and prove that it converges.")
        assert pull_once(bot).fresh == {}
        publish_all(bot)
        save(site, clock, 1, text="Edited once more after it was posted.")
        clock.advance(days=2)
        assert pull_once(bot).fresh == {}
        publish_all(bot)
    assert len(sandbox.posts("twitter")) == 1
    assert "much better method" in sandbox.posts("twitter")[0]["text"]


def test_a_summary_is_new_when_its_votes_suffice(site: Site, clock: Clock, start: Start) -> None:
    publish(site, clock, 1, votes=1)
    with start("min_votes = 2") as bot:
        pull_once(bot)
        assert records(bot, "twitter") == []
        clock.advance(days=2)
        site.vote("paper/1", 1, 77, 1, edited=local(clock))
        assert pull_once(bot).fresh == {"twitter": 1, "facebook": 1}


def test_a_pull_asks_for_what_changed_and_sweeps_once_a_day(site: Site, clock: Clock, start: Start) -> None:
    publish(site, clock, 1)
    with start() as bot:
        pull_once(bot)
        clock.advance(hours=10)
        # A row whose `edited` lies far in the past: only a sweep finds it.
        site.paper("paper/50", "Paper 50")
        site.summary("paper/50", 1, "The authors hide.", added=local(clock, days=50))
        assert pull_once(bot).fresh == {}
        clock.advance(hours=15)
        assert pull_once(bot).fresh == {"twitter": 1, "facebook": 1}


def test_a_transaction_that_commits_late_is_still_found(site: Site, clock: Clock, start: Start) -> None:
    with start() as bot:
        pull_once(bot)
        saved_at = clock()
        clock.advance(minutes=40)
        pull_once(bot)
        site.paper("paper/1", "Paper 1")
        site.summary("paper/1", 1, "The authors commit late.", added=saved_at.replace(tzinfo=None))
        clock.advance(minutes=5)
        assert pull_once(bot).fresh == {"twitter": 1, "facebook": 1}


def test_a_flood_is_held_and_waits_for_a_person(site: Site, clock: Clock, start: Start) -> None:
    with start("max_new_per_pull = 3") as bot:
        pull_once(bot)
        clock.advance(hours=2)
        publish(site, clock, *range(1, 5))
        assert pull_once(bot).flooded == {"twitter": 4, "facebook": 4}
        publish_all(bot)
        assert records(bot, "twitter", State.POSTED) == []
        assert by_hand.retry_flood(bot.sender.ledger) == 8
        publish_all(bot)
        assert len(records(bot, "twitter", State.POSTED)) == 4


def test_what_just_fits_is_no_flood(site: Site, clock: Clock, start: Start) -> None:
    with start("max_new_per_pull = 3") as bot:
        pull_once(bot)
        clock.advance(hours=2)
        publish(site, clock, 1, 2, 3)
        pulled = pull_once(bot)
        assert (pulled.flooded, pulled.fresh) == ({}, {"twitter": 3, "facebook": 3})


def test_a_queued_summary_that_turns_private_is_withdrawn_and_comes_back(
    site: Site, clock: Clock, start: Start, sandbox: Sandbox
) -> None:
    publish(site, clock, 1)
    with start() as bot:
        pull_once(bot)
        save(site, clock, 1, priv=True)
        publish_all(bot)
        assert len(records(bot, "twitter", State.WITHDRAWN)) == 1
        assert sandbox.posts() == []
        clock.advance(hours=2)
        save(site, clock, 1, priv=False)
        pull_once(bot)
        publish_all(bot)
    assert len(sandbox.posts()) == 2


def test_a_posted_summary_that_turns_private_is_reported_once_with_its_address(
    site: Site, clock: Clock, start: Start, sandbox: Sandbox
) -> None:
    publish(site, clock, 1, 2)
    with start() as bot:
        pull_once(bot)
        publish_all(bot)
        save(site, clock, 1, priv=True)
        site.execute("DELETE FROM vignettes WHERE paperid = 'paper/2'")
        clock.advance(hours=25)
        gone = pull_once(bot).gone
        assert sorted(post.url for post in gone) == sorted(post["url"] for post in sandbox.posts())
        clock.advance(hours=25)
        assert pull_once(bot).gone == []


def test_a_post_found_only_after_its_summary_turned_private_is_reported_too(
    site: Site, clock: Clock, start: Start, sandbox: Sandbox
) -> None:
    publish(site, clock, 1)
    with start() as bot:
        pull_once(bot)
        sandbox.plan(platform="facebook", kind="error_after")
        publish_all(bot)
        save(site, clock, 1, priv=True)
        clock.advance(hours=25)
        assert [post.account for post in pull_once(bot).gone] == ["twitter"]
        clock.advance(minutes=1)
        publish_all(bot)
        assert len(records(bot, "facebook", State.POSTED)) == 1
        clock.advance(hours=25)
        assert [post.account for post in pull_once(bot).gone] == ["facebook"]
        clock.advance(hours=25)
        assert pull_once(bot).gone == []


def test_an_account_that_was_away_finds_what_it_missed(site: Site, clock: Clock, start: Start) -> None:
    publish(site, clock, 1)
    with start() as bot:
        pull_once(bot)
    clock.advance(days=2)
    publish(site, clock, 2)
    with start() as bot:
        # Only one account is configured for a while.
        accounts = {"facebook": bot.accounts["facebook"]}
        pull(bot.source, bot.sender.ledger, accounts, bot.platforms, bot.config.source)
        assert "Paper 2" not in lanes(bot)
    clock.advance(days=2)
    with start() as bot:
        assert pull_once(bot).fresh == {"twitter": 1}
        assert lanes(bot)["Paper 2"] is Lane.FRESH
