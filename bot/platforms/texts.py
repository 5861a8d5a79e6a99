"""Texts that cross the border to a platform: comparing posts with what is read back, and quoting answers safely."""

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
# Shorter than any real secret; blanking out a shorter one would tear holes into every sentence.
_SHORTEST_SECRET = 4


def comparable_text(text: str, links: Iterable[str] = ()) -> str:
    """`text` as far as it tells two posts apart: NFC, white space folded, what cannot be seen left out.

    Platforms trim, fold line ends and drop invisible characters. `links` are those in the text, in any spelling.
    """
    for link in filter(None, links):
        text = text.replace(link, comparable_link(link))
    folded = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(character for character in folded if not _invisible(character))


def comparable_link(link: str) -> str:
    """One spelling for all spellings of an address: scheme and host in lower case, percent-encoding undone."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return link
    path = unquote(parts.path) or "/"
    query = f"?{unquote(parts.query)}" if parts.query else ""
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}{path}{query}"


def legible(text: str, secrets: Iterable[str] = (), longest: int = 300) -> str:
    """A platform's own words, fit for a log line: no secrets, nothing invisible, at most `longest` characters.

    Secrets go first: a cut would leave half a token behind that no search finds.
    """
    for secret in secrets:
        for spelling in {secret, quote(secret, safe="")} if len(secret) >= _SHORTEST_SECRET else ():
            text = text.replace(spelling, "[secret]")
    line = "".join(" " if _invisible(character) else character for character in text)
    line = " ".join(line.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs")
