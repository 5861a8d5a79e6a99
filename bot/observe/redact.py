"""Secrets are taken out of every line before it is written, wherever they came from."""

import json
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

MASK = "[secret]"
# Shorter strings stand in ordinary words; a secret that short protects nothing.
_SHORTEST = 4


class Redactor:
    """Knows the secrets of this process, and masks them in text: plain, percent-encoded, or escaped as JSON does."""

    def __init__(self) -> None:
        self._forms: set[str] = set()

    def add(self, secrets: Iterable[str]) -> None:
        """Mask these from now on."""
        for secret in secrets:
            if len(secret) >= _SHORTEST:
                self._forms |= {secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}

    def clean(self, text: str) -> str:
        """`text` without any of them; the longest first, since one may contain another."""
        for form in sorted(self._forms, key=len, reverse=True):
            text = text.replace(form, MASK)
        return text


# One for the process: a secret that any part has read must be masked in every part's lines.
redactor = Redactor()
