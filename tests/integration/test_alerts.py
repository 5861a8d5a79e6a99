"""Each alert, through a real endpoint: told once when it begins, with what to do, and once when it is over."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.ledger import alerting, by_hand
from bot.ledger.models import State
from bot.mistakes import Problem
from bot.observe.addresses import Address
from bot.observe.lookout import Known, Lookout
from bot.pull import pull
from bot.runtime import Bot
from bot.sandbox import Sandbox
from bot.source.base import SourceError
from tests.alert_endpoint import AlertEndpoint
from tests.bots import publish_all, pull_once, records
from tests.clock import Clock
from tests.fixtures import Start
from tests.integration.test_pull import publish, save
from tests.site import Site


@pytest.fixture
def endpoint() -> Iterator[AlertEndpoint]:
    endpoint = AlertEndpoint()
    yield endpoint
    endpoint.close()


@dataclass
class Watched:
    """A bot and its lookout. `look` makes a few rounds, minutes apart, each by a process that has just been started
    or by the same one, since neither must change what is told."""

    bot: Bot
    clock: Clock
    endpoint: AlertEndpoint
    known: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bot = replace(self.bot, addresses=[Address(1, self.endpoint.url)])
        self.lookout = Lookout(self.clock())

    def look(self, rounds: int = 3) -> list[str]:
        """What is told in these rounds, by its titles."""
        before = len(self.endpoint.taken)
        for _ in range(rounds):
            self.lookout.round(Known(self.bot, **self.known))  # type: ignore[arg-type]
            self.clock.advance(minutes=1)
        return self.endpoint.titles()[before:]

    def restart(self) -> None:
        self.lookout = Lookout(self.clock())

    def body(self) -> str:
        return self.endpoint.taken[-1].body


Watch = Callable[[Bot], Watched]


@pytest.fixture
def watch(site: Site, clock: Clock, endpoint: AlertEndpoint) -> Watch:
    return lambda bot: Watched(bot, clock, endpoint)


def fired_and_over(watched: Watched, title: str, end: Callable[[], object], *others: str) -> None:
    """Told once, also over a restart; and once more when `end` has ended it."""
    assert watched.look() == [title]
    assert watched.endpoint.taken[-1].type == "warning"
    watched.restart()
    assert watched.look() == []
    end()
    assert watched.look() == [f"over: {title}", *others]
    assert watched.endpoint.taken[-1].type == "success"
    watched.restart()
    assert watched.look() == []
    assert title not in [one.alert.title for one in alerting.standing(watched.bot.sender.ledger)]


def test_a_bot_that_is_well_tells_nothing(site: Site, clock: Clock, start: Start, watch: Watch) -> None:
    publish(site, clock, 1, 2)
    with start() as bot:
        watched = watch(bot)
        for _ in range(5):
            pull_once(bot)
            publish_all(bot)
            assert watched.look() == []


def test_a_paused_account(start: Start, watch: Watch) -> None:
    with start() as bot:
        pull_once(bot)
        bot.sender.ledger.pause("twitter", "X answered 401", "create new keys, then: run_bot.py resume twitter")
        watched = watch(bot)
        fired_and_over(watched, "twitter is paused", lambda: bot.sender.ledger.resume("twitter"))
        assert "X answered 401\nTo do: create new keys" in watched.endpoint.taken[0].body


def test_a_pause_after_a_pause_is_told_again(start: Start, watch: Watch) -> None:
    with start() as bot:
        pull_once(bot)
        bot.sender.ledger.pause("twitter", "X answered 401", "create new keys")
        watched = watch(bot)
        assert watched.look() == ["twitter is paused"]
        bot.sender.ledger.resume("twitter")
        bot.sender.ledger.pause("twitter", "X answered 401 still", "create new keys")
        assert watched.look() == ["twitter is paused, and 1 more"]
        assert "X answered 401 still" in watched.body()
        assert "over: twitter is paused" in watched.body()


def test_a_held_delivery(site: Site, clock: Clock, start: Start, watch: Watch) -> None:
    publish(site, clock, 1)
    with start() as bot:
        pull_once(bot)
        ledger, cadence = bot.sender.ledger, bot.accounts["twitter"].settings.cadence
        delivery = ledger.pick("twitter", cadence.order, False)
        assert delivery is not None
        ledger.hold(delivery, "the post cannot be composed")
        title = f"delivery {delivery.id} on twitter is held"
        watched = watch(bot)
        fired_and_over(watched, title, lambda: by_hand.skip(ledger, delivery.id))
        body = watched.endpoint.taken[0].body
        assert "Paper 1\nthe post cannot be composed" in body
        assert f"run_bot.py retry {delivery.id} | skip {delivery.id}" in body


def test_more_new_summaries_than_max_new_per_pull(site: Site, clock: Clock, start: Start, watch: Watch) -> None:
    with start("max_new_per_pull = 2", cadence='every = "0s"') as bot:
        pull_once(bot)
        publish(site, clock, 1, 2, 3)
        pull_once(bot)
        watched = watch(bot)
        assert watched.look() == ["3 new summaries at once on twitter are held, and 1 more"]
        assert "run_bot.py retry flood (queue them) | skip flood (never post them)" in watched.body()
        watched.restart()
        assert watched.look() == []
        by_hand.skip_flood(bot.sender.ledger)
        assert watched.look() == ["over: 3 new summaries at once on twitter are held, and 1 more"]
        assert watched.look() == []


def test_the_summary_of_a_post_that_is_private_by_now(site: Site, clock: Clock, start: Start, watch: Watch) -> None:
    publish(site, clock, 1)
    with start() as bot:
        pull_once(bot)
        bot.sender.ledger.pause("facebook", "by hand", "")
        publish_all(bot)
        bot.sender.ledger.resume("facebook")
        bot.sender.ledger.now.advance(days=1)  # type: ignore[attr-defined]
        save(site, clock, 1, priv=True)
        pull_once(bot)
        [posted] = records(bot, "twitter", State.POSTED)

        def public_again() -> None:
            save(site, clock, 1, priv=False)
            pull_once(bot)

        watched = watch(bot)
        fired_and_over(watched, "the summary of a post on twitter is private or deleted by now", public_again)
        assert f"{posted.post_url}\nTo do: take the post down" in watched.endpoint.taken[0].body


def test_nothing_is_pulled_for_three_polls(start: Start, watch: Watch, clock: Clock) -> None:
    with start('poll = "10m"') as bot:
        pull_once(bot)
        last = clock()
        watched = watch(bot)
        watched.known["pull_problem"] = "the source is down"
        assert watched.look(rounds=30) == []
        watched.known["pull_problem"] = "the source is down still"
        fired_and_over(watched, f"nothing was pulled since {last:%Y-%m-%d %H:%M} UTC", lambda: pull_once(bot))
        assert "A pull is due every 10m. the source is down still" in watched.endpoint.taken[0].body


def test_that_nothing_is_pulled_is_not_over_because_the_bot_restarts(start: Start, watch: Watch, clock: Clock) -> None:
    """After the restart no pull is late yet, and still nobody has pulled."""
    with start() as bot:
        pull_once(bot)
        watched = watch(bot)
        assert len(watched.look(rounds=20)) == 1
        watched.restart()
        assert watched.look(rounds=20) == []


def test_nothing_is_posted_for_an_hour_though_it_could_be(
    site: Site, clock: Clock, sandbox: Sandbox, start: Start, watch: Watch
) -> None:
    publish(site, clock, 1)
    with start('poll = "1d"') as bot:
        pull_once(bot)
        bot.sender.ledger.pause("facebook", "by hand", "")
        watched = watch(bot)
        watched.look()
        bot.sender.ledger.back_off("twitter", clock().replace(hour=23))
        assert watched.look(rounds=57) == []
        fired_and_over(watched, "nothing is posted on twitter", lambda: _posted(bot, clock))
        assert "nothing was posted yet. The platform is out of reach, or asked for patience until" in (
            watched.endpoint.taken[1].body
        )


def _posted(bot: Bot, clock: Clock) -> None:
    clock.moment = clock().replace(hour=23, minute=59)
    bot.publishers["twitter"].work(lambda: False)
    assert len(records(bot, "twitter", State.POSTED)) == 1


def test_nothing_posted_is_no_alert_in_quiet_hours_or_with_an_empty_queue(
    site: Site, clock: Clock, start: Start, watch: Watch
) -> None:
    publish(site, clock, 1)
    with start('poll = "1d"', cadence='every = "0s"\nquiet_hours = "11:00-20:00"') as bot:
        pull_once(bot)
        watched = watch(bot)
        assert watched.look(rounds=100) == []
    with start('poll = "1d"') as bot:
        publish_all(bot)
        assert len(records(bot, "twitter", State.POSTED)) == 1
        assert watch(bot).look(rounds=100) == []


def test_the_budget_at_80_percent_and_used_up(site: Site, clock: Clock, start: Start, watch: Watch) -> None:
    publish(site, clock, 1, 2)
    with start(cadence='every = "1m"\nbudget_usd_per_month = 0.45') as bot:
        pull_once(bot)
        publish_all(bot)
        watched = watch(bot)
        assert watched.look() == []
        publish_all(bot)
        assert watched.look() == ["twitter has used 80 % of its budget, and 1 more"]
        assert "the budget of twitter is used up: no more posts this month" in watched.body()
        assert "$0.41 of $0.45 are spent this month; a post costs $0.200." in watched.body()
        watched.restart()
        assert watched.look() == []
        clock.moment = datetime(2026, 4, 1, tzinfo=UTC)
        pull_once(bot)
        assert watched.look() == ["over: twitter has used 80 % of its budget, and 1 more"]
        assert "over: the budget of twitter is used up" in watched.body()
        assert watched.look() == []


def test_changed_settings_that_are_refused(start: Start, watch: Watch) -> None:
    with start() as bot:
        pull_once(bot)
        watched = watch(bot)
        watched.known["refused"] = [Problem("source.poll", "expected a duration")]
        title = "the changed settings are refused; those before stay in force"
        fired_and_over(watched, title, watched.known.clear)
        assert f"source.poll: expected a duration\nTo do: mend {bot.config.path}" in watched.endpoint.taken[0].body


def test_what_the_daily_check_finds(start: Start, watch: Watch) -> None:
    with start() as bot:
        pull_once(bot)
        watched = watch(bot)
        trouble: Mapping[str, Sequence[str]] = {"facebook": ["the token ends on 2026-12-01"]}
        watched.known["trouble"] = trouble

        def mended() -> None:
            # Not yet checked again after a restart: that is no all-clear.
            watched.known["trouble"] = {}
            assert watched.look() == []
            watched.known["trouble"] = {"facebook": []}

        fired_and_over(watched, "the daily check of facebook found something", mended)


# --- telling ------------------------------------------------------------------------------------------------------


def test_what_the_endpoint_does_not_take_is_told_later_and_keeps_nobody_waiting(
    site: Site, clock: Clock, start: Start, watch: Watch, endpoint: AlertEndpoint
) -> None:
    publish(site, clock, 1)
    with start() as bot:
        pull_once(bot)
        bot.sender.ledger.pause("facebook", "a reason", "a remedy")
        watched = watch(bot)
        endpoint.status = 500
        assert watched.look(rounds=8) == []
        assert endpoint.refused == 4, "after 1, 2, 4 … minutes"
        publish_all(bot)
        assert len(records(bot, "twitter", State.POSTED)) == 1
        endpoint.status = 200
        watched.restart()
        assert watched.look(rounds=10) == ["facebook is paused"]


def test_what_began_and_ended_unheard_is_not_told(start: Start, watch: Watch, endpoint: AlertEndpoint) -> None:
    with start() as bot:
        pull_once(bot)
        bot.sender.ledger.pause("twitter", "a reason", "a remedy")
        watched = watch(bot)
        endpoint.status = 500
        watched.look()
        bot.sender.ledger.resume("twitter")
        endpoint.status = 200
        assert watched.look(rounds=10) == []
        assert alerting.standing(bot.sender.ledger) == []


def test_each_address_hears_it_once(start: Start, watch: Watch, endpoint: AlertEndpoint) -> None:
    other = AlertEndpoint()
    with start() as bot:
        pull_once(bot)
        bot.sender.ledger.pause("twitter", "a reason", "a remedy")
        watched = watch(bot)
        watched.bot = replace(bot, addresses=[Address(1, endpoint.url), Address(2, other.url)])
        other.status = 503
        watched.look()
        other.status = 200
        watched.look(rounds=10)
        bot.sender.ledger.resume("twitter")
        watched.look()
    assert endpoint.titles() == other.titles() == ["twitter is paused", "over: twitter is paused"]
    other.close()


def test_several_bots_on_a_ledger_tell_it_once(start: Start, watch: Watch) -> None:
    """Both have read that it is to be told; the one that claims it does."""
    with start() as bot:
        pull_once(bot)
        bot.sender.ledger.pause("twitter", "a reason", "a remedy")
        one, other = watch(bot), watch(bot)
        one.lookout._compare(Known(one.bot))
        address, ledger = one.bot.addresses[0], bot.sender.ledger
        unheard = alerting.untold(ledger, 1)
        assert len(alerting.claim(ledger, 1, unheard, one.clock().replace(hour=13))) == 1
        assert alerting.claim(ledger, 1, unheard, one.clock().replace(hour=13)) == []
        other.lookout._tell(other.bot, address)
        assert other.endpoint.taken == []
        # The first has died before it told: its claim runs out, and the other one tells.
        other.clock.advance(hours=1)
        other.lookout._tell(other.bot, address)
        assert other.endpoint.titles() == ["twitter is paused"]


def test_settings_that_one_bot_refuses_are_not_over_because_another_took_them(
    start: Start, watch: Watch, tmp_path: Path
) -> None:
    with start() as bot:
        pull_once(bot)
        one, other = watch(bot), watch(bot)
        other.bot = replace(other.bot, config=replace(bot.config, path=tmp_path / "elsewhere.toml"))
        one.known["refused"] = [Problem("source.poll", "expected a duration")]
        assert len(one.look()) == 1
        assert other.look() == []


def test_a_ledger_that_is_away_is_told_and_that_it_is_back(
    start: Start, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.ledger.engine import LedgerUnavailable

    def away(_: object) -> None:
        raise LedgerUnavailable("the ledger cannot be reached")

    with start() as bot:
        pull_once(bot)
        watched = watch(bot)
        with monkeypatch.context() as patch:
            patch.setattr(watched.lookout, "_compare", away)
            assert watched.look(rounds=5) == []
            assert watched.look(rounds=5) == ["the ledger does not serve; nothing is sent meanwhile"]
        assert watched.look() == ["over: the ledger does not serve"]


def test_a_source_that_fails_is_named(site: Site, start: Start, watch: Watch, clock: Clock, tmp_path: Path) -> None:
    with start() as bot:
        pull_once(bot)
        site.engine.dispose()
        (tmp_path / "site.db").rename(tmp_path / "away.db")
        with pytest.raises(SourceError) as error:
            pull(bot.source, bot.sender.ledger, bot.accounts, bot.platforms, bot.config.source)
        watched = watch(bot)
        watched.known["pull_problem"] = str(error.value)
        assert len(watched.look(rounds=20)) == 1
        assert str(error.value) in watched.body()
