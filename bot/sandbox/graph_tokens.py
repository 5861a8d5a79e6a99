"""Facebook tokens of the sandbox, which say themselves what they are: whose, with which permissions, until when.

The Page token of `credentials.secrets_for` is one of them: with every permission, and without an end.
"""

import hmac
import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.sandbox.credentials import account_of, seal, secrets_for

SCOPES = ("pages_show_list", "pages_read_engagement", "pages_manage_posts", "public_profile")
# A token from the Graph API Explorer lives for an hour or two, an exchanged one for about 60 days:
# https://developers.facebook.com/docs/facebook-login/guides/access-tokens (2026-11-21)
SHORT_LIVED, LONG_LIVED = timedelta(hours=1), timedelta(days=60)

_TOKEN = re.compile(r"EAAtoken((?:[0-9a-f]{2})+)Z([0-9a-f]{20})")


@dataclass(frozen=True, slots=True)
class GraphToken:
    """A token opened up. pages: of a user token the Pages' account names, of a Page token its one. expires: Unix
    seconds, 0 for never."""

    kind: Literal["USER", "PAGE"]
    pages: tuple[str, ...]
    scopes: tuple[str, ...] = SCOPES
    expires: int = 0

    def __str__(self) -> str:
        """The token itself."""
        if self.kind == "PAGE" and (self.scopes, self.expires) == (SCOPES, 0):
            return secrets_for("facebook", self.pages[0])["ACCESS_TOKEN"]
        content = json.dumps(asdict(self)).encode().hex()
        return f"EAAtoken{content}Z{seal(content)}"

    def expired(self, now: datetime) -> bool:
        return 0 < self.expires <= now.timestamp()


def short_lived(now: datetime, pages: tuple[str, ...] = ("facebook",), scopes: tuple[str, ...] = SCOPES) -> GraphToken:
    """The user token that the Graph API Explorer hands to someone with a role on these Pages."""
    return GraphToken("USER", pages, scopes, int((now + SHORT_LIVED).timestamp()))


def opened(token: str) -> GraphToken | None:
    """What the token says; None if it is none of ours."""
    account = account_of("facebook", token)
    if account is not None:
        return GraphToken("PAGE", (account,))
    match = _TOKEN.fullmatch(token)
    if match is None or not hmac.compare_digest(match[2], seal(match[1])):
        return None
    content = json.loads(bytes.fromhex(match[1]))
    return GraphToken(content["kind"], tuple(content["pages"]), tuple(content["scopes"]), content["expires"])


def page_of(token: str) -> str | None:
    """The account whose Page token this is; None for every other token."""
    known = opened(token)
    return known.pages[0] if known is not None and known.kind == "PAGE" else None
