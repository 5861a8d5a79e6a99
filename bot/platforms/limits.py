"""What the platforms allow and charge. No platform's library is needed to know it, so previews are quick."""

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

# US dollars, pay-per-use since 2026-04-20: https://docs.x.com/x-api/getting-started/pricing (2026-11-20).
X_POST_WITH_LINK_USD = 0.200
X_POST_USD = 0.015
# An "owned read": the account owns the app, too. Five times as much otherwise.
X_OWN_POST_READ_USD = 0.001
X_USER_READ_USD = 0.010


def post_cost_usd(platform: str, post: Post) -> float:
    """What publishing `post` costs. Facebook charges nothing."""
    if platform != "twitter":
        return 0.0
    return X_POST_WITH_LINK_USD if post.link in post.text else X_POST_USD
