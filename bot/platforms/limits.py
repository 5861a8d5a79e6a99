"""What the platforms allow. No platform's library is needed to know it, so previews are quick."""

from bot.formatter.length import LIMIT as X_LENGTH
from bot.formatter.length import weighted_length
from bot.platforms.base import Limits

# Characters of a message: https://www.facebook.com/notes/facebook/status-update-63206-characters (announced 2011-11-30,
# not withdrawn since; 2026-11-20).
FACEBOOK_LENGTH = 63_206

LIMITS = {
    "twitter": Limits(X_LENGTH, weighted_length),
    "facebook": Limits(FACEBOOK_LENGTH, len),
}
