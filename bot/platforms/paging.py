"""Reading an account's own posts back, page by page, until far enough or until something is odd."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.platforms.base import OwnPost, Timeline

# Some hundred posts: far beyond any attempt that is still undecided.
MAX_PAGES = 10
# Of an account read back whole, only so that it ends: on Facebook 100,000 posts; X gives out 3,200.
MAX_PAGES_OF_ALL = 2_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page of own posts, newest first. next: where the next page begins, None after the last one."""

    posts: tuple[OwnPost, ...]
    next: str | None
    cost_usd: float = 0.0


class ReadFailed(Exception):
    """A page did not come, or is not what it should be. The message is for the operator and holds no secret."""


def read_back(fetch: Callable[[str | None], Page], since: datetime | None, newest: int | None) -> Timeline:
    """The posts back to `since`, or the `newest` ones, or without either all of them.

    `fetch` gets where to begin, and raises `ReadFailed`. Far enough is only what is proved: the last post
    of a page is older than `since`, or there is no next page.
    """
    posts: list[OwnPost] = []
    cost_usd, begin = 0.0, None
    most = MAX_PAGES_OF_ALL if since is None and newest is None else MAX_PAGES
    for _ in range(most):
        try:
            page = fetch(begin)
        except ReadFailed as failure:
            return Timeline(tuple(posts), False, cost_usd, str(failure))
        posts += page.posts
        cost_usd, begin = cost_usd + page.cost_usd, page.next
        if begin is None or _far_enough(posts, since, newest):
            return Timeline(tuple(posts[:newest]), True, cost_usd)
    return Timeline(tuple(posts[:newest]), False, cost_usd, f"{most} pages of own posts do not reach back far enough")


def _far_enough(posts: list[OwnPost], since: datetime | None, newest: int | None) -> bool:
    if newest is not None and len(posts) >= newest:
        return True
    return since is not None and bool(posts) and posts[-1].created < since
