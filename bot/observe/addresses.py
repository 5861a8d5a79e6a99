"""Where alerts go: the addresses in BOT_ALERTS, and one message to one of them through Apprise.

An address is a secret: it holds tokens or passwords. It stands in the environment, in `.env`, or in a file; it is known
by its number and its kind ("address 2, slack"), and every part of it that may be secret goes to the redactor.
Apprise is imported when a message is sent or an address is judged: it brings a hundred and thirty services along.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from bot.mistakes import Problem
from bot.observe.redact import redactor
from bot.secrets import read_value

VARIABLE = "BOT_ALERTS"
# A whole message, retries of Apprise's own included. Connecting and each read have 4 s (Apprise 2.2, 2026-11-21).
SEND_TIMEOUT_S = 20
# Commas also stand inside addresses; the next one begins with its scheme.
_BETWEEN = re.compile(r"[\s,]+(?=[A-Za-z][A-Za-z0-9+.-]*://)")
# Shorter parts of an address are words such as `to` or `general`, which would be masked wherever they stand.
_SECRET_FROM = 8


@dataclass(frozen=True, slots=True)
class Address:
    """One of BOT_ALERTS: its number from 1, and what it is."""

    number: int
    url: str = field(repr=False)

    def __str__(self) -> str:
        return f"address {self.number} of {VARIABLE} ({self.url.split(':', 1)[0]})"


def read_addresses(environment: Mapping[str, str]) -> tuple[list[Address], list[Problem]]:
    """The addresses, and what is wrong with them. Every part that may be secret is masked from now on."""
    try:
        value = read_value(VARIABLE, environment)
    except OSError as error:
        return [], [Problem(f"{VARIABLE}_FILE", f"the file it names cannot be read: {error.strerror}")]
    urls = [url for url in _BETWEEN.split(value) if url]
    for url in urls:
        redactor.add(_secrets_of(url))
    addresses = [Address(number, url.rstrip(",")) for number, url in enumerate(urls, 1)]
    return addresses, [problem for address in addresses if (problem := _judge(address))]


def _secrets_of(url: str) -> list[str]:
    """The address, what follows its scheme, and each part that may be a token or a password."""
    parts = urlsplit(url)
    place, _, host = parts.netloc.rpartition("@")
    password = place.partition(":")[2]
    # Where a host would be, many services have tokens: what has no dot is none.
    bare = [part for part in host.split(":") if "." not in part]
    long = [place.partition(":")[0], *bare, *parts.path.split("/"), *(value for _, value in parse_qsl(parts.query))]
    found = [password, *(part for part in long if len(part) >= _SECRET_FROM and part != "localhost")]
    return [url, url.split("://", 1)[-1], *found, *map(unquote, found)]


def _judge(address: Address) -> Problem | None:
    if _service(address) is not None:
        return None
    expected = "expected an address as https://appriseit.com/services/ has them, such as mailto://… or slack://…"
    return Problem(VARIABLE, f"number {address.number} is no address that Apprise knows; {expected}")


def _service(address: Address) -> Any:
    import logging

    import apprise

    # Its lines repeat addresses; what matters of them is in what `send` returns.
    logging.getLogger("apprise").propagate = False
    logging.getLogger("apprise").addHandler(logging.NullHandler())
    asset = apprise.AppriseAsset(
        app_id="shortscience-bot",
        app_desc="shortscience-bot",
        app_url="",
        async_mode=False,
        storage_mode="memory",
        service_timeout=SEND_TIMEOUT_S,
    )
    service = apprise.Apprise(asset=asset)
    return service if service.add(address.url) else None


def send(address: Address, title: str, body: str, *, good: bool) -> str:
    """Send one message, within SEND_TIMEOUT_S. Returns why the address did not take it; empty if it did."""
    import apprise

    kind = apprise.NotifyType.SUCCESS if good else apprise.NotifyType.WARNING
    service = _service(address)
    if service is None:
        return "Apprise does not know such an address"
    try:
        result = service.notify(title=title, body=body, notify_type=kind, body_format=apprise.NotifyFormat.TEXT)
    except Exception as error:  # noqa: BLE001 - a hundred services, each with errors of its own
        return f"the service failed: {type(error).__name__}"
    if result:
        return ""
    said = [entry.message for entry in result.logs()]
    return redactor.clean(" ".join(said)) or "it did not take the message in time"


def at_rest() -> bool:
    """Whether no call goes on that Apprise gave up waiting for; the process would wait for it at its end."""
    import sys

    # Nothing was ever sent where nobody has imported it.
    loaded = sys.modules.get("apprise.apprise")
    return loaded is None or not loaded.any_abandoned_calls_still_running()


def names(addresses: Sequence[Address]) -> str:
    """How many, and of which kinds, for people."""
    count = f"{len(addresses)} {'address' if len(addresses) == 1 else 'addresses'}"
    return f"{count} ({', '.join(address.url.split(':', 1)[0] for address in addresses)})"
