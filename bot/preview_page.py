"""The preview as a page to look at: each post as its readers will see it, in one HTML file that loads nothing.

Whatever comes out of a summary is data: the template escapes every value, an address becomes a link only if it is
http or https, and the page forbids itself scripts and every resource (its Content-Security-Policy).
"""

import re
import traceback
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.formatter.links import links
from bot.formatter.titles import title_line
from bot.mistakes import ConfigMistakes, Problem
from bot.preview import Plan, Planned
from bot.values import moment

TEMPLATE = "preview.html.j2"
NETWORKS = {"twitter": "X", "facebook": "Facebook"}
# X's composer warns in amber when no more than this is left (seen 2026-11).
NEARLY_FULL = 20
# X shows a link without its protocol, and of what follows the host this many characters (seen in `display_url`).
SHOWN_PATH = 15
# Both networks link these: a hashtag with a letter in it, a mention.
_MARKS = re.compile(r"(?<![\w&/#＃])[#＃]\d*[^\W\d]\w*|(?<![\w.@＠/])[@＠][A-Za-z]\w*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a post's text. marked: shown as a network shows links, hashtags and mentions. href: http(s), or None."""

    text: str
    marked: bool = False
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """What a link unfurls to, as far as it is known without asking the linked page."""

    host: str
    title: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One post on the page. filled: per cent of the limit. fullness: "", "nearly" or "over".

    due is empty for never; stamp is the moment as the network would put it beside the name.
    """

    due: str
    why: str
    stamp: str
    text: tuple[Piece, ...]
    card: Card | None
    link: Piece
    length: int
    limit: int
    filled: float
    fullness: str
    cost_usd: float
    summary: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """An account on the page. more: how many wait behind those that are shown."""

    name: str
    platform: str
    network: str
    posts: tuple[Shown, ...]
    cost_usd: float
    more: int
    notes: tuple[str, ...]


def page(plans: Sequence[Plan], folders: Sequence[Path], now: datetime, wrong: Sequence[str] = ()) -> str:
    """The whole page. Raises ConfigMistakes for a mistake in the template.

    folders: where the template is looked for, in their order. wrong: what wants a person's eye, one line each.
    """
    sections = [_section(plan) for plan in plans]
    zone = plans[0].account.settings.cadence.timezone if plans else ZoneInfo("UTC")
    values = {
        "sections": sections,
        "made": f"{now.astimezone(zone):%A %d %B %Y, %H:%M %Z}",
        "count": sum(len(section.posts) for section in sections),
        "cost_usd": sum(section.cost_usd for section in sections),
        "wrong": list(wrong),
    }
    return _render(folders, values)


def _section(plan: Plan) -> Section:
    account = plan.account
    zone = account.settings.cadence.timezone
    return Section(
        name=account.name,
        platform=account.platform,
        network=NETWORKS.get(account.platform, account.platform),
        posts=tuple(_shown(post, zone) for post in plan.posts),
        cost_usd=sum(post.cost_usd for post in plan.posts),
        more=max(plan.more, 0),
        notes=plan.notes,
    )


def _shown(post: Planned, zone: ZoneInfo) -> Shown:
    left = post.limit - post.length
    return Shown(
        due=moment(post.due, zone) if post.due else "",
        why=post.why,
        stamp=f"{post.due.astimezone(zone):%d %b}".lstrip("0") if post.due else "",
        text=pieces(post.text, post.link),
        card=None if post.link in post.text or not post.text else _card(post),
        link=Piece(post.link, href=safe_address(post.link)),
        length=post.length,
        limit=post.limit,
        filled=min(100.0, round(100 * post.length / post.limit, 1)),
        fullness="over" if left < 0 else "nearly" if left <= NEARLY_FULL else "",
        cost_usd=post.cost_usd,
        summary=post.delivery.summary,
        warnings=post.warnings,
    )


def _card(post: Planned) -> Card:
    return Card(_host(post.link), title_line(post.delivery.title), safe_address(post.link))


def pieces(text: str, link: str) -> tuple[Piece, ...]:
    """A post's text cut where a network would mark it. `link` is the post's own, shown as X shows it."""
    text = unicodedata.normalize("NFC", text)
    return tuple(piece for piece in _pieces(text, unicodedata.normalize("NFC", link)) if piece.text)


def _pieces(text: str, link: str) -> Iterator[Piece]:
    # The post's own link comes first: what it is does not depend on how the text around it is read.
    before, found, after = text.partition(link) if link else (text, "", "")
    yield from _linked(before)
    if found:
        yield Piece(display_address(link), marked=True, href=safe_address(link))
        yield from _linked(after)


def _linked(text: str) -> Iterator[Piece]:
    end = 0
    for link in links(text):
        yield from _tagged(text[end : link.start])
        address = text[link.start : link.end]
        yield Piece(display_address(address), marked=True, href=safe_address(address))
        end = link.end
    yield from _tagged(text[end:])


def _tagged(text: str) -> Iterator[Piece]:
    end = 0
    for mark in _MARKS.finditer(text):
        yield Piece(text[end : mark.start()])
        yield Piece(mark.group(), marked=True)
        end = mark.end()
    yield Piece(text[end:])


def display_address(address: str) -> str:
    """A link as readers see it on X: "shortscience.org/paper?bibtexKe…"."""
    bare = re.sub(r"^https?://(?:www\.)?", "", address, flags=re.IGNORECASE)
    host = re.match(r"[^/?#]*", bare)
    shown = (host.end() if host else 0) + SHOWN_PATH
    return bare if len(bare) <= shown else f"{bare[:shown]}…"


def safe_address(address: str) -> str | None:
    """`address` if a reader may follow it: http or https with a host, and nothing that could hide another scheme."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    plain = address.isprintable() and not any(character.isspace() for character in address)
    return address if plain and parts.scheme in ("http", "https") and parts.netloc else None


def _host(address: str) -> str:
    return re.sub(r"^www\.", "", urlsplit(address).hostname or "") if safe_address(address) else ""


# --- the template -----------------------------------------------------------------------------------------------


def _render(folders: Sequence[Path], values: dict[str, Any]) -> str:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    try:
        return environment.get_template(TEMPLATE).render(values)
    except TemplateNotFound as error:
        raise _mistake(str(error.name), None, "not found") from None
    except TemplateSyntaxError as error:
        raise _mistake(error.name or TEMPLATE, error.lineno, error.message or "cannot be read") from None
    except Exception as error:  # noqa: BLE001 - whatever an expression does is the template's mistake
        frames = traceback.extract_tb(error.__traceback__)
        line = next((frame.lineno for frame in reversed(frames) if frame.filename.endswith(TEMPLATE)), None)
        raise _mistake(TEMPLATE, line, str(error) or type(error).__name__) from None


def _mistake(name: str, line: int | None, why: str) -> ConfigMistakes:
    where = f"templates/{name}, line {line}" if line else f"templates/{name}"
    return ConfigMistakes([Problem(where, why)])
