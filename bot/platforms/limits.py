"""What the platforms allow and charge. No platform's library is needed to know it, so previews are quick."""

from bot.config import PricesTable
from bot.formatter.length import LIMIT as X_LENGTH
from bot.formatter.length import weighted_length
from bot.platforms.base import Limits, Post

# Characters of a message: https://www.facebook.com/notes/facebook/status-update-63206-characters (announced 2011-11-30,
# not withdrawn since; 2026-11-20).
FACEBOOK_LENGTH = 63_206

LIMITS = {
    "twitter": Limits(X_LENGTH, weighted_length),
    "facebook": Limits(FACEBOOK_LENGTH, len),
}


def post_cost_usd(platform: str, post: Post, prices: PricesTable) -> float:
    """What publishing `post` costs. Facebook charges nothing."""
    if platform != "twitter":
        return 0.0
    return prices.twitter.post_with_link if post.link in post.text else prices.twitter.post
