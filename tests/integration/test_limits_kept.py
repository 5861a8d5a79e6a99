"""Caps, prices and moments in a whole bot: what the settings say is what the ledger counts, shows and keeps."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.ledger.models import State
from bot.ledger.sending import NotNow
from bot.platforms.base import Post
from bot.preview import Plan, preview
from bot.runtime import Bot
from bot.sandbox import Sandbox
from bot.standing import standing
from tests.bot_process import BotProcess, config_text
from tests.bots import publish_all, pull_once, records
from tests.clock import Clock
from tests.fixtures import Start
from tests.site import Site

DEAR = """backlog = "all"
[prices.twitter]
post_with_link = 0.5
own_post_read = 0.03
user_read = 0.07
"""


@pytest.fixture
def papers(site: Site) -> Callable[[int], None]:
    def publish(number: int) -> None:
        for one in range(number):
            site.paper(f"key{one}", f"Paper {one}")
            site.summary(f"key{one}", 1, f"The authors present method {one}, and show that it works.")

    return publish


def plan_of(bot: Bot, name: str, clock: Clock, limit: int = 9) -> Plan:
    [plan] = preview(bot.source, bot.sender.ledger, bot.accounts, [name], bot.config.source, limit, clock())
    return plan


def spent(bot: Bot, clock: Clock) -> float:
    return standing(bot.accounts["twitter"], bot.sender.ledger, clock()).spent_usd


def test_a_month_has_no_more_posts_than_its_cap(
    start: Start, papers: Callable[[int], None], clock: Clock, sandbox: Sandbox
) -> None:
    papers(5)
    with start('backlog = "all"', cadence='every = "0s"\nmax_per_month = 2\ntimezone = "America/New_York"') as bot:
        pull_once(bot)
        publish_all(bot)
        assert len(sandbox.posts("twitter")) == 2
        april = datetime(2026, 4, 1, 4, 0, tzinfo=UTC)  # midnight in New York
        planned = [post.due for post in plan_of(bot, "twitter", clock).posts]
        assert planned == [april, april, datetime(2026, 5, 1, 4, 0, tzinfo=UTC)]
        clock.moment = april - timedelta(seconds=1)
        publish_all(bot)
        assert len(sandbox.posts("twitter")) == 2
        decision = standing(bot.accounts["twitter"], bot.sender.ledger, clock()).next_post
        assert (decision.at, decision.reason) == (april, "2 posts a month are reached")
        clock.moment = april
        publish_all(bot)
        assert len(sandbox.posts("twitter")) == 4


def test_the_cap_of_a_month_is_asked_again_when_a_post_is_armed(
    start: Start, papers: Callable[[int], None], clock: Clock
) -> None:
    papers(2)
    with start('backlog = "all"', cadence='every = "0s"\nmax_per_month = 1') as bot:
        pull_once(bot)
        account, sender = bot.accounts["twitter"], bot.sender
        first, second = sender.ledger.queue("twitter", "newest", archive=False, limit=2)
        rest = {"cost_usd": 0.2, "timeout": timedelta(seconds=5), "needed": account.needed, "decide": account.decide}
        armed = sender.arm(first, Post("Text", "https://example.org"), **rest)
        sender.settle(
            armed, bot.platforms["twitter"].publish(Post("Text", "https://example.org")), first_look=timedelta(1)
        )
        with pytest.raises(NotNow, match="1 posts a month are reached"):
            sender.arm(second, Post("Other", "https://example.org"), **rest)
        assert [record.id for record in records(bot, "twitter", State.QUEUED)] == [second.id]


def test_a_changed_price_takes_effect_in_previews_budget_and_readings(
    start: Start, papers: Callable[[int], None], clock: Clock, sandbox: Sandbox
) -> None:
    papers(5)
    for number in range(3):
        sandbox.world.publish("twitter", "twitter", f"An older post {number}")
    with start(DEAR, cadence='every = "0s"\nbudget_usd_per_month = 1.2') as bot:
        before = len(sandbox.posts("twitter"))
        pull_once(bot)
        assert spent(bot, clock) == pytest.approx(0.07 + 3 * 0.03)
        assert {post.cost_usd for post in plan_of(bot, "twitter", clock).posts} == {0.5}
        publish_all(bot)
        # 0.16 for reading, and two posts; a third would exceed the budget.
        assert len(sandbox.posts("twitter")) == before + 2
        assert spent(bot, clock) == pytest.approx(1.16)
        assert len(sandbox.posts("facebook")) == 5
        sandbox.plan(kind="reset_after", platform="twitter")
        clock.moment = datetime(2026, 4, 1, tzinfo=UTC)
        publish_all(bot)
        clock.advance(minutes=1)
        publish_all(bot)
        # The look that found the unclear post read itself and nothing else; two more would exceed the budget.
        assert records(bot, "twitter", State.UNKNOWN) == []
        assert spent(bot, clock) == pytest.approx(0.5 + 0.03 + 0.5)


def test_preview_status_and_bot_agree_on_every_moment_jitter_included(
    start: Start, papers: Callable[[int], None], clock: Clock, sandbox: Sandbox
) -> None:
    papers(9)
    rules = """cron = "0 9-21/3 * * *"
jitter = "20m"
min_gap = "2h 45m"
max_per_day = 4
quiet_hours = "20:30-09:10"
timezone = "Australia/Lord_Howe"
"""
    clock.moment = datetime(2026, 4, 3, 22, 0, tzinfo=UTC)  # clocks go back by half an hour on 5 April
    with start('backlog = "all"', cadence=rules) as bot:
        pull_once(bot)
        planned = plan_of(bot, "twitter", clock).posts
        for post in planned:
            assert post.due is not None
            for before in (clock(), post.due - timedelta(seconds=1)):
                clock.moment = max(before, clock())
                assert standing(bot.accounts["twitter"], bot.sender.ledger, clock()).next_post.at == post.due
                publish_all(bot)
            clock.moment = post.due
            publish_all(bot)
            assert [sent["text"] for sent in sandbox.posts("twitter")][-1] == post.text
        sent = [datetime.fromisoformat(sent["created"]) for sent in sandbox.posts("twitter")]
        assert sent == [post.due for post in planned]
    assert len(sent) == 9


def test_check_names_a_cadence_that_can_never_post_and_what_to_change(tmp_path: Path) -> None:
    bot = BotProcess(tmp_path)
    cadence = 'at = ["23:00"]\nquiet_hours = "22:00-07:00"\nbudget_usd_per_month = 30.0'
    bot.configure(config_text('url = "sample"', "http://127.0.0.1:1", cadence=cadence))
    done = bot.run("check", "--sandbox")
    assert done.returncode == 1
    covered = (
        "no post can ever go out: quiet hours 22:00-07:00 cover every slot of the daily times. To do: move the times"
    )
    assert f"trouble  cadence of twitter: {covered}" in done.stdout
    bot.configure(config_text('url = "sample"', "http://127.0.0.1:1", cadence=cadence.replace("23:00", "21:00")))
    done = bot.run("check", "--sandbox")
    assert done.returncode == 0
    assert "ok       cadence of twitter: the budget pays for 150 posts a month at $0.200 each" in done.stdout
    assert "ok       cadence of facebook: it leaves room for posts" in done.stdout
