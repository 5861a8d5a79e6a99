"""Which alerts are in force: pure, from what is known of the ledger and of this bot.

An alert is told once when it begins and once when it is over. So it may not flicker: what can only be seen while the
bot is at work ("nothing was posted for an hour") stays in force until the opposite is seen, also over a restart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.ledger.alerting import Alert, GoneOne, HeldOne
from bot.ledger.models import AccountState
from bot.mistakes import Problem
from bot.values import format_duration

# A pull is missed when so many were due; and no sooner than this, for a database that is restarted is no news.
POLLS, LEAST_SILENCE = 3, timedelta(minutes=15)
# An account that may post and has something to post does so within minutes. After an hour something is wrong.
POST_SILENCE = timedelta(hours=1)
# The bot cannot see whether a post was taken down. After this it no longer reminds of it.
GONE_FOR = timedelta(days=30)
NEARLY = 0.8
KINDS = ("paused", "held", "flood", "gone", "pull", "silent", "budget80", "budget100", "settings", "check")


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What matters of one account.

    sends      it may send in this process; only then can this process say that it is silent
    waits      something waits to be posted, or for the first start, and the account is not paused
    due_since  since when that could have been posted, as far as this process has seen; None if it has not been so
    waits_for  what else keeps it waiting just now: the platform, or an unclear attempt
    last       when its latest attempt that may be live began
    spent, budget, cost  US dollars: this month's, the month's budget (None: no budget), one post's
    held       deliveries that wait for a person; `flood`: how many more wait for `retry flood` or `skip flood`
    trouble    what the daily check found; None if there was none yet
    """

    state: AccountState
    sends: bool
    waits: bool
    due_since: datetime | None
    waits_for: str
    last: datetime | None
    spent: float
    budget: float | None
    cost: float
    held: Sequence[HeldOne] = ()
    flood: int = 0
    trouble: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that alerts are made of.

    place         this bot's host and settings file, for what only this bot can tell
    started       when this process began
    pull_problem  why the last pull failed; empty if it did not
    standing      the alerts of this ledger and this bot that are in force, by key, and since when
    """

    now: datetime
    place: str
    started: datetime
    poll: timedelta
    pull_problem: str
    refused: Sequence[Problem]
    accounts: Sequence[AccountFacts]
    gone: Sequence[GoneOne] = ()
    standing: Mapping[str, datetime] = field(default_factory=dict)


def in_force(facts: Facts) -> list[Alert]:
    """Every alert that is in force now."""
    found = [*_pull(facts), *_settings(facts), *_gone(facts)]
    for account in facts.accounts:
        found += [*_paused(account), *_held(account), *_silent(facts, account), *_budget(account)]
        found += _check(facts, account)
    return found


def cannot_tell(facts: Facts, alert: Alert) -> bool:
    """Whether nothing can be said of it here, so that it is not over because it is not found."""
    account = next((one for one in facts.accounts if one.state.name == alert.account), None)
    if account is None:
        # Of an account that is not configured any more, all is over.
        return False
    return (alert.kind == "silent" and not account.sends) or (alert.kind == "check" and account.trouble is None)


def _paused(account: AccountFacts) -> list[Alert]:
    name, state = account.state.name, account.state
    if state.paused_at is None:
        return []
    # A pause for another reason is another alert.
    key = f"paused:{name}:{state.paused_at.isoformat()}"
    return [Alert("paused", key, f"{name} is paused", state.pause_reason or "", state.pause_remedy or "", name)]


def _held(account: AccountFacts) -> list[Alert]:
    name = account.state.name
    found = [
        Alert(
            "held",
            f"held:{one.id}",
            f"delivery {one.id} on {name} is held",
            f"{one.title}\n{one.reason}",
            f"run_bot.py show {one.id}; then: run_bot.py retry {one.id} | skip {one.id}; "
            f"if it was sent: run_bot.py resolve {one.id} --posted URL | --not-posted",
            name,
        )
        for one in account.held
    ]
    if account.flood:
        what = f"{account.flood} new summaries at once on {name} are held"
        detail = "More than max_new_per_pull were new in one pull: an import, or a mistake in the database?"
        todo = "look at the source; then: run_bot.py retry flood (queue them) | skip flood (never post them)"
        found.append(Alert("flood", f"flood:{name}", what, detail, todo, name))
    return found


def _gone(facts: Facts) -> list[Alert]:
    return [
        Alert(
            "gone",
            f"gone:{one.id}",
            f"the summary of a post on {one.account} is private or deleted by now",
            f"The post is still there: {one.url or f'see run_bot.py show {one.id}'}",
            "take the post down if it should not stay",
            one.account,
        )
        for one in facts.gone
    ]


def _pull(facts: Facts) -> list[Alert]:
    marks = [one.state.pulled_to for one in facts.accounts if one.state.pulled_to is not None]
    last = max(marks, default=None)
    normal = max(POLLS * facts.poll, LEAST_SILENCE)
    begun = facts.standing.get("pull")
    silent = facts.now - max(filter(None, (last, facts.started))) > normal
    still = begun is not None and (last is None or last <= begun)
    if not silent and not still:
        return []
    since = f"since {last:%Y-%m-%d %H:%M} UTC" if last else "yet"
    detail = f"A pull is due every {format_duration(facts.poll)}. {facts.pull_problem}".strip()
    return [Alert("pull", "pull", f"nothing was pulled {since}", detail, "run_bot.py check says what is wrong")]


def _silent(facts: Facts, account: AccountFacts) -> list[Alert]:
    name, opening = account.state.name, account.state.opened_at is None
    key = f"{'opening' if opening else 'silent'}:{name}"
    begun, due, last = facts.standing.get(key), account.due_since, account.last
    if not account.sends or not account.waits:
        return []
    still = begun is not None and (last is None or last <= begun)
    if not still and (due is None or facts.now - due <= POST_SILENCE):
        return []
    title = f"the first start of {name} does not come to an end" if opening else f"nothing is posted on {name}"
    posted = f"the last post was begun {last:%Y-%m-%d %H:%M} UTC" if last else "nothing was posted yet"
    what = "Its own posts cannot be read back." if opening else f"Something waits and may be posted; {posted}."
    detail = f"{what} {account.waits_for}".strip()
    todo = "run_bot.py check says what is wrong; the log says what was tried"
    return [Alert("silent", key, title, detail, todo, name)]


def _budget(account: AccountFacts) -> list[Alert]:
    name, spent, budget = account.state.name, account.spent, account.budget
    if budget is None or account.cost <= 0:
        return []
    found = []
    detail = f"${spent:.2f} of ${budget:.2f} are spent this month; a post costs ${account.cost:.3f}."
    if 0 < spent >= NEARLY * budget:
        todo = "nothing, if that is what you planned; else raise budget_usd_per_month or slow the cadence"
        found.append(Alert("budget80", f"budget80:{name}", f"{name} has used 80 % of its budget", detail, todo, name))
    # Spending stops short of the budget by up to a post's price: what has no room for a post is used up.
    if spent + account.cost > budget + 1e-9:
        todo = "nothing: it goes on next month; or raise budget_usd_per_month"
        title = f"the budget of {name} is used up: no more posts this month"
        found.append(Alert("budget100", f"budget100:{name}", title, detail, todo, name))
    return found


def _settings(facts: Facts) -> list[Alert]:
    if not facts.refused:
        return []
    detail = "\n".join(map(str, facts.refused))
    todo = f"mend {facts.place.partition(':')[2]}; the settings are taken as soon as they are right"
    title = "the changed settings are refused; those before stay in force"
    return [Alert("settings", "settings", title, detail, todo, place=facts.place)]


def _check(facts: Facts, account: AccountFacts) -> list[Alert]:
    name = account.state.name
    if not account.trouble:
        return []
    todo = f"run_bot.py check --account {name}"
    title = f"the daily check of {name} found something"
    return [Alert("check", f"check:{name}", title, "\n".join(account.trouble), todo, name, facts.place)]
