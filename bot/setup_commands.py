"""The commands that bring an account to the bot: `connect` makes its secrets, `adopt` reads back what it has posted."""

import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.options import ACCOUNT, MISTAKE, OK, SANDBOX, TROUBLE, Options, common, load
from bot.platforms import PLATFORMS

if TYPE_CHECKING:
    from bot.accounts import Account
    from bot.adopt import Adopted
    from bot.config import Config
    from bot.connect import Connected

# How many posts that belong to no summary are listed.
FOREIGN = 20


@click.command()
@click.argument("platform", type=click.Choice(list(PLATFORMS)))
@click.option("--page", metavar="ID", help="The Facebook Page, where the token is for several.")
@click.option("--print", "print_", is_flag=True, help="Store nothing: print NAME=value lines, for a secret store.")
@common(ACCOUNT, SANDBOX)
def connect(given: Options, platform: str, page: str | None, print_: bool) -> int:
    """Make an account's secrets, check them, and store them in .env, readable to you alone."""
    from bot.addresses import SANDBOX_FOLDER
    from bot.connect import Refused
    from bot.connect import connect as made
    from bot.env_file import NotStored
    from bot.observe.redact import redactor
    from bot.platforms.base import AccountBlocked, NotSent
    from bot.runtime import at_sandbox
    from bot.sandbox import Sandbox

    if page is not None and platform != "facebook":
        raise click.UsageError("--page goes with `connect facebook`.")
    config, _ = load(given)
    name = _account_on(platform, given, config)
    talk = Terminal()
    try:
        if given.sandbox:
            with Sandbox() as sandbox:
                _introduce(platform, name, talk)
                settings = at_sandbox(config, sandbox.url).accounts[name]
                connected = made(name, settings, {}, talk, page)
            file = config.root / SANDBOX_FOLDER / ".env"
        else:
            connected = made(name, config.accounts[name], _known(name, platform), talk, page)
            file = Path(".env")
        return _deliver(connected, name, None if print_ else file, talk, sandbox=given.sandbox)
    except AccountBlocked as blocked:
        wrong = f"{blocked.why} To do: {blocked.remedy}"
    except (NotSent, Refused, NotStored) as error:
        wrong = str(error)
    except click.Abort:
        wrong = "Broken off."
    click.echo(f"{redactor.clean(wrong)}\nNothing was stored.", err=True)
    return TROUBLE


class Terminal:
    """Questions and remarks on stderr, so that stdout holds nothing but results."""

    def say(self, line: str) -> None:
        click.echo(line, err=True)

    def ask(self, question: str, *, hidden: bool = False) -> str:
        """From a terminal without echo if `hidden`, else the next line of stdin. Raises click.Abort at its end."""
        while True:
            if sys.stdin.isatty():
                answer = str(click.prompt(question, hide_input=hidden, err=True)).strip()
            else:
                click.echo(f"{question}: ", err=True)
                line = sys.stdin.readline()
                if not line:
                    raise click.Abort
                answer = line.strip()
            if answer:
                return answer


def _account_on(platform: str, given: Options, config: "Config") -> str:
    """The account that is meant. Raises ConfigMistakes."""
    from bot.mistakes import ConfigMistakes, Problem

    there = [name for name, settings in config.accounts.items() if settings.platform == platform]
    chosen = list(given.accounts) or there
    if not there:
        what = f'there is none with platform = "{platform}"; add one, see docs/configuration.md'
        raise ConfigMistakes([Problem("accounts", what)])
    if len(chosen) != 1:
        raise ConfigMistakes([Problem("--account", f"expected one of: {', '.join(there)}")])
    if chosen[0] not in there:
        what = f'is not on this platform; platform = "{platform}" have: {", ".join(there)}'
        raise ConfigMistakes([Problem(f"accounts.{chosen[0]}", what)])
    return chosen[0]


def _known(name: str, platform: str) -> dict[str, str]:
    from bot.secrets import read_secrets, surroundings

    known, _ = read_secrets(name, platform, surroundings())
    return known


def _introduce(platform: str, name: str, talk: Terminal) -> None:
    """What to type in the sandbox, where there is no console to copy it from."""
    from bot.clock import utc_now
    from bot.sandbox.credentials import APP_ID, secrets_for
    from bot.sandbox.graph_tokens import short_lived

    own = secrets_for(platform, "")
    talk.say("This is the sandbox: nothing here is real, and your own .env stays as it is. What to type:")
    if platform == "twitter":
        talk.say(f"  consumer key     {own['CONSUMER_KEY']}\n  consumer secret  {own['CONSUMER_SECRET']}")
    else:
        token = short_lived(utc_now(), (name, "Another Page"))
        talk.say(f"  app id      {APP_ID}\n  app secret  {own['APP_SECRET']}\n  user token  {token}")


def _deliver(connected: "Connected", name: str, file: Path | None, talk: Terminal, *, sandbox: bool) -> int:
    """Print the secrets, or put them into `file`. Raises NotStored."""
    from bot.env_file import line, store

    if file is None:
        for variable, value in connected.values.items():
            click.echo(line(variable, value))
        if connected.setting:
            talk.say(f"And in the settings, under [accounts.{name}]: {connected.setting}")
        return OK
    for remark in store(file, connected.values):
        click.echo(remark)
    click.echo(f"Stored in {file}: {', '.join(connected.values)}")
    if not sandbox:
        _warn_of_others(connected)
    if connected.setting:
        click.echo(f"Now put this into the settings, under [accounts.{name}]:\n{connected.setting}")
    return OK


def _warn_of_others(connected: "Connected") -> None:
    """What is in the environment beats .env."""
    import os

    others = [other for name in connected.values for other in (name, f"{name}_FILE") if other in os.environ]
    if others:
        click.echo(f"But {', '.join(others)} in the environment counts before .env: take it out, or change it, too.")


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask before reading what costs money.")
@common(ACCOUNT, SANDBOX)
def adopt(given: Options, yes: bool) -> int:
    """Rebuild what was posted, after the ledger was lost, from the accounts' own posts. Posts nothing."""
    from contextlib import ExitStack

    from bot.adopt import Adopted
    from bot.adopt import adopt as fill
    from bot.runtime import gather, gather_at_sandbox, mistakes, open_bot, open_whole_source, sandbox_beside

    config, selected = load(given, partial(mistakes, sending=not given.sandbox))
    found: list[Adopted] = []
    with ExitStack() as stack:
        beside = gather_at_sandbox(config, selected, sandbox_beside(stack)) if given.sandbox else None
        bot = open_bot(beside or gather(config, selected), stack)
        bot.sender.refuse_company()
        source = open_whole_source(bot.config)
        stack.callback(source.close)
        if not _agreed(bot.accounts, selected, bot.config, yes):
            return MISTAKE
        for name in selected:
            found.append(fill(bot.accounts[name], bot.platforms[name], source, bot.sender.ledger))
            _tell_adopted(found[-1])
    return TROUBLE if any(done.problem for done in found) else OK


def _agreed(accounts: "Mapping[str, Account]", selected: list[str], config: "Config", yes: bool) -> bool:
    """Say what reading costs at most, and have it agreed to."""
    from bot.adopt import most_usd

    cost = sum(most_usd(accounts[name].platform, config.prices) for name in selected)
    if not cost:
        return True
    price = f"at most ${cost:.2f}, $0.001 each, and five times that if the account does not own the app"
    click.echo(f"Reading back all own posts costs on X {price}.", err=True)
    if yes:
        return True
    if sys.stdin.isatty():
        return click.confirm("Read them?", err=True)
    click.echo("Say --yes to read them; nothing was read.", err=True)
    return False


def _tell_adopted(done: "Adopted") -> None:
    name = done.account
    cost = f" for ${done.cost_usd:.2f}" if done.cost_usd else ""
    click.echo(f"{name}: {done.read} own posts read back{cost}; the ledger knew {done.known} of them")
    click.echo(f"{name}: {done.filled} summaries count as posted from now on")
    for keys in done.ambiguous:
        click.echo(
            f"{name}: {len(keys)} summaries share a link, and it cannot be told which of them was posted: all count as "
            f"posted ({', '.join(keys)})"
        )
    for number, url in done.decided:
        click.echo(
            f"{name}: delivery {number} is left as it is, though {url} has its link; see run_bot.py show {number}"
        )
    if done.foreign:
        click.echo(f"{name}: {len(done.foreign)} posts hold no link of a public summary:")
    for own in done.foreign[:FOREIGN]:
        click.echo(f"  {own.created:%Y-%m-%d}  {own.receipt.url}")
    if len(done.foreign) > FOREIGN:
        click.echo(f"  … and {len(done.foreign) - FOREIGN} more")
    if done.at_the_limit:
        click.echo(f"{name}: X shows the latest {done.read:,} posts only; of older ones nothing is known", err=True)
    if done.problem:
        click.echo(
            f"{name}: not all posts could be read: {done.problem} Run this command again before the bot.", err=True
        )


ALL: tuple[Any, ...] = (connect, adopt)
