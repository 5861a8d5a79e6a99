"""`connect`: from the platforms' consoles to an account's secrets, one question at a time.

Nothing is stored before everything has been checked, and then all of it at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.clock import utc_now
from bot.config import variable
from bot.observe.redact import redactor
from bot.platforms.facebook_login import PageGrant, PageLogin
from bot.platforms.twitter import Twitter
from bot.platforms.twitter_login import PinLogin
from bot.settings import Account, FacebookAccount

X_HELP, FACEBOOK_HELP = "docs/connect-x.md", "docs/connect-facebook.md"


class Talk(Protocol):
    """The person at the terminal."""

    def say(self, line: str) -> None: ...

    def ask(self, question: str, *, hidden: bool = False) -> str:
        """The answer, never empty; not shown while it is typed if `hidden`."""


@dataclass(frozen=True, slots=True)
class Connected:
    """What is to be stored, by variable, and which line of the settings goes with it, if any."""

    values: Mapping[str, str]
    setting: str = ""


class Refused(Exception):
    """The connection cannot be made: why, and what to do. Nothing was stored."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(f"{why} To do: {remedy}")


def connect(name: str, settings: Account, known: Mapping[str, str], talk: Talk, page: str | None) -> Connected:
    """Connect one account. known: its secrets as far as they are set, by their last parts. page: the id of the Page.

    Raises `Refused`, or `NotSent` or `AccountBlocked` with what the platform said.
    """
    if isinstance(settings, FacebookAccount):
        return _facebook(name, settings, known, talk, page)
    return _twitter(name, settings, known, talk)


def _twitter(name: str, settings: Account, known: Mapping[str, str], talk: Talk) -> Connected:
    key = _secret(name, "CONSUMER_KEY", "Consumer key (API key) of your app", known, talk, X_HELP)
    secret = _secret(name, "CONSUMER_SECRET", "Consumer secret (API key secret)", known, talk, X_HELP)
    login = PinLogin(settings.api_url, settings.timeout, key, secret)
    try:
        address = login.address()
        talk.say("Open this address, log in as the account that is to post, authorize the app, and come back:")
        talk.say(f"  {address}")
        granted = login.redeem(_pin(talk))
    finally:
        login.close()
    redactor.add((granted.token, granted.token_secret))
    secrets = {"CONSUMER_KEY": key, "CONSUMER_SECRET": secret}
    secrets |= {"ACCESS_TOKEN": granted.token, "ACCESS_TOKEN_SECRET": granted.token_secret}
    _check_twitter(settings, secrets, talk)
    return Connected({variable(name, part): value for part, value in secrets.items()})


def _check_twitter(settings: Account, secrets: Mapping[str, str], talk: Talk) -> None:
    """Who the tokens belong to, and whether they may write. Costs one read on X."""
    platform = Twitter(settings.api_url, settings.timeout, secrets, utc_now)
    try:
        identity = platform.verify()
    finally:
        platform.close()
    level = "it may post" if identity.may_post else "X does not say whether it may post: see that the app has it"
    talk.say(f"Connected to {identity.name}; {level}. (That question cost ${identity.cost_usd:.3f} on X.)")


def _pin(talk: Talk) -> str:
    while True:
        pin = talk.ask("PIN").replace(" ", "")
        if pin.isascii() and pin.isdecimal():
            return pin
        talk.say("A PIN is digits only; it stands on the page that comes after `Authorize app`.")


def _facebook(
    name: str, settings: FacebookAccount, known: Mapping[str, str], talk: Talk, page_id: str | None
) -> Connected:
    talk.say(f"Where to find what is asked for now: {FACEBOOK_HELP}")
    app_id = talk.ask("App id")
    secret = _secret(name, "APP_SECRET", "App secret", known, talk, FACEBOOK_HELP)
    token = talk.ask("User token from the Graph API Explorer", hidden=True)
    redactor.add((token,))
    login = PageLogin(settings.api_url, settings.timeout, app_id, secret, utc_now)
    longer = login.exchange(token)
    redactor.add((longer,))
    grants = login.pages(longer)
    redactor.add(grant.token for grant in grants)
    page = _chosen(grants, page_id, talk)
    ends = login.inspect(page)
    talk.say(f"Connected to {page.name} (Page {page.id}): it may post and read its posts, and its token has no end.")
    if ends is not None:
        talk.say(
            f"Its access to data ends on {ends:%Y-%m-%d}, 90 days after you last logged in to the app; `check` reminds "
            "you. A changed password ends the token at once."
        )
    talk.say("Facebook does not tell whether the app is in development mode, where only its own team sees the posts:")
    talk.say("  see that it is Live at https://developers.facebook.com/apps")
    values = {variable(name, "ACCESS_TOKEN"): page.token, variable(name, "APP_SECRET"): secret}
    return Connected(values, f'page_id = "{page.id}"')


def _chosen(grants: Sequence[PageGrant], page_id: str | None, talk: Talk) -> PageGrant:
    by_id = {grant.id: grant for grant in grants}
    listed = ", ".join(f"{grant.name} ({grant.id})" for grant in grants)
    if page_id is not None:
        if page_id not in by_id:
            raise Refused(f"The token is not for Page {page_id}, but for: {listed}.", "Give one of these to --page.")
        return by_id[page_id]
    if len(grants) == 1:
        return grants[0]
    for number, grant in enumerate(grants, 1):
        talk.say(f"  {number}. {grant.name} ({grant.id})")
    while True:
        answer = talk.ask(f"Which Page (1-{len(grants)})")
        if answer in by_id:
            return by_id[answer]
        if answer.isascii() and answer.isdecimal() and 1 <= int(answer[:9]) <= len(grants):
            return grants[int(answer) - 1]
        talk.say("Its number in the list, or its id.")


def _secret(name: str, part: str, question: str, known: Mapping[str, str], talk: Talk, where: str) -> str:
    """A secret that is set already, or else asked for."""
    value = known.get(part, "")
    if value:
        talk.say(f"{variable(name, part)} is set already and is used; take it out to be asked for another.")
    else:
        value = talk.ask(f"{question}; see {where}", hidden=True)
    redactor.add((value,))
    if not value.isascii() or any(character.isspace() for character in value):
        raise Refused(f"The {part.replace('_', ' ').lower()} holds a space or a strange character.", "Copy it anew.")
    return value
