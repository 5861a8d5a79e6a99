"""`adopt`: rebuild what was posted from the accounts' own posts, so that a lost ledger or an old copy repeats nothing.

Every public summary whose link is on the account counts as posted, as before a first start; only that all posts are
read, and what the ledger has already is filled in: what waits becomes posted, nothing else is touched.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.accounts import Account
from bot.formatter.compose import CannotCompose
from bot.ledger import intake
from bot.ledger.intake import Found
from bot.ledger.models import Lane, micro
from bot.ledger.store import Ledger
from bot.observe.log import log
from bot.own_posts import OwnPosts, without_id
from bot.platforms.base import OwnPost, Platform, Post
from bot.platforms.texts import comparable_link
from bot.settings import PricesTable
from bot.source.base import Listing, Reference, Source

# X gives out no more: https://docs.x.com/x-api/users/get-posts (2026-11-21).
X_REACH = 3_200


@dataclass(slots=True)
class Adopted:
    """What was found on one account.

    read       own posts
    filled     summaries that count as posted from now on
    known      posts that the ledger had
    ambiguous  groups of keys that share a link where the texts could not tell which was posted: all count as posted
    decided    deliveries that a person decides though the account has a post with their link, with its address
    foreign    posts whose links are no public summary's
    problem    why not everything was read; empty if it was
    """

    account: str
    read: int = 0
    cost_usd: float = 0.0
    filled: int = 0
    known: int = 0
    ambiguous: list[list[str]] = field(default_factory=list)
    decided: list[tuple[int, str]] = field(default_factory=list)
    foreign: list[OwnPost] = field(default_factory=list)
    problem: str = ""
    at_the_limit: bool = False


def most_usd(platform: str, prices: PricesTable) -> float:
    """What reading an account back costs at most."""
    return prices.twitter.user_read + X_REACH * prices.twitter.own_post_read if platform == "twitter" else 0.0


def adopt(account: Account, platform: Platform, source: Source, ledger: Ledger) -> Adopted:
    """Read one account back and fill the ledger. Raises SourceError or LedgerError; what was filled by then stays.

    What could be read counts also where the read broke off: it is on the account.
    """
    timeline = platform.timeline()
    ledger.charge(account.name, account.month(ledger.now()), timeline.cost_usd)
    done = Adopted(account.name, len(timeline.posts), timeline.cost_usd)
    done.problem = "" if timeline.complete else timeline.problem
    done.at_the_limit = account.platform == "twitter" and len(timeline.posts) >= X_REACH
    known = intake.receipts(ledger, account.name)
    done.known = sum(own.receipt.post_id in known for own in timeline.posts)
    own_posts = OwnPosts(timeline.posts, known)
    shared, summaries_links = _by_link(source, timeline.posts)
    for listings in shared.values():
        _adopt_link(account, platform, source, ledger, own_posts, listings, done)
    done.foreign = [
        own
        for own in timeline.posts
        if own.receipt.post_id not in known and summaries_links.isdisjoint(map(comparable_link, own.links))
    ]
    return done


def _by_link(source: Source, posts: Iterable[OwnPost]) -> tuple[dict[str, list[Listing]], set[str]]:
    """The public summaries whose link one of the posts holds, and those links. The rest is not kept."""
    on_account = {comparable_link(link) for own in posts for link in own.links}
    found: dict[str, list[Listing]] = {}
    for page in source.listings(None):
        for listing in page:
            if (link := comparable_link(listing.link)) in on_account:
                found.setdefault(link, []).append(listing)
    return found, set(found)


def _adopt_link(
    account: Account,
    platform: Platform,
    source: Source,
    ledger: Ledger,
    own_posts: OwnPosts,
    listings: Sequence[Listing],
    done: Adopted,
) -> None:
    """All summaries with one link: nearly always one."""
    link = listings[0].link
    posts = list(own_posts.of(link))
    if not posts:
        return
    gaps, undecided = intake.gaps(ledger, account.name, listings)
    done.decided += [(number, posts[0].receipt.url) for number in undecided]
    pairs: list[tuple[Listing, OwnPost]] = []
    if len(gaps) > len(posts) and not undecided:
        pairs = _told_apart(account, platform, source, own_posts, gaps)
    told = {listing.key for listing, _ in pairs}
    # A post that may be an undecided delivery's is left for it: its receipt is nobody's yet.
    rest = [] if undecided else list(own_posts.of(link))
    # Texts that have told every post's summary prove that the others were not posted.
    left = [listing for listing in gaps if listing.key not in told] if rest or undecided else []
    if len(left) > len(rest):
        done.ambiguous.append([listing.key for listing in left])
    for listing in left:
        own = own_posts.take(link) if rest else None
        pairs.append((listing, own or without_id(posts[0])))
    month = account.month(ledger.now())
    for listing, own in pairs:
        cost = micro(account.cost_usd) if own.receipt.post_id and account.month(own.created) == month else 0
        done.filled += intake.fill(ledger, Found(listing, account.name, Lane.ARCHIVE, own), month, cost)


def _told_apart(
    account: Account, platform: Platform, source: Source, own_posts: OwnPosts, gaps: Sequence[Listing]
) -> list[tuple[Listing, OwnPost]]:
    """Of more summaries than posts with one link, those whose post can be told by its text."""
    pairs: list[tuple[Listing, OwnPost]] = []
    left = list(gaps)
    for own in list(own_posts.of(gaps[0].link)):
        told = [listing for listing in left if _is_post_of(account, platform, source, listing, own)]
        if len(told) == 1 and (taken := own_posts.take(told[0].link, own)):
            pairs.append((told[0], taken))
            left.remove(told[0])
    return pairs


def _is_post_of(account: Account, platform: Platform, source: Source, listing: Listing, own: OwnPost) -> bool:
    """Whether today's text and template would make this very post."""
    summary = source.reread(Reference(listing.key, listing.locator))
    if summary is None:
        return False
    try:
        post = account.composer.compose(summary).post
    except CannotCompose:
        return False
    except Exception:
        log.exception("a summary breaks the formatter", account=account.name, summary=listing.key)
        return False
    return platform.matches(Post(post.text, post.link), own)
