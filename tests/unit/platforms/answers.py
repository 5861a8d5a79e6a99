"""Answers as they come in, without a server."""

import json
from typing import Any

from requests.structures import CaseInsensitiveDict

from bot.platforms.http import Exchange


def answered(status: int, body: Any, headers: dict[str, str] | None = None) -> Exchange:
    """A whole answer; a body that is no string is JSON."""
    raw = body if isinstance(body, str) else json.dumps(body)
    return Exchange(True, status, "Reason", CaseInsensitiveDict(headers or {}), raw.encode())
