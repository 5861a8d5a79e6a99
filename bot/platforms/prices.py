"""What publishing a post costs, by the price list of the settings."""

from bot.platforms.base import Post
from bot.settings import PricesTable


def post_cost_usd(platform: str, post: Post, prices: PricesTable) -> float:
    """US dollars for publishing `post`. Facebook charges nothing."""
    if platform != "twitter":
        return 0.0
    return prices.twitter.post_with_link if post.link in post.text else prices.twitter.post
