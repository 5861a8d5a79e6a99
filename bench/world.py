"""What the bot works on here: a site with any number of summaries, settings, a sandbox in a process of its own."""

import gc
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.measure import ROOT, environment, python
from bot.clock import utc_now
from bot.config import load_config
from bot.observe.log import set_up_logging
from bot.pull import Pulled, pull
from bot.resources import packaged
from bot.runtime import Bot, gather, open_bot, open_configured_source
from bot.sandbox.credentials import page_id_for
from bot.source.base import Reference, Summary
from tests.bot_process import sandbox_environment
from tests.site import PAPERS, USERS, VIGNETTES, VOTES, Site

BATCH = 10_000


def sample() -> list[Summary]:
    """The summaries of the embedded sample database, with texts as people write them."""
    source = open_configured_source(load_config(packaged("config/bot.toml")))
    listings = [listing for page in source.listings(None) for listing in page]
    found = [source.reread(Reference(listing.key, listing.locator)) for listing in listings]
    source.close()
    return [summary for summary in found if summary is not None]


def fill(site: Site, count: int) -> None:
    """`count` public summaries with the sample's texts, each of a paper of its own."""
    texts = [summary.text for summary in sample()]
    now = utc_now().replace(tzinfo=None)
    numbers = range(count)
    site._insert(USERS, [{"userid": 1, "username": "author", "email": "a@example.org", "displayname": ""}])
    paper = {"authors": "Grace Hopper and Ada Lovelace", "tags": "cs.LG, cs.CV", "year": 2020, "venue": "NeurIPS"}
    site._insert(PAPERS, [{"bibtexKey": paper_key(n), "title": f"A method of number {n}.", **paper} for n in numbers])
    times = {"added": now, "edited": now}
    summary = {"userid": 1, "priv": False, "anon": False, **times}
    site._insert(VIGNETTES, [{"paperid": paper_key(n), "text": texts[n % len(texts)], **summary} for n in numbers])
    vote = {"userid": 1, "voteruserid": 1, "vote": 1, **times}
    site._insert(VOTES, [{"paperid": paper_key(n), **vote} for n in numbers])


def paper_key(number: int) -> str:
    """As the site has them."""
    return f"journals/corr/{number:08d}"


def new_site(folder: Path, count: int) -> str:
    """A site on SQLite; returns its address."""
    site = Site(f"sqlite:///{folder / 'site.db'}")
    fill(site, count)
    site.engine.dispose()
    return site.url


def settings(
    folder: Path,
    site: str,
    ledger: str,
    api: str,
    accounts: Sequence[str] = ("twitter",),
    *,
    source: str = 'backlog = "all"',
    cadence: str = 'every = "0s"',
    name: str = "bot.toml",
) -> Path:
    """A file of settings with one account on X for each name; one named facebook is on Facebook."""
    tables = [f'[source]\nurl = "{site}"\n{source}\n[ledger]\nurl = "{ledger}"\n']
    for account in accounts:
        platform = platform_of(account)
        page = f'page_id = "{page_id_for(account)}"\n' if platform == "facebook" else ""
        tables.append(f'[accounts.{account}]\nplatform = "{platform}"\napi_url = "{api}"\n{page}')
        tables.append(f"[accounts.{account}.cadence]\n{cadence}\n")
    file = folder / name
    file.write_text("".join(tables), encoding="utf-8")
    return file


def platform_of(account: str) -> str:
    """`facebook` is on Facebook, all others on X."""
    return "facebook" if account == "facebook" else "twitter"


def secrets(accounts: Sequence[str]) -> dict[str, str]:
    """The variables with the secrets that the sandbox accepts."""
    return sandbox_environment({account: platform_of(account) for account in accounts})


@contextmanager
def bot(file: str, level: str = "error") -> Iterator[Bot]:
    """The whole bot of a file of settings, as `run_bot.py` opens it; what it says goes to stderr from `level` on."""
    set_up_logging(level)
    # As `run_bot.py` does.
    gc.set_threshold(100_000)
    config = load_config(Path(file))
    with ExitStack() as stack:
        yield open_bot(gather(config, list(config.accounts)), stack)


def pull_once(bot: Bot) -> Pulled:
    """One pull, as the daemon does it."""
    return pull(bot.source, bot.sender.ledger, bot.accounts, bot.platforms, bot.config.source)


@contextmanager
def sandbox() -> Iterator[str]:
    """The address of a sandbox in a process of its own, without rate limits."""
    command = python("-u", "-m", "bot.sandbox", "--port", "0", "--no-limits")
    process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        address = re.search(r"http://\S+", said)
        if address is None:
            raise RuntimeError(f"the sandbox does not start: {said}")
        yield address[0]
    finally:
        process.terminate()
        process.communicate()
