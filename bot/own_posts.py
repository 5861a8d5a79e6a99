"""An account's own posts, read back from its platform, and the summaries that they are posts of.

A post and a summary belong together by link: an older text was written by another template or by hand, so the text says
little. Used before the first start (the latest posts) and by `adopt` (all of them).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from bot.platforms.base import OwnPost
from bot.platforms.texts import comparable_link

# Of a receipt whose link nobody knows.
ANY_LINK = "*"


class OwnPosts:
    """Posts by link, oldest first.

    known: the posts that are deliveries' receipts, each with the links that it was recorded for. Such a post is not
    found for these links again, and is no second delivery's receipt.
    """

    def __init__(self, posts: Iterable[OwnPost], known: Mapping[str, Collection[str]]) -> None:
        self._claimed = set(known)
        self._by_link: dict[str, list[OwnPost]] = {}
        for own in sorted(posts, key=lambda own: own.created):
            recorded = {comparable_link(link) for link in known.get(own.receipt.post_id, ())}
            for link in dict.fromkeys(map(comparable_link, own.links)):
                if link not in recorded and comparable_link(ANY_LINK) not in recorded:
                    self._by_link.setdefault(link, []).append(own)

    def of(self, link: str) -> list[OwnPost]:
        """The posts that hold this link and are still nobody's."""
        return self._by_link.get(comparable_link(link), [])

    def take(self, link: str, which: OwnPost | None = None) -> OwnPost | None:
        """The oldest of them, or `which`; from now on it is somebody's.

        Of summaries that share a link, as two anonymous ones of a paper do, one post stands for one. Of summaries whose
        links share a post, the first has it for its receipt; the others are posted all the same, without an id.
        """
        same = self.of(link)
        if not same:
            return None
        own = which or same[0]
        same.remove(own)
        unclaimed = own.receipt.post_id not in self._claimed
        self._claimed.add(own.receipt.post_id)
        return own if unclaimed else without_id(own)


def without_id(own: OwnPost) -> OwnPost:
    """The same post for a delivery that it is not the receipt of."""
    return replace(own, receipt=replace(own.receipt, post_id=""))
