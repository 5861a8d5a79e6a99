"""What Prometheus scrapes: one registry of our own, filled from the ledger when it is asked.

Counts that must survive a restart are the ledger's. Durations are this process's. Labels are account, platform, lane,
state, outcome, kind: a handful of values each, and no text of a summary or a platform among them.
"""

import platform
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from bot.accounts import Turns
from bot.ledger.engine import LedgerError
from bot.ledger.models import End, Lane
from bot.ledger.overview import OPEN, Overview, overview
from bot.ledger.store import Ledger
from bot.observe import durations
from bot.observe.alerts import KINDS
from bot.resources import version

PREFIX = "shortscience_bot"
# A scrape that finds another at work waits no longer than Prometheus does (10 s unless configured).
PATIENCE_S = 5
# Seconds. A call may last from a tenth of one to `timeout`, which is 5 minutes at most; composing takes milliseconds.
_CALLS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
_WORK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)


@dataclass(frozen=True, slots=True)
class Measured:
    """What metrics are made of beside the ledger.

    generation, refused  of the settings; whether newer ones are not taken
    token_ends           when an account's token ends, where that is known
    """

    accounts: Mapping[str, Turns]
    generation: int = 1
    refused: bool = False
    token_ends: Mapping[str, datetime] = field(default_factory=dict)


class Metrics:
    """The registry. `ledger`: for looking only; `measured`: asked at each scrape, since settings may change."""

    def __init__(self, ledger: Ledger, measured: Callable[[], Measured]) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Told(ledger, measured))
        ProcessCollector(registry=self._registry)
        self._histograms = {
            durations.PULL: self._histogram("pull", "one pull from the source", (), _CALLS),
            durations.COMPOSE: self._histogram("compose", "composing one post", ("account",), _WORK),
            durations.PUBLISH: self._histogram("publish", "one call that publishes", ("account",), _CALLS),
            durations.LOOK: self._histogram("look", "reading an account back once", ("account",), _CALLS),
        }
        durations.listen(self._observe)

    def _histogram(self, step: str, what: str, labels: tuple[str, ...], buckets: tuple[float, ...]) -> Histogram:
        name, text = f"{PREFIX}_{step}_duration_seconds", f"How long {what} took, in this process."
        return Histogram(name, text, labels, buckets=buckets, registry=self._registry)

    def _observe(self, step: str, account: str, seconds: float) -> None:
        histogram = self._histograms[step]
        (histogram.labels(account) if account else histogram).observe(seconds)

    def page(self, accept: str) -> tuple[str, bytes]:
        """Content type and body for a scrape that accepts `accept`: OpenMetrics, or Prometheus' own text."""
        encode, kind = choose_encoder(accept)
        return kind, encode(self._registry)


class _Told(Collector):
    """What the ledger and the settings tell at a scrape."""

    def __init__(self, ledger: Ledger, measured: Callable[[], Measured]) -> None:
        self._ledger, self._measured = ledger, measured
        # One at a time: scrapes that pile up behind a slow ledger must not take its connections.
        self._one = threading.Lock()

    def describe(self) -> list[Metric]:
        """Nothing: at its registration the ledger need not be asked."""
        return []

    def collect(self) -> Iterator[Metric]:
        measured = self._measured()
        yield InfoMetricFamily(
            f"{PREFIX}_build", "The bot that runs.", value={"version": version(), "python": platform.python_version()}
        )
        yield from _settings(measured)
        found = self._overview(list(measured.accounts))
        up = "1 if the ledger could be read for this scrape; if not, what it tells is missing."
        yield _gauge("ledger_up", up, value=float(found is not None))
        if found is not None:
            accounts, kinds = found
            yield from _accounts(accounts, measured.accounts, self._ledger.now())
            alerts = _gauge("alerts", "How many alerts of each kind are in force.", "kind")
            for kind in KINDS:
                alerts.add_metric([kind], kinds.get(kind, 0))
            yield alerts

    def _overview(self, names: list[str]) -> tuple[dict[str, Overview], dict[str, int]] | None:
        if not self._one.acquire(timeout=PATIENCE_S):
            return None
        try:
            return overview(self._ledger, names)
        except LedgerError:
            return None
        finally:
            self._one.release()


def _gauge(name: str, what: str, *labels: str, value: float | None = None) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{PREFIX}_{name}", what, value=value, labels=labels or None)


def _settings(measured: Measured) -> Iterator[Metric]:
    yield _gauge("config_generation", "1 at the start, one more with each change taken.", value=measured.generation)
    what = "1 while changed settings are refused and those before stay in force."
    yield _gauge("config_refused", what, value=float(measured.refused))
    ends = _gauge("token_expiry_timestamp_seconds", "When the account's token ends, where that is known.", "account")
    for name, moment in measured.token_ends.items():
        ends.add_metric([name], moment.timestamp())
    yield ends


def _accounts(found: Mapping[str, Overview], turns: Mapping[str, Turns], now: datetime) -> Iterator[Metric]:
    posts = CounterMetricFamily(
        f"{PREFIX}_posts",
        "Attempts to post by how they ended. found: was unknown, and turned out to be live.",
        labels=["account", "outcome"],
    )
    queue = _gauge("queue_deliveries", "How many deliveries wait for their turn.", "account", "lane")
    oldest = _gauge("queue_oldest_seconds", "How long the oldest of them has waited.", "account", "lane")
    still_open = _gauge("deliveries", "How many deliveries are in a state that wants an end.", "account", "state")
    paused = _gauge("account_paused", "1 while the account is paused.", "account", "platform")
    pulled = _gauge("last_pull_timestamp_seconds", "When the last pull that succeeded began.", "account")
    last = _gauge("last_post_timestamp_seconds", "When the last post that is or may be live was begun.", "account")
    spent = _gauge("spent_usd", "US dollars spent in this month of the account's calendar.", "account")
    budget = _gauge("budget_usd", "US dollars that may be spent in a month, where there is a limit.", "account")
    for name, one in found.items():
        settings = turns[name].settings
        for outcome in End:
            posts.add_metric([name, outcome.replace(" ", "_")], one.ended.get(outcome, 0))
        for lane in Lane:
            count, since = one.queued.get(lane, (0, now))
            queue.add_metric([name, lane.name.lower()], count)
            oldest.add_metric([name, lane.name.lower()], max(0.0, (now - since).total_seconds()))
        for state in OPEN:
            still_open.add_metric([name, state], one.open.get(state, 0))
        paused.add_metric([name, settings.platform], float(turns[name].pause(one.state) is not None))
        if one.state.pulled_to is not None:
            pulled.add_metric([name], one.state.pulled_to.timestamp())
        if one.last is not None:
            last.add_metric([name], one.last.timestamp())
        spent.add_metric([name], one.spent.get(turns[name].month(now), 0) / 1_000_000)
        if settings.cadence.budget_usd_per_month is not None:
            budget.add_metric([name], settings.cadence.budget_usd_per_month)
    yield from (posts, queue, oldest, still_open, paused, pulled, last, spent, budget)
