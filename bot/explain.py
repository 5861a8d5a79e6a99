"""`show`: what the ledger tells of a summary, and why its posts are as they are. Writes nothing.

The posts are composed anew from the summary as it is now, so they may differ from what was sent, which stands in the
story. A key that the ledger does not know yet is looked for among what the source lists.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.addresses import ledger_url
from bot.clock import utc_now
from bot.config import Config
from bot.formatter.compose import CannotCompose, Composed, TemplateMistake
from bot.ledger import views
from bot.ledger.by_hand import NotPossible
from bot.ledger.engine import LedgerMissing
from bot.ledger.store import Ledger
from bot.ledger.views import Story
from bot.mistakes import ConfigMistakes
from bot.runtime import build_accounts, open_configured_source
from bot.source.base import Reference, Source, SourceError, Summary

_KEY_LENGTH = 16
_KEY = re.compile(rf"[0-9a-f]{{{_KEY_LENGTH}}}")


@dataclass(frozen=True, slots=True)
class Explained:
    """The post that an account would make now; None with the reason in `problem`."""

    account: str
    composed: Composed | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """All there is to tell of one summary. title: as the source has it now; None where it has none.

    note: why there are no posts, or empty
    """

    key: str
    title: str | None
    stories: tuple[Story, ...]
    posts: tuple[Explained, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Recorded:
    """What the ledger knows. accounts: whose posts are asked about, None for all that are selected."""

    key: str
    reference: Reference | None = None
    stories: tuple[Story, ...] = ()
    accounts: tuple[str, ...] | None = None


def tell(config: Config, selected: Sequence[str], which: str) -> Told:
    """Tell of a delivery (its number) or a summary (its key). Raises NotPossible, LedgerError, and SourceError where
    only the source could have told."""
    recorded = _recorded(config, which.lower())
    names = [name for name in recorded.accounts or selected if name in config.accounts]
    try:
        summary = _read(config, recorded)
    except SourceError as error:
        if not recorded.stories:
            raise
        return Told(recorded.key, None, recorded.stories, (), f"the post cannot be explained: {error}")
    if summary is not None:
        note = "" if names else "no post to explain: the account is not configured any more"
        return Told(recorded.key, summary.title, recorded.stories, _composed(config, names, summary), note)
    if not recorded.stories:
        raise _unknown(which)
    return Told(recorded.key, None, recorded.stories, (), "no post to explain: the summary is private or gone by now")


def _recorded(config: Config, which: str) -> _Recorded:
    is_key = _KEY.fullmatch(which) is not None
    number = int(which) if which.isdecimal() and len(which) < _KEY_LENGTH else None
    try:
        ledger = Ledger.open_to_look(ledger_url(config), utc_now)
    except LedgerMissing:
        if is_key:
            return _Recorded(which)
        raise
    try:
        found = _by_number(ledger, number) if number is not None else _by_key(ledger, which)
    finally:
        ledger.close()
    if not found.stories and not is_key:
        raise _unknown(which)
    return found


def _by_key(ledger: Ledger, key: str) -> _Recorded:
    return _Recorded(
        key, views.reference(ledger, key), tuple(views.story(ledger, one) for one in views.by_summary(ledger, key))
    )


def _by_number(ledger: Ledger, number: int) -> _Recorded:
    entry = views.by_id(ledger, number)
    if entry is None:
        return _Recorded("")
    return _Recorded(
        entry.summary, views.reference(ledger, entry.summary), (views.story(ledger, entry),), (entry.account,)
    )


def _read(config: Config, recorded: _Recorded) -> Summary | None:
    source = open_configured_source(config)
    try:
        reference = recorded.reference or _listed(source, recorded.key)
        return source.reread(reference) if reference else None
    finally:
        source.close()


def _listed(source: Source, key: str) -> Reference | None:
    found = (listing for page in source.listings(None) for listing in page if listing.key == key)
    return next((Reference(listing.key, listing.locator) for listing in found), None)


def _composed(config: Config, names: Sequence[str], summary: Summary) -> tuple[Explained, ...]:
    try:
        accounts = build_accounts(config)
    except ConfigMistakes as mistakes:
        return tuple(Explained(name, None, f"cannot be composed: {mistakes}") for name in names)
    explained = []
    for name in names:
        try:
            explained.append(Explained(name, accounts[name].composer.compose(summary)))
        except (CannotCompose, TemplateMistake) as error:
            explained.append(Explained(name, None, f"cannot be composed: {error}"))
    return tuple(explained)


def _unknown(which: str) -> NotPossible:
    expected = f"there is no delivery {which}: expected its number, or a summary's key of 16 hex digits"
    return NotPossible(f"{expected}, recorded or public in the source")
