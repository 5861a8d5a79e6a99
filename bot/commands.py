"""The commands that look at the ledger, and those by which a person decides."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from bot.options import ACCOUNT, FORMAT, LINES, OK, SANDBOX, TROUBLE, Options, common, load

if TYPE_CHECKING:
    from bot.config import Config
    from bot.ledger.store import Ledger

# How many posts `history`, and troubled deliveries `status`, shows unless told otherwise.
SHOWN = 20


@click.command()
@click.option("--alert", is_flag=True, help="Send a test to every address of BOT_ALERTS; without it none is sent.")
@common(ACCOUNT, SANDBOX)
def check(given: Options, alert: bool) -> int:
    """Try everything that can be tried without posting: settings, templates, database, ledger, credentials."""
    from bot.check import check_all
    from bot.runtime import mistakes

    config, selected = load(given, partial(mistakes, sending=not given.sandbox))
    findings = check_all(config, selected, given.sandbox, alert)
    for finding in findings:
        click.echo(finding.line())
    return max((finding.status for finding in findings), default=OK)


@click.command()
@common(ACCOUNT, FORMAT, SANDBOX)
def status(given: Options) -> int:
    """The ledger at a glance: accounts, next post and why not sooner, queue, what wants your eye, money spent."""
    from bot import as_json
    from bot.accounts import build_turns
    from bot.ledger import alerting, daemons, views
    from bot.standing import standing, troubles
    from bot.terminal import Terminal

    config, selected = _load_for_status(given)
    turns = build_turns(config)
    with _looking(config) as ledger:
        standings = [standing(turns[name], ledger, ledger.now()) for name in selected]
        troubled = views.troubled(ledger, selected, SHOWN)
        wrong = troubles(ledger, [turns[name] for name in selected])
        alerts = [one for one in alerting.in_force(ledger) if one.alert.account in (None, *selected)]
        in_force = daemons.at_work(ledger)
    if given.format == "json":
        click.echo(as_json.dump(as_json.standings(standings, troubled, alerts, in_force)))
    else:
        zones = [turns[name].settings.cadence.timezone for name in selected]
        terminal = Terminal()
        terminal.standings(standings, troubled, zones)
        terminal.alerts(alerts, zones[0])
        terminal.settings(in_force, zones[0])
        if given.sandbox:
            terminal.line("This is the sandbox's ledger: commands on it want --sandbox, too.")
    return TROUBLE if wrong or any(one.refused for one in in_force) else OK


def _load_for_status(given: Options) -> tuple["Config", list[str]]:
    from bot.mistakes import ConfigMistakes, Problem

    try:
        return load(given)
    except ConfigMistakes as mistakes:
        what = "can be shown when that is mended; a daemon at work goes on with the settings it had"
        raise ConfigMistakes([*mistakes.problems, Problem("status", what)]) from None


@click.command()
@common(ACCOUNT, LINES, FORMAT, SANDBOX)
def history(given: Options) -> int:
    """What was posted, latest first, with links."""
    from bot import as_json
    from bot.ledger import views
    from bot.terminal import Terminal

    config, selected = load(given)
    with _looking(config) as ledger:
        entries = views.posted(ledger, selected, SHOWN if given.limit is None else given.limit)
    if given.format == "json":
        click.echo(as_json.dump(as_json.deliveries(entries)))
    else:
        Terminal().posted(entries, config.accounts[selected[0]].cadence.timezone)
    return OK


@click.command("config")
@common(FORMAT)
def show_config(given: Options) -> int:
    """The settings as a start, or a running daemon, takes them from the files, and where each value comes from."""
    from bot import as_json
    from bot.origins import settings
    from bot.terminal import Terminal

    config, _ = load(given)
    found = settings(config)
    if given.format == "json":
        click.echo(as_json.dump(as_json.settings(config.path, found)))
    else:
        Terminal().origins(config.path, found)
    return OK


@click.command()
@click.argument("which", metavar="ID|KEY")
@common(FORMAT, SANDBOX)
def show(given: Options, which: str) -> int:
    """Everything about one delivery, or all of one summary: what was done, and why its post is as it is."""
    from bot import as_json
    from bot.explain import tell
    from bot.terminal import Terminal

    config, selected = load(given)
    told = tell(config, selected, which)
    if given.format == "json":
        click.echo(as_json.dump(as_json.told(told)))
    else:
        Terminal().told(told, {name: account.cadence.timezone for name, account in config.accounts.items()})
    return OK


@click.command()
@click.argument("which", metavar="ID|flood")
@common(SANDBOX)
def retry(given: Options, which: str) -> int:
    """Queue a held or rejected delivery again; `flood`: all that max_new_per_pull holds."""
    from bot.ledger import by_hand

    with _resolving(given) as ledger:
        if which == "flood":
            click.echo(f"{by_hand.retry_flood(ledger)} deliveries are queued.")
        else:
            by_hand.retry(ledger, _number(which))
            click.echo(f"Delivery {which} is queued again.")
    return OK


@click.command()
@click.argument("which", metavar="ID|flood")
@common(SANDBOX)
def skip(given: Options, which: str) -> int:
    """Never post a queued or held delivery; `flood`: all that max_new_per_pull holds."""
    from bot.ledger import by_hand

    with _resolving(given) as ledger:
        if which == "flood":
            click.echo(f"{by_hand.skip_flood(ledger)} deliveries are skipped.")
        else:
            by_hand.skip(ledger, _number(which))
            click.echo(f"Delivery {which} is skipped.")
    return OK


@click.command()
@click.argument("which", metavar="ID")
@click.option("--posted", metavar="URL", help="It is live, at this address.")
@click.option("--not-posted", is_flag=True, help="It is not live: queue it again.")
@common(SANDBOX)
def resolve(given: Options, which: str, posted: str | None, not_posted: bool) -> int:
    """Say what became of a held delivery, after a look at the account."""
    from bot.ledger import by_hand

    if (posted is None) == (not not_posted):
        raise click.UsageError("One of --posted URL and --not-posted is needed.")
    with _resolving(given) as ledger:
        if posted is not None:
            by_hand.resolve_posted(ledger, _number(which), posted)
            click.echo(f"Delivery {which} is recorded as posted.")
        else:
            by_hand.resolve_not_posted(ledger, _number(which))
            click.echo(f"Delivery {which} is queued again.")
    return OK


@click.command()
@click.argument("account")
@common(SANDBOX)
def pause(given: Options, account: str) -> int:
    """Send nothing on ACCOUNT until it is resumed."""
    with _resolving(given, account) as ledger:
        ledger.pause(account, "paused by hand", f"run_bot.py resume {account}")
        click.echo(f"{account} is paused.")
    return OK


@click.command()
@click.argument("account")
@common(SANDBOX)
def resume(given: Options, account: str) -> int:
    """Let a paused ACCOUNT go on."""
    with _resolving(given, account) as ledger:
        was = ledger.resume(account)
        if load(given)[0].accounts[account].paused:
            click.echo(f"{account} is paused in the settings, and stays so until accounts.{account}.paused is false.")
        else:
            click.echo(f"{account} goes on." if was else f"{account} was not paused.")
    return OK


def _number(which: str) -> int:
    from bot.ledger.by_hand import NotPossible

    if not which.isdecimal() or len(which) > 15:
        raise NotPossible(f"{which!r} is no delivery's number; `run_bot.py show KEY` and `status` show them")
    return int(which)


@contextmanager
def _looking(config: "Config") -> Iterator["Ledger"]:
    from bot.addresses import ledger_url
    from bot.clock import utc_now
    from bot.ledger.store import Ledger

    ledger = Ledger.open_to_look(ledger_url(config), utc_now)
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def _resolving(given: Options, account: str | None = None) -> Iterator["Ledger"]:
    from bot.addresses import ledger_url
    from bot.clock import utc_now
    from bot.ledger.store import Ledger
    from bot.mistakes import ConfigMistakes, Problem

    config, _ = load(given)
    if account is not None and account not in config.accounts:
        raise ConfigMistakes([Problem(account, f"no such account; configured: {', '.join(config.accounts)}")])
    ledger = Ledger.open_to_resolve(ledger_url(config), utc_now)
    try:
        if account is not None:
            ledger.register({account: config.accounts[account].platform})
        yield ledger
    finally:
        ledger.close()


# They write no log lines, and loading what formats those takes as long as the whole of `status`.
LOOKING = ("status", "history")
ALL: tuple[Any, ...] = (check, show_config, status, history, show, retry, skip, resolve, pause, resume)
