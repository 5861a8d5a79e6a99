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
        # The longest first, since one may contain another.
        self._forms: list[str] = []

    def add(self, secrets: Iterable[str]) -> None:
        """Mask these from now on."""
        forms = set(self._forms)
        for secret in secrets:
            if len(secret) >= _SHORTEST:
                forms |= {secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}
        self._forms = sorted(forms, key=len, reverse=True)

    def clean(self, text: str) -> str:
        """`text` without any of them."""
        for form in self._forms:
            if form in text:
                text = text.replace(form, MASK)
        return text


# One for the process: a secret that any part has read must be masked in every part's lines.
redactor = Redactor()
