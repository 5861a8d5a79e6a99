"""`adopt`: a lost ledger, or an old copy of it, costs no summary a second post."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.adopt import Adopted, adopt
from bot.cadence import Needed
from bot.ledger import by_hand
from bot.ledger.models import State
from bot.ledger.sending import Sender
from bot.runtime import Bot, open_whole_source
from bot.sandbox import Sandbox
from tests.bot_process import BotProcess, config_text, sandbox_environment, wait_until
from tests.bots import publish_all, pull_once, records
from tests.clock import Clock
from tests.fixtures import Start
from tests.site import Site
from tests.terminals import AtTerminal

ACCOUNTS = {"twitter": "twitter", "facebook": "facebook"}
POSTED, MORE = 300, 5


def publish(site: Site, *numbers: int, votes: int = 1) -> None:
    for number in numbers:
        site.paper(f"p{number}", f"Paper {number}")
        added = datetime(2020, 1, 1) + timedelta(hours=number)
        site.summary(f"p{number}", 1, f"The authors show that method {number} works well.", votes=votes, added=added)


def link(number: int, author: str = "author") -> str:
    return f"http://www.shortscience.org/paper?bibtexKey=p{number}&a={author}"


def post(sandbox: Sandbox, text: str, address: str) -> None:
    """A post on both accounts, as another tool would make it."""
    sandbox.world.publish("twitter", "twitter", f"{text} {address}", address)
    sandbox.world.publish("facebook", "facebook", text, address)


# --- the real command ------------------------------------------------------------------------------------------


@pytest.fixture
def careless() -> Iterator[Sandbox]:
    """A sandbox that takes the same text twice, so that only the bot's own care prevents it."""
    with Sandbox(limits=False, refuse_duplicates=False) as box:
        yield box


@pytest.fixture
def process(tmp_path: Path, site: Site, careless: Sandbox) -> BotProcess:
    bot = BotProcess(tmp_path, sandbox_environment(ACCOUNTS))
    bot.configure(config_text('url = "sqlite:///site.db"\nbacklog = "all"', careless.url))
    return bot


def lose_the_ledger(bot: BotProcess) -> None:
    for file in bot.folder.glob("ledger.db*"):
        file.unlink()


def times_posted(sandbox: Sandbox, platform: str) -> Counter[str]:
    return Counter(post["link"] for post in sandbox.posts(platform))


def test_nothing_is_posted_twice_after_the_ledger_was_lost(process: BotProcess, site: Site, careless: Sandbox) -> None:
    publish(site, *range(POSTED))
    assert process.run("--once").returncode == 0
    lose_the_ledger(process)
    publish(site, *range(POSTED, POSTED + MORE))
    done = process.run("adopt", "--yes")
    assert done.returncode == 0, done.stderr
    assert "costs on X at most $3.21" in done.stderr
    for line in (
        f"twitter: {POSTED} own posts read back for $0.31; the ledger knew 0 of them",
        f"twitter: {POSTED} summaries count as posted from now on",
        f"facebook: {POSTED} own posts read back; the ledger knew 0 of them",
        f"facebook: {POSTED} summaries count as posted from now on",
    ):
        assert line in done.stdout
    assert process.run("--once").returncode == 0
    for platform in ACCOUNTS:
        assert Counter(times_posted(careless, platform).values()) == {1: POSTED + MORE}


def test_without_it_all_beyond_the_latest_hundred_would_be_posted_again(
    process: BotProcess, site: Site, careless: Sandbox
) -> None:
    """The control: the first start reads a hundred posts back, and no more."""
    publish(site, *range(POSTED))
    for number in range(POSTED):
        post(careless, f"Paper {number}", link(number))
    assert process.run("--once").returncode == 0
    for platform in ACCOUNTS:
        assert Counter(times_posted(careless, platform).values()) == {1: 100, 2: POSTED - 100}


def test_it_asks_before_it_reads_what_costs_money(process: BotProcess, site: Site, careless: Sandbox) -> None:
    publish(site, 1)
    post(careless, "Paper 1", link(1))
    done = process.run("adopt")
    assert done.returncode == 2
    assert "Say --yes" in done.stderr
    person = AtTerminal(process.command("adopt"), process.folder, process.environment_with({}))
    person.expect("Read them? [y/N]:")
    person.type("n")
    assert person.end() == 2
    person = AtTerminal(process.command("adopt"), process.folder, process.environment_with({}))
    person.expect("Read them? [y/N]:")
    person.type("y")
    assert person.end() == 0
    assert "twitter: 1 summaries count as posted" in person.shown
    assert process.run("adopt", "--account", "facebook").returncode == 0


def test_it_refuses_while_a_bot_is_at_work(process: BotProcess) -> None:
    with process.daemon() as daemon:
        wait_until(lambda: "the bot is at work" in daemon.said(), "the daemon")
        done = process.run("adopt", "--yes")
        assert done.returncode == 1
        assert "another bot works on the ledger" in done.stderr


@pytest.mark.postgres
def test_it_refuses_while_a_bot_is_at_work_on_postgresql(
    postgres_database: str, tmp_path: Path, careless: Sandbox
) -> None:
    bot = BotProcess(tmp_path, sandbox_environment(ACCOUNTS))
    bot.configure(config_text('url = "sample"\nbacklog = 0', careless.url, ledger=postgres_database))
    other = Sender.open(postgres_database, datetime.now)
    done = bot.run("adopt", "--yes")
    assert done.returncode == 1
    assert "another bot works on the ledger" in done.stderr
    other.close()
    done = bot.run("adopt", "--yes")
    assert done.returncode == 0, done.stderr


def test_it_can_be_tried_in_the_sandbox(tmp_path: Path) -> None:
    bot = BotProcess(tmp_path)
    bot.configure(config_text('url = "sample"', "http://127.0.0.1:1"))
    assert bot.run("--once", "--sandbox", "--limit", "1").returncode == 0
    for file in (tmp_path / "var/sandbox").glob("ledger.db*"):
        file.unlink()
    done = bot.run("adopt", "--sandbox", "--yes")
    assert done.returncode == 0, done.stderr
    assert "twitter: 1 summaries count as posted" in done.stdout
    assert "commands on it want --sandbox, too" in bot.run("status", "--sandbox").stdout


# --- what it fills in, on both databases -----------------------------------------------------------------------


def read_back(bot: Bot) -> dict[str, Adopted]:
    source = open_whole_source(bot.config)
    try:
        return {
            name: adopt(bot.accounts[name], bot.platforms[name], source, bot.sender.ledger) for name in bot.platforms
        }
    finally:
        source.close()


def states(bot: Bot, account: str = "twitter") -> dict[str, State]:
    return {record.title: record.state for record in records(bot, account)}


def test_an_old_copy_learns_what_was_posted_since_and_posted_ones_stay(
    site: Site, clock: Clock, start: Start, sandbox: Sandbox, ledger_url: str
) -> None:
    publish(site, 1, 2, 3)
    with start('backlog = "all"') as bot:
        pull_once(bot)
        bot.publishers["twitter"].work(lambda: False, 1)
        before = records(bot, "twitter", State.POSTED)
        post(sandbox, "By the newer ledger", link(1))
        (done, _) = read_back(bot).values()
        assert (done.read, done.known, done.filled, done.foreign) == (2, 1, 1, [])
        assert states(bot) == {"Paper 1": State.POSTED, "Paper 2": State.QUEUED, "Paper 3": State.POSTED}
        assert [record for record in records(bot, "twitter") if record.id == before[0].id] == before
        # A second time there is nothing left to fill in.
        again = read_back(bot)["twitter"]
        assert (again.known, again.filled) == (2, 0)
        publish_all(bot)
    assert Counter(item["link"] for item in sandbox.posts("twitter")) == {link(number): 1 for number in (1, 2, 3)}


def test_what_was_spent_this_month_is_rebuilt_with_it(site: Site, clock: Clock, start: Start, sandbox: Sandbox) -> None:
    publish(site, 1, 2)
    post(sandbox, "Last month", link(1))
    clock.advance(days=40)
    post(sandbox, "This month", link(2))
    with start() as bot:
        read_back(bot)
        account = bot.accounts["twitter"]
        spent = bot.sender.ledger.turn("twitter", Needed()).history.spent[account.month(clock())] / 1e6
        # Two posts read, one question who we are, and one post with a link.
        assert spent == pytest.approx(0.002 + 0.010 + 0.200)
        assert bot.sender.ledger.turn("facebook", Needed()).history.spent == {}


def test_a_summary_that_has_lost_its_votes_since_is_recognised(
    site: Site, clock: Clock, start: Start, sandbox: Sandbox
) -> None:
    publish(site, 1, votes=0)
    post(sandbox, "Paper 1", link(1))
    with start() as bot:
        assert read_back(bot)["twitter"].filled == 1


def test_posts_that_belong_to_no_summary_are_reported(site: Site, clock: Clock, start: Start, sandbox: Sandbox) -> None:
    publish(site, 1)
    post(sandbox, "Hello world", "https://example.org/")
    post(sandbox, "Gone", link(404))
    with start() as bot:
        done = read_back(bot)["facebook"]
        assert sorted(own.text for own in done.foreign) == ["Gone", "Hello world"]
        assert done.filled == 0


def anonymous(site: Site, clock: Clock) -> None:
    """Two anonymous summaries of one paper, which share a link."""
    site.user(2, "other")
    site.paper("p1", "Paper 1")
    site.summary("p1", 1, "The authors propose a sparse method and show that it works well on images.", anon=True)
    site.summary("p1", 2, "This paper introduces a loss that halves the error of translation models.", anon=True)


def test_of_two_that_share_a_link_both_count_where_the_text_cannot_tell(
    site: Site, clock: Clock, start: Start, sandbox: Sandbox
) -> None:
    anonymous(site, clock)
    post(sandbox, "By an older tool", link(1, "anon"))
    with start('backlog = "all"') as bot:
        found = read_back(bot)
        for name, done in found.items():
            assert done.filled == 2
            assert len(done.ambiguous[0]) == 2
            assert [record.state for record in records(bot, name)] == [State.POSTED, State.POSTED]
        pull_once(bot)
        publish_all(bot)
    assert len(sandbox.posts()) == 2


def test_of_two_that_share_a_link_the_text_tells_which(
    site: Site, clock: Clock, start: Start, sandbox: Sandbox
) -> None:
    anonymous(site, clock)
    with start('backlog = "all"') as bot:
        pull_once(bot)
        for publisher in bot.publishers.values():
            publisher.work(lambda: False, 1)
    posted = {item["text"] for item in sandbox.posts("twitter")}
    with start('backlog = "all"') as bot:
        ledger = bot.sender.ledger
        with ledger.write("lost") as tx:
            for table in ("looks", "attempts", "deliveries", "summaries", "spending"):
                tx.exec_driver_sql(f"DELETE FROM {table}")
            tx.exec_driver_sql("UPDATE accounts SET opened_at = NULL, pulled_to = NULL, swept_at = NULL")
        for done in read_back(bot).values():
            assert (done.filled, done.ambiguous) == (1, [])
        clock.advance(days=1)
        pull_once(bot)
        publish_all(bot)
    both = [item["text"] for item in sandbox.posts("twitter")]
    assert len(both) == len(set(both)) == 2
    assert posted < set(both)


def test_an_undecided_delivery_keeps_its_post(site: Site, clock: Clock, start: Start, sandbox: Sandbox) -> None:
    publish(site, 1, 2)
    with start('backlog = "all"') as bot:
        pull_once(bot)
        sandbox.plan(kind="error_after", status=500, platform="twitter")
        bot.publishers["twitter"].work(lambda: False, 1)
        (unclear,) = records(bot, "twitter", State.UNKNOWN)
        done = read_back(bot)["twitter"]
        assert [number for number, _ in done.decided] == [unclear.id]
        assert done.filled == 0
        clock.advance(minutes=16)
        publish_all(bot)
        (settled,) = [record for record in records(bot, "twitter") if record.id == unclear.id]
        assert settled.state is State.POSTED
    assert len(sandbox.posts("twitter")) == 2


def test_what_a_person_has_skipped_stays_skipped(site: Site, clock: Clock, start: Start, sandbox: Sandbox) -> None:
    publish(site, 1)
    with start('backlog = "all"') as bot:
        pull_once(bot)
        for name in ACCOUNTS:
            by_hand.skip(bot.sender.ledger, records(bot, name)[0].id)
        post(sandbox, "Paper 1", link(1))
        assert [done.filled for done in read_back(bot).values()] == [0, 0]
        assert states(bot) == {"Paper 1": State.SKIPPED}


def test_a_read_that_breaks_off_counts_as_far_as_it_came_and_says_so(
    site: Site, clock: Clock, start: Start, sandbox: Sandbox
) -> None:
    publish(site, *range(150))
    for number in range(150):
        post(sandbox, f"Paper {number}", link(number))
        clock.advance(seconds=1)
    with start() as bot:
        sandbox.plan(kind="timeline_error", platform="twitter", status=503, after=1)
        done = read_back(bot)["twitter"]
        assert (done.read, done.filled) == (100, 100)
        assert "could not be read" in done.problem
        assert read_back(bot)["twitter"].filled == 50


def test_a_first_start_that_was_killed_does_not_give_one_post_to_two(
    site: Site, clock: Clock, start: Start, sandbox: Sandbox
) -> None:
    anonymous(site, clock)
    post(sandbox, "By an older tool", link(1, "anon"))
    with start("backlog = 0") as bot:
        pull_once(bot)
        # As if the process had died between the two, before the mark.
        with bot.sender.ledger.write("by-hand") as tx:
            tx.exec_driver_sql("UPDATE accounts SET opened_at = NULL, pulled_to = NULL, swept_at = NULL")
            tx.exec_driver_sql("DELETE FROM deliveries WHERE state = 'queued'")
        pull_once(bot)
        assert sorted(record.state for record in records(bot, "twitter")) == [State.POSTED, State.QUEUED]
